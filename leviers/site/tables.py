"""What is taken away: the lines of a territory, or of a lever, in a file of its own, with licence and source."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from leviers.site.content import Content, Line

REUSE = (
    "Chaque ligne nomme ses sources et leurs licences, à citer à chaque réutilisation. Les cibles sont des données de "
    "travail de l'État ; une part indicative n'engage personne."
)
STATE = "SGPE, simulateur territorial des COP : données de travail qui n'engagent pas l'État"
SHARED = "part indicative, calculée ici par la clé : ni une obligation ni une évaluation"
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
WIDEST = 60  # characters of a column of a workbook


@dataclass(frozen=True)
class Table:
    """A sheet: its name, its header, its rows, and which of its columns hold numbers."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    numbers: frozenset[str] = frozenset()


def tables_of(content: Content, lines: Sequence[Line]) -> tuple[Table, ...]:
    """The four sheets of some lines: what is known, year by year, what is asked, and where it comes from."""
    return summary(content, lines), _series(content, lines), _targets(content, lines), _sources(content, lines)


def summary(content: Content, lines: Iterable[Line]) -> Table:
    """A row per line: latest value, verdict, target, source and licence."""
    columns = (
        "niveau", "code", "territoire", "levier", "thème", "indicateur", "unité", "année", "valeur",
        "complétude en %", "nature de la valeur", "jugé sur", "lecture", "tendance", "base de comparaison", "confiance",
        "raison", "doutes", "valeur comparée", "écart à la trajectoire", "incertitude", "écart en ktCO2e",
        "demandé par l'État en ktCO2e",
        "part indicative en ktCO2e", "clé de la part indicative", "région de la part indicative",
        "périmètre de la part indicative", "pourquoi il n'y a pas de valeur",
        "source", "licence", "valeur douteuse",
    )  # fmt: skip
    rows = []
    for line in lines:
        verdict = line.verdict
        licences = dict.fromkeys(content.datasets[name]["licence"] for name in line.series.dataset_ids)
        rows.append((
            *_place(content, line), line.lever, line.theme, line.indicator, line.unit, line.latest_year,
            line.latest_value, line.completeness, line.nature, verdict.indicator, verdict.reading_label,
            verdict.lean_label, verdict.basis_label, verdict.confidence, verdict.reason,
            " ; ".join(verdict.doubts) or None, verdict.compared_value, verdict.gap, verdict.uncertainty,
            verdict.gap_ktco2e, line.target_ktco2e, line.share_ktco2e, line.key_label, *_scope(content, line),
            line.absence, line.source, " ; ".join(licences), line.latest_doubt,
        ))  # fmt: skip
    numbers = (
        "année", "valeur", "complétude en %", "valeur comparée", "écart à la trajectoire", "incertitude",
        "écart en ktCO2e", "demandé par l'État en ktCO2e", "part indicative en ktCO2e",
    )  # fmt: skip
    return Table("synthèse", columns, rows, frozenset(numbers))


def _series(content: Content, lines: Iterable[Line]) -> Table:
    columns = (
        "niveau", "code", "territoire", "levier", "indicateur", "unité", "année", "valeur", "observée et complète",
    )  # fmt: skip
    rows = [
        (*_place(content, line), line.lever, line.indicator, line.unit, point.year, point.value,
         "oui" if point.is_sure else "non")
        for line in lines
        for point in line.series.points
    ]  # fmt: skip
    return Table("séries", columns, rows)


def _targets(content: Content, lines: Iterable[Line]) -> Table:
    columns = ("niveau", "code", "territoire", "levier", "mesure", "valeur en 2030", "unité", "clé", "origine")
    rows: list[tuple[Any, ...]] = []
    for line in lines:
        start = (*_place(content, line), line.lever)
        if line.target_ktco2e is not None:
            rows.append((*start, "émissions évitées", line.target_ktco2e, "ktCO₂e par an", None, STATE))
        if line.target is not None:
            rows.append((*start, line.target_kind, line.target, line.target_unit, None, STATE))
        if line.share_ktco2e is not None:
            rows.append((*start, "émissions évitées", line.share_ktco2e, "ktCO₂e par an", line.key_label, SHARED))
    return Table("cibles", columns, rows)


