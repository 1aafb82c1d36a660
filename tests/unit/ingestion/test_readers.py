"""Readers: each bad input is refused or set aside with one clear line, and the step that did it is the reader."""

from __future__ import annotations

import datetime
import gzip
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from ingestion import readers
from ingestion.formats import normalised
from ingestion.readers import ReadError, ReadReport, plain_queries
from tests.fixtures.mirror import tarred, zipped
from tests.ingestion.helpers import read, refusal
from tests.unit.ingestion.sales import GOOD, dataset, snapshot

CASES = Path(__file__).with_name("readers.yml")
ZEROS = b"0" * 5_000_000


def test_a_row_gets_its_types_codes_and_lineage(tmp_path: Path) -> None:
    record = dataset()
    rows, report = read(record, file := snapshot(record, tmp_path, GOOD))
    assert [row["departement_code"] for row in rows] == ["01", "2A", "31"]
    assert [row["quantity"] for row in rows] == [12.5, 3.0, 1000.0]
    assert {row["snapshot_id"] for row in rows} == {file.snapshot_id}
    assert (report.received, report.loaded, report.quarantined, report.warnings) == (3, 3, [], [])


PADDED: dict[str, tuple[str, Any, str]] = {
    "name": ("text", "Été à Sète", "Été à Sète"),
    "code": ("departement", "2A", "2a"),
    "is_open": ("boolean", True, "oui"),
    "day": ("date", datetime.date(2024, 2, 29), "2024-02-29"),
    "moment": ("timestamp", datetime.datetime(2024, 2, 29, 10, 30), "2024-02-29 10:30:00"),
}


@pytest.mark.parametrize("stated", [True, False], ids=["by a statement", "by the reader"])
@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\r", "\n", " \t\u00a0"])
@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_blanks_around_a_value_are_no_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: str, blank: str, *, stated: bool
) -> None:
    """The statement on plain files leaves a padded date to the reader."""
    cells = {name: cell for name, cell in PADDED.items() if not stated or name not in ("day", "moment")}
    columns = {name: {"type": kind} for name, (kind, _, _) in cells.items()}
    left, right = blank * (side != "right"), blank * (side != "left")
    lines = [cells, (f'"{left}{text}{right}"' for _, _, text in cells.values()), [f'"{blank}"'] * len(cells)]
    record = dataset(columns=columns, primary_key=[])
    file = snapshot(record, tmp_path, "".join(";".join(line) + "\n" for line in lines))
    if stated:
        monkeypatch.setattr(readers, "PLAIN_BYTES", 0)
        (query,) = plain_queries(record, record.tables[0], [file], ReadReport())
        with duckdb.connect() as connection:
            rows = connection.sql(query).to_arrow_table().to_pylist()
    else:
        rows, _ = read(record, file)
    expected = [{name: value for name, (_, value, _) in cells.items()}, dict.fromkeys(cells)]
    assert [{name: row[name] for name in cells} for row in rows] == expected


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("number", "1.5", "inf"),
        ("number", "1.5", "nan"),
        ("integer", "2024", "-inf"),
        ("integer", "2024", "2024.5"),
        ("integer", "2024", "1e30"),
        ("date", "2024-02-29", "infinity"),
        ("timestamp", "2024-02-29 10:30:00", "-infinity"),
    ],
)
def test_a_value_of_another_type_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, good: str, bad: str
) -> None:
    """The statement on plain files leaves such a value to the reader."""
    record = dataset(columns={"cell": {"type": kind}}, primary_key=[])
    file = snapshot(record, tmp_path, "cell\n" + f"{good}\n" * 40 + f"{bad}\n")
    rows, report = read(record, file)
    assert (len(rows), report.received) == (40, 41)
    assert [(row.column_name, row.value) for row in report.quarantined] == [("cell", bad)]
    monkeypatch.setattr(readers, "PLAIN_BYTES", 0)
    (query,) = plain_queries(record, record.tables[0], [file], ReadReport())
    with duckdb.connect() as connection, pytest.raises(duckdb.InvalidInputException, match="cell: expected"):
        connection.sql(query).fetchall()


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Numéro DPE", "numerodpe"),
        ("numero_dpe", "numerodpe"),
        ("\ufeffID unique projet", "iduniqueprojet"),
        ("Conso totale (MWh)", "consototalemwh"),
    ],
)
def test_labels_are_compared_without_accents_case_and_marks(label: str, expected: str) -> None:
    assert normalised(label) == expected


