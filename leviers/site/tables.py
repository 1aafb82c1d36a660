"""The files to take away: readings, series, targets and sources of a territory or a lever, each line with its licence.

The columns of each file are the columns of its query, after the keys ``territoire_id`` and ``levier_id``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from leviers.common.words import without_formula
from leviers.site.published import PublishedFile, Row

READINGS_QUERY, SERIES_QUERY, LEVER_QUERY = "fichier_lectures", "fichier_series", "fichier_levier"
SHEETS = {
    "synthèse": READINGS_QUERY, "séries": LEVER_QUERY, "cibles": "fichier_cibles", "sources": "fichier_sources",
}  # fmt: skip
KEYS = ("territoire_id", "levier_id")
REUSE = (
    "Chaque ligne nomme ses sources et leurs licences, à citer à chaque réutilisation. Les cibles sont des données de "
    "travail de l'État ; une part indicative n'engage personne."
)
READ_FIRST = (
    "Les échelons s'emboîtent : ne pas additionner une région et ses départements. Une cellule vide est inconnue, et "
    "n'est pas zéro. D'un EPCI à cheval sur deux régions, une part ne compte que les communes de la région nommée."
)
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
WIDEST = 60  # characters of a column of a workbook


def columns_of(rows: Sequence[Row]) -> list[str]:
    """Returns the columns of the rows of a file: all but their keys."""
    return [name for name in (rows[0] if rows else ()) if name not in KEYS]


def with_moment(opened: PublishedFile, rows: Iterable[Row]) -> list[Row]:
    """Returns the rows of a file that leaves the site, each with the moment of its publication, in UTC."""
    published = f"{opened.publication['publie_le']:%Y-%m-%dT%H:%M:%SZ}"
    return [row | {"édition": published} for row in rows]


def sheets_of(opened: PublishedFile, levers: Iterable[str], territories: Iterable[str]) -> dict[str, list[Row]]:
    """Returns the four sheets of some levers in some territories: readings, values by year, targets, files."""
    wanted = {(territory, lever) for territory in territories for lever in levers}
    return {
        name: with_moment(
            opened, (row for row in opened.rows(query) if (row["territoire_id"], row["levier_id"]) in wanted)
        )
        for name, query in SHEETS.items()
    }


def as_csv(rows: Sequence[Row], columns: Sequence[str] = ()) -> str:
    """Returns rows as CSV for a French spreadsheet: semicolons, decimal commas, numbers in full.

    ``columns`` names the columns if there is no row. The mark at the start tells Excel that the file is UTF-8.
    """
    out = io.StringIO(BYTE_ORDER_MARK)
    out.seek(0, io.SEEK_END)
    columns = columns or columns_of(rows)
    writer = csv.writer(out, delimiter=";")
    writer.writerow(columns)
    writer.writerows([cell(row[name]) for name in columns] for row in rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """Writes a cell for a French spreadsheet. A text that looks like a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, float):
        text = repr(value)  # the shortest that reads back as the same number
        text = format(Decimal(text), "f") if "e" in text else text
        return text.removesuffix(".0").replace(".", ",")
    return without_formula(str(value))


def write_workbook(opened: PublishedFile, sheets: Mapping[str, Sequence[Row]], title: str, out: Path) -> None:
    """Writes a workbook of these sheets. Texts never become formulas or links."""
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with out.open("wb") as file, Workbook(file, safe) as workbook:
        created = opened.publication["publie_le"]
        workbook.set_properties({"title": title, "comments": REUSE, "created": created})
        bold, amount = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "#,##0.###"})
        first = workbook.add_worksheet("lisez-moi")
        first.write_column(0, 0, [title, f"édition du {created:%Y-%m-%d %H:%M} (UTC)", READ_FIRST, REUSE])
        for name, rows in sheets.items():
            sheet, columns = workbook.add_worksheet(name), columns_of(rows)
            sheet.write_row(0, 0, columns, bold)
            sheet.freeze_panes(1, 0)
            for i, row in enumerate(rows, start=1):
                for j, value in enumerate(row[column] for column in columns):
                    sheet.write(i, j, value, amount if isinstance(value, float) and value % 1 else None)
            sheet.autofilter(0, 0, len(rows), max(len(columns) - 1, 0))
            sheet.autofit(WIDEST * 7)


def as_geojson(opened: PublishedFile, rows: Sequence[Row]) -> str:
    """Writes a GeoJSON feature, in WGS84, for each row whose territory has a contour."""
    columns = columns_of(rows)
    features = [
        {"type": "Feature", "geometry": json.loads(shape), "properties": {name: row[name] for name in columns}}
        for row, shape in with_contours(opened, rows)
    ]
    return json.dumps({"type": "FeatureCollection", **_credit(opened), "features": features}, ensure_ascii=False)


def write_geoparquet(opened: PublishedFile, rows: Sequence[Row], out: Path) -> None:
    """Writes the same features as GeoParquet 1.1: geometries as WKB in WGS84, credit in the metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    import shapely

    located, columns = with_contours(opened, rows), columns_of(rows)
    shapes = shapely.from_geojson([shape for _, shape in located])
    arrays = [_column([row[name] for row, _ in located]) for name in columns]
    arrays.append(pa.array(shapely.to_wkb(shapes), pa.binary()))
    geometry = {
        "encoding": "WKB",
        "geometry_types": sorted({shape.geom_type for shape in shapes}),
        "bbox": list(map(float, shapely.total_bounds(shapes))),
    }
    described = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    written = pa.table(arrays, names=[*columns, "geometry"])
    pq.write_table(written.replace_schema_metadata({"geo": json.dumps(described), **_credit(opened)}), out)


def _column(values: Sequence[Any]) -> Any:
    """Makes a column of the type of its values. A column without values is text."""
    import pyarrow as pa

    column = pa.array(values)
    return column.cast(pa.string()) if pa.types.is_null(column.type) else column


def with_contours(opened: PublishedFile, rows: Iterable[Row]) -> list[tuple[Row, str]]:
    """Returns the rows whose territory has a contour, each with it as GeoJSON."""
    contours = {row["territoire_id"]: row["geometrie"] for row in opened.rows("contours")}
    return [(row, contours[row["territoire_id"]]) for row in rows if row["territoire_id"] in contours]


def _credit(opened: PublishedFile) -> dict[str, str]:
    credits_ = {f"{row['source']} ({row['licence']})" for row in opened.rows("contours")}
    return {"attribution": " ; ".join(sorted(credits_)), "licence": REUSE}