def _sources(content: Content, lines: Iterable[Line]) -> Table:
    columns = (
        "attribution", "jeu de données", "identifiant", "licence", "adresse de la licence", "page du producteur",
        "fichier", "reçu le", "SHA-256",
    )  # fmt: skip
    names = sorted({name for line in lines for name in line.series.dataset_ids})
    rows = [
        (found["attribution"], found["title_fr"] or found["title"], name, found["licence"], found["licence_url"],
         found["homepage"], file["name"], str(file["retrieved_at"])[:10], file["sha256"])
        for name in names
        for found in [content.datasets[name]]
        for file in found["files"]
    ]  # fmt: skip
    return Table("sources", columns, [*rows, (REUSE, *[None] * (len(columns) - 1))])


def _scope(content: Content, line: Line) -> tuple[str | None, str | None]:
    """The region whose target a share is a part of, and what the share counts of a territory of several regions."""
    if line.share_ktco2e is None:
        return None, None
    border = content.borders.get((line.level, line.code, line.region_code or ""))
    return line.region, str(border) if border else "territoire entier"


def _place(content: Content, line: Line) -> tuple[str, str, str]:
    return content.level_name(line.level), line.code, content.by_slug[line.level, line.code].name


def as_csv(table: Table) -> str:
    """A table for a French spreadsheet: semicolons, decimal commas, numbers in full.

    The mark at the start tells Excel that the file is UTF-8.
    """
    out = io.StringIO(BYTE_ORDER_MARK)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, delimiter=";")
    writer.writerow(table.columns)
    writer.writerows(map(cell, row) for row in table.rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """A cell for a French spreadsheet; a text that it would take for a formula is led by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")  # the shortest that reads back as the same number, without exponent
        return text.removesuffix(".0").replace(".", ",")
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def write_workbook(content: Content, tables: Iterable[Table], title: str, out: Path) -> None:
    """A workbook with a sheet per table. A text is never a formula or a link, whatever it begins with."""
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with out.open("wb") as file, Workbook(file, safe) as workbook:
        workbook.set_properties({"title": title, "comments": REUSE, "created": content.refreshed_at})
        bold, amount = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "#,##0.###"})
        for table in tables:
            sheet = workbook.add_worksheet(table.name)
            sheet.write_row(0, 0, table.columns, bold)
            sheet.freeze_panes(1, 0)
            for i, row in enumerate(table.rows, start=1):
                for j, value in enumerate(row):
                    sheet.write(i, j, value, amount if isinstance(value, float) and value % 1 else None)
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
            sheet.autofit(WIDEST * 7)


def as_geojson(content: Content, lines: Sequence[Line]) -> str:
    """A feature per line whose territory has a contour, in WGS84; empty where no contour is loaded."""
    table, rows = _with_contours(content, lines)
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(contour),
            "properties": dict(zip(table.columns, row, strict=True)),
        }
        for row, contour in rows
    ]
    return json.dumps({"type": "FeatureCollection", **_credit(content), "features": features}, ensure_ascii=False)


def write_geoparquet(content: Content, lines: Sequence[Line], out: Path) -> None:
    """The same features as GeoParquet 1.1: geometries as WKB in WGS84, credit in the metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    import shapely

    table, rows = _with_contours(content, lines)
    shapes = shapely.from_geojson([contour for _, contour in rows])
    columns = {
        name: pa.array([row[i] for row, _ in rows], pa.float64() if name in table.numbers else pa.string())
        for i, name in enumerate(table.columns)
    }
    written = pa.table({**columns, "geometry": pa.array(shapely.to_wkb(shapes), pa.binary())})
    geometry = {
        "encoding": "WKB",
        "geometry_types": sorted({shape.geom_type for shape in shapes}),
        "bbox": list(map(float, shapely.total_bounds(shapes))),
    }
    described = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    pq.write_table(written.replace_schema_metadata({"geo": json.dumps(described), **_credit(content)}), out)


def _with_contours(content: Content, lines: Sequence[Line]) -> tuple[Table, list[tuple[tuple[Any, ...], str]]]:
    """The summary, and its rows whose territory has a contour, each with that contour."""
    table = summary(content, lines)
    return table, [
        (row, contour[1])
        for line, row in zip(lines, table.rows, strict=True)
        if (contour := content.contours.get(line.level, {}).get(line.code))
    ]


def _credit(content: Content) -> dict[str, str]:
    return {"attribution": " ; ".join(sorted(content.contour_credits)), "licence": REUSE}
