"""Files of another kind than the record says are named for what they are; mixed line ends are read."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion import readers
from ingestion.readers import ReadError
from tests.fixtures.mirror import zipped
from tests.ingestion.helpers import read
from tests.unit.ingestion.sales import GOOD, dataset, snapshot

WORKBOOK = zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
JSON = b'\n[{"DEP": "1"}]'


def _parquet() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"DEP": ["1"]}), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("due", "content", "message"),
    [
        ("csv", WORKBOOK, "an Excel workbook where a CSV file was due"),
        ("csv", OLD_WORKBOOK, "an Excel workbook of the old kind (.xls) where a CSV file was due"),
        ("csv", zipped({"sales.csv": GOOD.encode()}), "a zip archive where a CSV file was due"),
        ("csv", b"\xef\xbb\xbf" + JSON, "a JSON document where a CSV file was due"),
        ("csv", _parquet(), "a Parquet file where a CSV file was due"),
        ("csv", b"%PDF-1.7", "a PDF document where a CSV file was due"),
        ("xlsx", GOOD.encode(), "a text or CSV file where an Excel workbook was due"),
        ("xlsx", JSON, "a JSON document where an Excel workbook was due"),
        ("xlsx", b"<html></html>", "an HTML page where data was expected"),
        ("xlsx", WORKBOOK[:60], "no readable workbook (truncated?)"),
        ("json", GOOD.encode(), "a text or CSV file where a JSON document was due"),
        ("cubejs", WORKBOOK, "an Excel workbook where a JSON document was due"),
        ("parquet", GOOD.encode(), "a text or CSV file where a Parquet file was due"),
    ],
)
def test_a_file_of_another_kind_is_named_for_what_it_is(tmp_path: Path, due: str, content: bytes, message: str) -> None:
    record = dataset(layouts=[{"name": "only", "format": due}])
    with pytest.raises(ReadError) as error:
        read(record, snapshot(record, tmp_path, content))
    assert str(error.value).startswith(f"test_sales: sales.csv: layout only: {message}")


MIXED = '1;2019;a\n"2";2019;"b\r\nc\nd"\r\n3;2019;"é ""x"""\n4;2019;e'


@pytest.mark.parametrize("size", [1, 65_488, 65_509])
def test_mixed_line_ends_are_read_and_those_of_a_value_stay(tmp_path: Path, size: int) -> None:
    """A file is read in parts of 64 kB; the first may end within a value, or between CR and LF."""
    text = f"DEP;ANNEE;LIBELLE\r\n0;2019;{'x' * size}\r\n{MIXED}"
    columns: dict[str, Any] = {"dep": {"type": "text"}, "annee": {"type": "integer"}, "libelle": {"type": "text"}}
    record = dataset(columns=columns, primary_key=[])
    rows, report = read(record, snapshot(record, tmp_path, text))
    assert [row["libelle"] for row in rows] == ["x" * size, "a", "b\r\nc\nd", 'é "x"', "e"]
    assert (report.received, report.quarantined) == (5, [])


def test_line_ends_that_cannot_be_read_are_the_reason_that_is_told(tmp_path: Path) -> None:
    record = dataset()
    with pytest.raises(ReadError) as error:
        read(record, snapshot(record, tmp_path, "DEP;ANNEE;Quantité (t)\n1;2019;1\r2;2019;3\n"))
    reason = "the file is damaged: mixed line ends, with a CR alone or behind a stray quote"
    assert str(error.value) == f"test_sales: sales.csv: {reason}"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("3;2019", "CSV Error on Line: 3 Expected Number of Columns: 3 Found: 2"),
        ('3;"2019;1', "CSV Error on Line: 3 Value with unterminated quote found."),
    ],
)
def test_a_damaged_line_is_refused_with_its_own_reason(tmp_path: Path, row: str, reason: str) -> None:
    record = dataset()
    with pytest.raises(ReadError) as error:
        read(record, snapshot(record, tmp_path, f"DEP;ANNEE;Quantité (t)\n1;2019;1\n{row}\n"))
    assert str(error.value).endswith(f"the file is damaged or truncated: Invalid Input Error: {reason}")


@pytest.mark.parametrize(
    ("due", "content", "line"),
    [
        ("csv", GOOD.encode().replace(b"1000", b"10\x0000"), 4),
        ("csv", GOOD.encode().replace(b"DEP", b"DEP\0"), 1),
        ("csv", GOOD.replace("Quantité", "Quantit\0é").encode("latin-1"), 1),
        ("json", b'[{"DEP": "1"},\n{"DEP": "2\0"}]', 2),
        ("json", b'[{"DEP": "1"},\n{"DEP": "2\\u0000"}]', 2),
    ],
)
@pytest.mark.parametrize("plain", [False, True])
def test_a_nul_byte_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, due: str, content: bytes, line: int, *, plain: bool
) -> None:
    """Large plain files, which the warehouse reads itself, are no exception."""
    monkeypatch.setattr(readers, "PLAIN_BYTES", 0)
    record = dataset(layouts=[{"name": "only", "format": due, "separator": ";", "encoding": "latin-1"}])
    stored = snapshot(record, tmp_path, content)
    if plain:
        assert readers.plain_queries(record, record.tables[0], [stored], readers.ReadReport()) == []
    with pytest.raises(ReadError) as error:
        read(record, stored)
    message = f"test_sales: sales.csv: layout only: line {line}: expected text, found a NUL byte"
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("select 1;", "no INSERT that names its columns (truncated?)"),
        ("insert into sales (DEP) values\n('1'),\n('2", "a row of the INSERT is not whole (truncated?)"),
    ],
)
def test_a_cut_insert_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    record = dataset(layouts=[{"name": "only", "format": "sql"}])
    with pytest.raises(ReadError) as error:
        read(record, snapshot(record, tmp_path, text))
    assert reason in str(error.value)
