"""Fixtures spread over territories: the rows of the first one of a file, given to every one of its level."""

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

from ingestion.catalog import Dataset, Layout, Table
from ingestion.header import match_header
from tests.fixtures.mirror import zipped

_IMPOSSIBLE_YEAR = re.compile(rb"(?<!\d)209\d(?!\d)")
LEVELS = ("commune", "epci", "departement", "region")
Codes = dict[str, str]
Row = list[Any]


def spread(dataset: Dataset, name: str, body: bytes, by_level: dict[str, list[Codes]]) -> bytes:
    """The file with the rows of its first territory for every territory; as it is where no column bears codes.

    The impossible years of the fixtures, 2090 to 2099, become 2015 to 2024.
    """
    if PurePosixPath(name).suffix != ".parquet":
        body = _possible(body)
    for table in dataset.tables:
        for layout in table.layouts_for(name):
            spread_body = _spread_as(table, layout, name, body, by_level)
            if spread_body is not None:
                body = spread_body
                break
    return body


def _possible(body: bytes) -> bytes:
    """The bytes of a text, or of each member of an archive, with years that have been."""
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return _IMPOSSIBLE_YEAR.sub(lambda match: b"%d" % (int(match[0]) - 75), body)
    return zipped({name: _possible(content) for name, content in _members(body).items()})


def _members(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _spread_as(table: Table, layout: Layout, name: str, body: bytes, by_level: dict[str, list[Codes]]) -> bytes | None:
    if zipfile.is_zipfile(io.BytesIO(body)) and layout.format == "csv":
        return _spread_member(table, layout, body, by_level)
    match layout.format, PurePosixPath(name).suffix:
        case _, ".gz":
            return None
        case "csv", _:
            return _spread_csv(table, layout, body, by_level)
        case "json", ".ndjson" | ".jsonl":
            records = [json.loads(line) for line in body.decode().splitlines() if line]
            rows = _spread_records(table, layout, records, by_level)
            return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode() if rows else None
        case "json", _ if layout.records == "$":
            rows = _spread_records(table, layout, json.loads(body), by_level)
            return json.dumps(rows, ensure_ascii=False).encode() if rows else None
        case "parquet", _:
            rows = _spread_records(table, layout, pq.read_table(io.BytesIO(body)).to_pylist(), by_level)
            sink = io.BytesIO()
            if rows:
                pq.write_table(pa.Table.from_pylist(rows), sink)
            return sink.getvalue() or None
        case _:
            return None


def _spread_member(table: Table, layout: Layout, body: bytes, by_level: dict[str, list[Codes]]) -> bytes | None:
    members, touched = _members(body), False
    for name, content in members.items():
        if PurePosixPath(name.casefold()).match((layout.member or name).casefold()):
            rows = _spread_csv(table, layout, content, by_level)
            members[name], touched = rows or content, touched or rows is not None
    return zipped(members) if touched else None


def _spread_csv(table: Table, layout: Layout, body: bytes, by_level: dict[str, list[Codes]]) -> bytes | None:
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    lines = list(csv.reader(io.StringIO(body.decode(encoding), newline=""), delimiter=layout.separator))
    start = layout.skip_rows + 1
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
    return [dict(zip(labels, row, strict=True)) for row in rows] if rows else None


def _spread_rows(
    table: Table, layout: Layout, labels: list[str], rows: Iterable[Row], by_level: dict[str, list[Codes]]
) -> list[Row] | None:
    header = match_header(table, layout, labels)
    positions = header.positions
    coded = {position: table.columns[name].type for name, position in positions.items()}
    level = next((level for level in LEVELS if level in coded.values()), None)
    if header.problem or level is None:
        return None
    at = next(position for position, kind in coded.items() if kind == level)
    full = [row for row in rows if len(row) > at and row[at]]
    template = [row for row in full if row[at] == full[0][at]]
    replaced = [(position, kind) for position, kind in coded.items() if kind in LEVELS]
    identity = {name: position for name, position in positions.items() if table.primary_key == [name]}
    identities = [position for name, position in identity.items() if table.columns[name].type == "text"]
    return [
        _with_codes(row, [(position, codes[kind]) for position, kind in replaced], identities, codes[level])
        for codes in by_level[level]
        for row in template
    ]


def _with_codes(row: Row, codes: list[tuple[int, str]], identities: list[int], territory: str) -> Row:
    """The row of another territory; what identifies it on its own gets the code at its end."""
    changed = list(row)
    for position, code in codes:
        changed[position] = code
    for position in identities:
        changed[position] = f"{row[position]}-{territory}"
    return changed
