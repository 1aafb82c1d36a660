"""French descriptions of the published tables and columns, for the file, the data package and the site.

The English descriptions are in the properties of the models, for developers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

DESCRIPTIONS = Path(__file__).with_name("descriptions_fr.csv")


@cache
def french_descriptions() -> dict[tuple[str, str], str]:
    """Descriptions by table and column. Without a column: of the table. Without a table: of any table's column."""
    with DESCRIPTIONS.open(encoding="utf-8", newline="") as file:
        return {(row["table"], row["column"]): row["description"] for row in csv.DictReader(file)}


def describe(table: str, columns: Iterable[str], folder: str = "") -> tuple[str, dict[str, str]]:
    """The descriptions of a table and its columns: its own, else those of its folder of models, else of any table."""
    known = french_descriptions()

    def description_of(column: str) -> str:
        return next((known[place, column] for place in (table, folder, "") if (place, column) in known), "")

    return description_of(""), {column: description_of(column) for column in columns}
