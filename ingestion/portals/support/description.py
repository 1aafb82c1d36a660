"""Descriptions of files from the metadata of a portal and a few rows, without a download."""

from __future__ import annotations

import codecs
import csv
import re
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ingestion.catalog import Dataset
from ingestion.http import FetchError

SAMPLE_ROWS = 20


@dataclass(frozen=True)
class Description:
    """The description of a file by its portal: columns with their types, licence, rows, date, bytes.

    ``sample``: a few rows, if the portal has no types. ``file_name``: the file, if a dataset has several.
    """

    columns: dict[str, str | None]
    licence: str | None = None
    rows: int | None = None
    updated: str | None = None
    size: int | None = None
    sample: Sequence[Mapping[str, Any]] = ()
    file_name: str | None = None


def asked_for(columns: dict[str, str | None], names: Sequence[str]) -> dict[str, str | None]:
    """Returns the columns of a dataset that the record asks for, or all if it names none."""
    return {name: kind for name, kind in columns.items() if name in names} if names else columns


def described_by_rows(rows: Sequence[Mapping[str, Any]], where: str) -> Description:
    """Returns the description of a few rows by their keys.

    Raises:
        FetchError: there are no rows.
    """
    columns = dict.fromkeys(key for row in rows for key in row)
    if not columns:
        raise FetchError(f"{where}: no rows", "empty")
    return Description(columns=columns, sample=rows)


def described_by_csv(dataset: Dataset, file_name: str, head: bytes) -> Description:
    """Returns the header and first whole rows of a CSV file, plain or gzipped; empty if no CSV layout reads the file.

    Raises:
        FetchError: the start of the file is in no encoding of these layouts.
    """
    if head.startswith(b"PK"):
        return Description(columns={})
    if head.startswith(b"\x1f\x8b"):
        head = zlib.decompressobj(wbits=31).decompress(head)
    layouts = [layout for table in dataset.tables for layout in table.layouts_for(file_name) if layout.format == "csv"]
    header: list[str] = []
    sample: list[dict[str, str]] = []
    texts = [(layout, text) for layout in layouts if (text := _decoded(head, layout.encoding)) is not None]
    if layouts and not texts:
        encodings = ", ".join(dict.fromkeys(["utf-8", *(layout.encoding for layout in layouts)]))
        raise FetchError(f"{file_name}: not in {encodings}: {_likely_encoding(head)}", "encoding")
    for layout, text in texts:
        lines = text.splitlines(keepends=True)[layout.skip_rows :]
        first_row = next(csv.reader(lines[:1], delimiter=layout.separator), [])
        if len(first_row) > len(header):
            header = first_row
            rows = csv.reader(lines[1:-1], delimiter=layout.separator)
            sample = [dict(zip(header, row, strict=False)) for row in islice(rows, SAMPLE_ROWS)]
    return Description(columns=dict.fromkeys(header), sample=sample)


def _decoded(head: bytes, encoding: str) -> str | None:
    """Decodes the start of a file, which may end within a character: as UTF-8, else in the encoding of the record."""
    for name in ("utf-8-sig", encoding):
        with suppress(UnicodeDecodeError):
            return codecs.getincrementaldecoder(name)().decode(head)
    return None


def _likely_encoding(head: bytes) -> str:
    """Returns the first byte that is not UTF-8, and its line in the encoding that the file is likely in."""
    text = head.decode(errors="surrogateescape")  # a byte that is not UTF-8 becomes a surrogate
    before = re.split("[\udc80-\udcff]", text, maxsplit=1)[0].encode()
    line = before.count(b"\n")
    likely = "utf-16" if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "cp1252"
    reads = head.decode(likely, "replace").split("\n")[line].strip()
    return f"byte 0x{head[len(before)]:02x} at line {line + 1}; in {likely} that line is {reads[:80]!r}"
