"""Files that a person enters, by default a roadmap, and what the entry makes of them."""

from __future__ import annotations

import csv
from pathlib import Path

from leviers.entry.form import AddResult

HEADER = (
    "lever_id,territory_level,territory_code,horizon_year,measure,unit,"
    "asked,done_or_planned,new_ambition,roadmap,source"
)


def write(folder: Path, *lines: str, header: str = HEADER, name: str = "Feuille de route.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def rows_of(result: AddResult) -> list[dict[str, str]]:
    assert result.path is not None
    with result.path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def reasons(result: AddResult) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.reason) for problem in result.problems]
