"""Fixtures spread over a region: the rows of the first territory of a file, given to every territory of its level.

The codes are those of the territories that ship with the project, the values stay invented.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.catalog import BUNDLED_DIR, Dataset, Layout, Table
from ingestion.readers import _match

_IMPOSSIBLE_YEAR = re.compile(r"(?<!\d)209\d(?!\d)")
LEVELS = ("commune", "epci", "departement", "region")
Codes = dict[str, str]
Row = list[Any]


def territories() -> dict[str, list[Codes]]:
    """By level, the codes of each territory of Occitanie and of those that it lies in."""
    path = BUNDLED_DIR / "bundled_etalab_decoupage" / "communes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        communes = [{level: row[f"{level}_code"] for level in LEVELS} for row in csv.DictReader(file)]
    by_level: dict[str, list[Codes]] = {}
    for position, level in enumerate(LEVELS):
        kept = LEVELS[position:]
        found = {c[level]: {name: c[name] for name in kept} for c in communes if c[level]}
        by_level[level] = list(found.values())
    return by_level


def spread(dataset: Dataset, name: str, body: bytes, by_level: dict[str, list[Codes]]) -> bytes:
    """The file with the rows of its first territory for every territory; as it is where no column bears codes.

    The impossible years of the fixtures, 2090 to 2099, become 2015 to 2024.
    """
    for table in dataset.tables:
        for layout in table.layouts_for(name):
            spread_body = _spread_as(table, layout, name, body, by_level)
            if spread_body is not None:
                body = spread_body
                break
    return body


def _possible(text: str) -> str:
    return _IMPOSSIBLE_YEAR.sub(lambda match: str(int(match[0]) - 75), text)


def _spread_as(table: Table, layout: Layout, name: str, body: bytes, by_level: dict[str, list[Codes]]) -> bytes | None:
    if zipfile.is_zipfile(io.BytesIO(body)) and layout.format == "csv":
        return _spread_member(table, layout, body, by_level)
    match layout.format, PurePosixPath(name).suffix:
        case "csv", _:
            return _spread_csv(table, layout, body, by_level)
        case "json", ".ndjson" | ".jsonl":
            records = [json.loads(line) for line in _possible(body.decode()).splitlines() if line]
            found = _spread_records(table, layout, records, by_level)
            return found and "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in found).encode()
        case "json", _ if layout.records == "$":
            found = _spread_records(table, layout, json.loads(_possible(body.decode())), by_level)
            return found and json.dumps(found, ensure_ascii=False).encode()
        case "parquet", _:
            found = _spread_records(table, layout, pq.read_table(io.BytesIO(body)).to_pylist(), by_level)
            sink = io.BytesIO()
            if found:
                pq.write_table(pa.Table.from_pylist(found), sink)
            return sink.getvalue() or None
        case _:
            return None


def _spread_member(table: Table, layout: Layout, body: bytes, by_level: dict[str, list[Codes]]) -> bytes | None:
    sink, touched = io.BytesIO(), False
    with zipfile.ZipFile(io.BytesIO(body)) as archive, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as target:
        for member in archive.namelist():
            content = archive.read(member)
            wanted = PurePosixPath(layout.member or member)
            if PurePosixPath(member.casefold()).match(str(wanted).casefold()):
                found = _spread_csv(table, layout, content, by_level)
                touched, content = touched or found is not None, found or content
            target.writestr(member, content)
    return sink.getvalue() if touched else None


def _spread_csv(table: Table, layout: Layout, body: bytes, by_level: dict[str, list[Codes]]) -> bytes | None:
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    lines = list(csv.reader(io.StringIO(_possible(body.decode(encoding)), newline=""), delimiter=layout.separator))
    start = layout.skip_rows + 1 + layout.skip_after_header
    rows = _spread_rows(table, layout, lines[layout.skip_rows], lines[start:], by_level)
    if rows is None:
        return None
    text = io.StringIO()
    csv.writer(text, delimiter=layout.separator, lineterminator="\n").writerows([*lines[:start], *rows])
    return text.getvalue().encode(encoding)


def _spread_records(
    table: Table, layout: Layout, records: list[dict[str, Any]], by_level: dict[str, list[Codes]]
) -> list[dict[str, Any]] | None:
    labels = list(dict.fromkeys(key for record in records for key in record))
    rows = _spread_rows(table, layout, labels, [[record.get(key) for key in labels] for record in records], by_level)
    return rows and [dict(zip(labels, row, strict=True)) for row in rows]


def _spread_rows(
    table: Table, layout: Layout, labels: list[str], rows: Iterable[Row], by_level: dict[str, list[Codes]]
) -> list[Row] | None:
    positions, missing = _match(table, layout, labels)
    coded = {position: table.columns[name].type for name, position in positions.items()}
    level = next((level for level in LEVELS if level in coded.values()), None)
    if missing or level is None:
        return None
    at = next(position for position, kind in coded.items() if kind == level)
    full = [row for row in rows if len(row) > at and row[at]]
    template = [row for row in full if row[at] == full[0][at]]
    replaced = [(position, kind) for position, kind in coded.items() if kind in LEVELS]
    return [
        _with_codes(row, [(position, codes[kind]) for position, kind in replaced])
        for codes in by_level[level]
        for row in template
    ]


def _with_codes(row: Row, codes: list[tuple[int, str]]) -> Row:
    changed = list(row)
    for position, code in codes:
        changed[position] = code
    return changed
