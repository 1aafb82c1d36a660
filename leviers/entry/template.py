"""The empty table for a person to fill in: French headers, and in a workbook the meaning of columns, and lists."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlsxwriter import Workbook

from leviers.entry.form import EntryColumn

TABLE_SHEET = "à remplir"
HELP_SHEET = "mode d'emploi"
WIDEST = 60  # characters of a column
Rows = Sequence[Sequence[str]]


def help_rows(columns: Sequence[EntryColumn]) -> list[tuple[str, ...]]:
    """Returns the meaning of each column, a row per column under a header."""
    return [
        ("colonne", "obligatoire", "ce qu'elle contient", "exemple", "autre nom accepté"),
        *(
            (column.label, "oui" if column.is_required else "non", column.meaning, column.example, column.name)
            for column in columns
        ),
    ]


def write_template(file: Path, columns: Sequence[EntryColumn], lists: Mapping[str, Rows]) -> None:
    """Writes a table with headers only, as a workbook with its lists, or as CSV."""
    labels = [column.label for column in columns]
    if file.suffix.lower() != ".xlsx":
        with file.open("w", encoding="utf-8-sig", newline="") as target:  # the mark tells Excel that it is UTF-8
            csv.writer(target, delimiter=";").writerow(labels)
        return
    with Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        text, bold = workbook.add_format({"num_format": "@"}), workbook.add_format({"bold": True})
        sheets: dict[str, Rows] = {TABLE_SHEET: [labels], HELP_SHEET: help_rows(columns), **lists}
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            if name == TABLE_SHEET:
                sheet.set_column(0, len(labels) - 1, None, text)  # codes keep their leading zeros
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row, None if line else bold)
            sheet.freeze_panes(1, 0)
            sheet.autofit(WIDEST * 7)