def _encrypted(archive: bytes) -> bytes:
    """The archive with the mark of a password on its member, in both of its headers."""
    marked = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        marked[archive.index(signature) + offset] |= 1
    return bytes(marked)


def _garbled(archive: bytes) -> bytes:
    """The archive with a compressed stream that is none."""
    start = archive.index(b"sales.csv") + len(b"sales.csv")
    return archive[:start] + b"\xff" * 20 + archive[start + 20 :]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sales.csv.gz", gzip.compress(GOOD.encode(), mtime=0)),
        ("sales.csv.gz", GOOD.encode()),
        ("sales.zip", zipped({"data/sales.csv": GOOD.encode()})),
        ("sales.tgz", tarred({"package/sales.csv": GOOD.encode(), "package/readme.md": b"x"})),
    ],
    ids=["gz", "gz undone by the client", "zip", "tgz"],
)
def test_archives_are_read(tmp_path: Path, name: str, content: bytes) -> None:
    record = dataset(layouts=[{"name": "packed", "format": "csv", "separator": ";", "member": "*/Sales.csv"}])
    assert len(read(record, snapshot(record, tmp_path, content, name))[0]) == 3


def test_a_workbook_is_an_archive_too(tmp_path: Path) -> None:
    record = dataset(layouts=[{"name": "book", "format": "xlsx"}])
    bomb = zipped({"xl/worksheets/sheet1.xml": ZEROS})
    with pytest.raises(ReadError, match="refused as a zip bomb"):
        read(record, snapshot(record, tmp_path, bomb, "bomb.xlsx"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cut.csv.gz", gzip.compress(GOOD.encode() * 50, mtime=0)[:-20], "cannot be unpacked"),
        ("cut.zip", zipped({"sales.csv": GOOD.encode()})[:40], "cannot be unpacked"),
        ("escape.zip", zipped({"../sales.csv": GOOD.encode()}), "unsafe path '../sales.csv'"),
        ("escape.tgz", tarred({"../sales.csv": GOOD.encode()}), "unsafe path '../sales.csv'"),
        ("bomb.zip", zipped({"sales.csv": ZEROS}), "refused as a zip bomb"),
        ("bomb.csv.gz", gzip.compress(ZEROS, mtime=0), "refused as a zip bomb"),
        ("bomb.tgz", tarred({"sales.csv": GOOD.encode(), "more": ZEROS}), "refused as a zip bomb"),
        ("locked.zip", _encrypted(zipped({"sales.csv": GOOD.encode()})), "protected by a password"),
        ("bad.zip", _garbled(zipped({"sales.csv": GOOD.encode() * 50})), "cannot be unpacked (truncated or damaged)"),
        ("other.zip", zipped({"a.csv": b"1", "b.csv": b"2"}), "holds 2 files and the layout names none"),
    ],
    ids=["cut gz", "cut zip", "zip path", "tgz path", "zip bomb", "gz bomb", "tgz bomb", "password", "zlib", "members"],
)
def test_damaged_and_hostile_archives_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    record = dataset()
    with pytest.raises(ReadError, match="test_sales") as error:
        read(record, snapshot(record, tmp_path, content, name))
    assert message in str(error.value)


@pytest.mark.parametrize("case", yaml.safe_load(CASES.read_text(encoding="utf-8")), ids=lambda case: case["case"])
def test_a_file_is_read_as_its_case_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: dict[str, Any]) -> None:
    record = dataset(**case.get("table", {}))
    content = case["content"].encode(case.get("encoding", "utf-8"))
    file = snapshot(record, tmp_path, content, case.get("name", "sales.csv"))
    monkeypatch.setattr(readers, "MAX_QUARANTINED_SHARE", case.get("share", readers.MAX_QUARANTINED_SHARE))
    if "refused" in case:
        with refusal("test_sales: sales", case["refused"], kind=ReadError):
            read(record, file)
        return
    rows, report = read(record, file)
    assert [{name: row[name] for name in cells} for row, cells in zip(rows, case["rows"], strict=True)] == case["rows"]
    aside = [[row.row_number, row.column_name, row.value, row.reason] for row in report.quarantined]
    assert (aside, report.warnings) == (case.get("aside", []), case.get("warnings", []))
    assert (report.loaded, report.received) == (len(rows), len(rows) + len(aside))
