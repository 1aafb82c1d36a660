"""Readers: each bad input is refused or set aside with one clear line, and the step that did it is the reader."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from ingestion import readers
from ingestion.catalog import Dataset
from ingestion.formats import normalised
from ingestion.readers import ReadError, ReadReport, plain_queries, read_table
from ingestion.snapshots import Snapshot, SnapshotStore

GOOD = "DEP;ANNEE;Quantité (t)\n1;2019;12.5\n2A;2019;3\n31;2019;1000\n"


def dataset(**table: Any) -> Dataset:
    columns = {
        "departement_code": {"type": "departement", "aliases": ["DEP"]},
        "year": {"type": "integer", "aliases": ["ANNEE"]},
        "quantity": {"type": "number", "aliases": ["Quantité (t)"]},
    }
    content = {
        "description": "A table of the tests.",
        "primary_key": ["departement_code", "year"],
        "columns": columns,
        "layouts": [{"name": "semicolons", "format": "csv", "separator": ";"}],
    } | table
    return Dataset.model_validate(
        {
            "dataset_id": "test_sales",
            "title": "Sales",
            "title_fr": "Ventes",
            "licence": "Licence Ouverte 2.0",
            "attribution": "Producer",
            "grain": "departement",
            "grain_fr": "département",
            "cadence": "yearly",
            "verified": False,
            "producer": "test",
            "tables": [content],
        }
    )


def snapshot(record: Dataset, folder: Path, content: bytes | str, name: str = "sales.csv") -> Snapshot:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return SnapshotStore(folder / "home").add(record, path, file_name=name, origin="mirror")


def read(record: Dataset, *snapshots: Snapshot) -> tuple[list[dict[str, Any]], ReadReport]:
    report = ReadReport()
    tables = list(read_table(record, record.tables[0], list(snapshots), report))
    return (pa.concat_tables(tables).to_pylist() if tables else []), report


def test_types_codes_and_lineage(tmp_path: Path) -> None:
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
def test_what_is_no_value_of_its_type_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, good: str, bad: str
) -> None:
    """And the statement on plain files leaves it to the reader."""
    record = dataset(columns={"cell": {"type": kind}}, primary_key=[])
    file = snapshot(record, tmp_path, "cell\n" + f"{good}\n" * 40 + f"{bad}\n")
    rows, report = read(record, file)
    assert (len(rows), report.received) == (40, 41)
    assert [(row.column_name, row.value) for row in report.quarantined] == [("cell", bad)]
    monkeypatch.setattr(readers, "PLAIN_BYTES", 0)
    (query,) = plain_queries(record, record.tables[0], [file], ReadReport())
    with duckdb.connect() as connection, pytest.raises(duckdb.InvalidInputException, match="cell: expected"):
        connection.sql(query).fetchall()


def test_a_file_of_one_region_has_a_floor_of_its_own(tmp_path: Path) -> None:
    """The files of the country keep that of the table."""
    layout = {"format": "csv", "separator": ";"}
    region = layout | {"name": "region", "file_pattern": "*_region*", "row_floor": 2}
    record = dataset(row_floor=100, layouts=[region, layout | {"name": "country"}])
    for name, content, told in (
        ("sales_region.csv", GOOD, []),
        ("sales_region.csv", GOOD.splitlines()[0] + "\n1;2019;1\n", ["1 rows, expected at least 2"]),
        ("sales.csv", GOOD, ["3 rows, expected at least 100"]),
    ):
        _, report = read(record, snapshot(record, tmp_path, content, name))
        assert [warning.split(": ")[-1] for warning in report.warnings] == told


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


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("DEP;Quantité (t)\n1;2\n", "missing column ANNEE", id="missing column"),
        pytest.param("<!DOCTYPE html><html><body>404</body></html>", "an HTML page where data was expected", id="html"),
        pytest.param("", "the file is empty", id="empty"),
        pytest.param("  \n", "the file is empty", id="blank"),
        pytest.param(GOOD + "32;20", "expected at least", id="truncated line"),
        pytest.param("DEP;ANNEE;Quantité (t)\n", "0 rows, expected at least 1 (truncated?)", id="header only"),
        pytest.param(GOOD.encode("latin-1"), "wrong encoding: expected UTF-8, found byte 0xe9 at line 1", id="latin-1"),
        pytest.param("a,b,c\n1,2,3\n", "missing column DEP, ANNEE, Quantité (t)", id="file of another dataset"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_what_was_expected(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    record = dataset()
    if message == "expected at least":
        message = "the file is damaged or truncated"
    with pytest.raises(ReadError) as error:
        read(record, snapshot(record, tmp_path, content))
    assert str(error.value).startswith("test_sales: sales.csv: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_value_that_is_no_number_is_set_aside_with_its_row(tmp_path: Path) -> None:
    record = dataset()
    lines = "".join(f"31;{year};1\n" for year in range(1950, 2019))
    rows, report = read(record, snapshot(record, tmp_path, GOOD + "32;2019;abc\n" + lines))
    assert report.received == report.loaded + 1
    assert len(rows) == report.loaded
    (bad,) = report.quarantined
    assert (bad.row_number, bad.column_name, bad.value, bad.reason) == (5, "quantity", "abc", "expected a number")


def test_a_file_with_many_bad_rows_is_refused(tmp_path: Path) -> None:
    record = dataset()
    with pytest.raises(ReadError, match=r"1 of 4 rows cannot be read, first row 5, column quantity: expected a number"):
        read(record, snapshot(record, tmp_path, GOOD + "32;2019;abc\n"))


def test_a_fraction_is_no_whole_number_and_an_empty_key_is_set_aside(tmp_path: Path) -> None:
    record = dataset()
    lines = "".join(f"31;{year};1\n" for year in range(1900, 2000))
    _, report = read(record, snapshot(record, tmp_path, GOOD + "32;2019.5;1\n;2018;1\n" + lines))
    assert [(row.column_name, row.reason) for row in report.quarantined] == [
        ("year", "expected a whole number"),
        ("departement_code", "expected a key"),
    ]


def test_an_extra_column_loads_with_a_warning_and_a_known_one_without(tmp_path: Path) -> None:
    content = "DEP;ANNEE;Quantité (t);new\n1;2019;1;x\n"
    record = dataset()
    rows, report = read(record, snapshot(record, tmp_path, content))
    assert len(rows) == 1
    assert report.warnings == ["test_sales: sales.csv: loaded without the undeclared column 'new'"]
    known = dataset(layouts=[{"name": "semicolons", "format": "csv", "separator": ";", "ignore": ["n*"]}])
    assert read(known, snapshot(known, tmp_path, content))[1].warnings == []


def test_another_layout_of_the_same_table_is_found_by_its_header(tmp_path: Path) -> None:
    record = dataset(
        layouts=[
            {"name": "two_headers", "format": "csv", "separator": ";", "skip_rows": 1},
            {"name": "one_header", "format": "csv", "separator": ";"},
        ]
    )
    assert len(read(record, snapshot(record, tmp_path, GOOD))[0]) == 3
    assert len(read(record, snapshot(record, tmp_path, "Département;Année;Tonnes\n" + GOOD, "two.csv"))[0]) == 3


def test_markers_of_secrecy_are_null_with_a_status(tmp_path: Path) -> None:
    record = dataset(
        secret=["s", "nd"],
        below_threshold=["< seuil"],
        columns={
            "departement_code": {"type": "departement", "aliases": ["DEP"]},
            "year": {"type": "integer", "aliases": ["ANNEE"]},
            "quantity": {"type": "number", "aliases": ["Quantité (t)"], "masked": True},
        },
    )
    content = "DEP;ANNEE;Quantité (t)\n1;2019;S\n2;2019;< seuil\n3;2019;\n4;2019;0\n"
    rows, report = read(record, snapshot(record, tmp_path, content))
    assert [(row["quantity"], row["quantity_status"]) for row in rows] == [
        (None, "secret"),
        (None, "below_threshold"),
        (None, "missing"),
        (0.0, "observed"),
    ]
    assert report.loaded == 4


def test_decimal_comma_spaces_and_declared_encoding(tmp_path: Path) -> None:
    record = dataset(
        layouts=[{"name": "french", "format": "csv", "separator": ";", "decimal": ",", "encoding": "cp1252"}]
    )
    rows, _ = read(record, snapshot(record, tmp_path, "DEP;ANNEE;Quantité (t)\n1;2019;19 006,5\n".encode("cp1252")))
    assert rows[0]["quantity"] == 19006.5


def test_wide_years_become_rows_and_a_bad_cell_leads_to_its_line(tmp_path: Path) -> None:
    record = dataset(
        layouts=[
            {
                "name": "wide",
                "format": "csv",
                "separator": ";",
                "unpivot": {"pattern": r"Q_(\d{4})", "key": "year", "value": "quantity"},
            }
        ]
    )
    body = "".join(f"{code};1;2\n" for code in range(10, 40))
    rows, report = read(record, snapshot(record, tmp_path, "DEP;Q_2019;Q_2020\n" + body + "40;3;x\n"))
    assert rows[0] == rows[0] | {"departement_code": "10", "year": 2019, "quantity": 1.0}
    assert (report.received, report.loaded) == (62, 61)
    assert report.quarantined[0].row_number == 32


def test_an_undated_file_needs_a_declared_date(tmp_path: Path) -> None:
    dated = dataset(reference_dates={"reason": "the edition says so", "files": {"*2024*": "2024-01-01"}})
    rows, _ = read(dated, snapshot(dated, tmp_path, GOOD, "sales_2024.csv"))
    assert str(rows[0]["reference_date"]) == "2024-01-01"
    with pytest.raises(ReadError, match="carries no date and its record declares none"):
        read(dated, snapshot(dated, tmp_path, GOOD, "sales_2025.csv"))


@pytest.mark.parametrize("content", ['[{"DEP": "1", "ANNEE": "2019"', "{}", "[]", "not json"])
def test_json_that_is_no_list_of_objects_is_refused(tmp_path: Path, content: str) -> None:
    record = dataset(layouts=[{"name": "api", "format": "json"}])
    with pytest.raises(ReadError, match=r"test_sales: sales\.json: layout api: "):
        read(record, snapshot(record, tmp_path, content, "sales.json"))


def test_json_lists_inside_objects_are_exploded(tmp_path: Path) -> None:
    record = dataset(
        columns={
            "departement_code": {"type": "departement", "aliases": ["code"]},
            "year": {"type": "integer", "aliases": ["sales.year"]},
            "quantity": {"type": "number", "aliases": ["sales.tonnes"]},
        },
        layouts=[{"name": "api", "format": "json", "records": "$.data", "explode": "sales"}],
    )
    content = {"data": [{"code": "1", "sales": [{"year": 2019, "tonnes": "2.5"}, {"year": 2020, "tonnes": None}]}]}
    rows, _ = read(record, snapshot(record, tmp_path, json.dumps(content), "sales.json"))
    assert [(row["departement_code"], row["year"], row["quantity"]) for row in rows] == [
        ("01", 2019, 2.5),
        ("01", 2020, None),
    ]


def test_json_lists_of_texts_are_exploded_under_their_key(tmp_path: Path) -> None:
    record = dataset(
        columns={
            "departement_code": {"type": "departement", "aliases": ["code"]},
            "commune_code": {"type": "commune", "aliases": ["membersId"]},
        },
        primary_key=["commune_code"],
        layouts=[{"name": "api", "format": "json", "explode": "membersId"}],
    )
    members: dict[str, list[str | int]] = {
        "1": ["01999", 1998],
        "2A": [],
        **{str(n): [f"{n}999"] for n in range(10, 50)},
    }
    content = [{"code": code, "membersId": codes} for code, codes in members.items()]
    rows, report = read(record, snapshot(record, tmp_path, json.dumps(content), "sales.json"))
    assert [(row["departement_code"], row["commune_code"]) for row in rows[:3]] == [
        ("01", "01999"),
        ("01", "01998"),
        ("10", "10999"),
    ]
    # an empty list leaves its object without an element: it is set aside, not lost
    assert (report.received, report.loaded) == (43, 42)
    assert [(row.row_number, row.column_name) for row in report.quarantined] == [(3, "commune_code")]


def _zip(*members: tuple[str, bytes]) -> bytes:
    """An archive that does not hold the time: it is in the names of tests, which workers compare."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


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


def _tgz(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sales.csv.gz", gzip.compress(GOOD.encode(), mtime=0)),
        ("sales.csv.gz", GOOD.encode()),
        ("sales.zip", _zip(("data/sales.csv", GOOD.encode()))),
        ("sales.tgz", _tgz(("package/sales.csv", GOOD.encode()), ("package/readme.md", b"x"))),
    ],
    ids=["gz", "gz undone by the client", "zip", "tgz"],
)
def test_archives_are_read(tmp_path: Path, name: str, content: bytes) -> None:
    record = dataset(layouts=[{"name": "packed", "format": "csv", "separator": ";", "member": "*/sales.csv"}])
    assert len(read(record, snapshot(record, tmp_path, content, name))[0]) == 3


def test_a_workbook_is_an_archive_too(tmp_path: Path) -> None:
    record = dataset(layouts=[{"name": "book", "format": "xlsx"}])
    bomb = _zip(("xl/worksheets/sheet1.xml", b"0" * 50_000_000))
    with pytest.raises(ReadError, match="refused as a zip bomb"):
        read(record, snapshot(record, tmp_path, bomb, "bomb.xlsx"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cut.csv.gz", gzip.compress(GOOD.encode() * 50, mtime=0)[:-20], "cannot be unpacked"),
        ("cut.zip", _zip(("sales.csv", GOOD.encode()))[:40], "cannot be unpacked"),
        ("escape.zip", _zip(("../sales.csv", GOOD.encode())), "unsafe path '../sales.csv'"),
        ("escape.tgz", _tgz(("../sales.csv", GOOD.encode())), "unsafe path '../sales.csv'"),
        ("bomb.zip", _zip(("sales.csv", b"0" * 50_000_000)), "refused as a zip bomb"),
        ("bomb.csv.gz", gzip.compress(b"0" * 50_000_000, mtime=0), "refused as a zip bomb"),
        ("locked.zip", _encrypted(_zip(("sales.csv", GOOD.encode()))), "protected by a password"),
        ("garbled.zip", _garbled(_zip(("sales.csv", GOOD.encode() * 50))), "cannot be unpacked (truncated or damaged)"),
        ("other.zip", _zip(("a.csv", b"1"), ("b.csv", b"2")), "holds 2 files and the layout names none"),
    ],
    ids=["cut gz", "cut zip", "zip path", "tgz path", "bomb", "gz bomb", "password", "zlib", "many members"],
)
def test_damaged_and_hostile_archives_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    record = dataset()
    with pytest.raises(ReadError, match="test_sales") as error:
        read(record, snapshot(record, tmp_path, content, name))
    assert message in str(error.value)


def test_a_composite_header_gives_one_column_per_group(tmp_path: Path) -> None:
    record = dataset(
        primary_key=["departement_code", "year"],
        columns={
            "size": {"type": "text"},
            "year": {"type": "integer"},
            "departement_code": {"type": "departement"},
            "farms": {"type": "integer"},
        },
        layouts=[
            {
                "name": "matrix",
                "format": "csv",
                "separator": ";",
                "unpivot": {
                    "pattern": r"Farms/(\d{4})/(\w+) - .+",
                    "key": ["year", "departement_code"],
                    "value": "farms",
                },
            }
        ],
    )
    content = "size;Farms/2010/9 - Test;Farms/2020/2A - Test\nall;12;\n"
    rows, report = read(record, snapshot(record, tmp_path, content))
    assert [(row["year"], row["departement_code"], row["farms"]) for row in rows] == [
        (2010, "09", 12),
        (2020, "2A", None),
    ]
    assert report.received == report.loaded == 2


def test_a_code_made_of_two_columns(tmp_path: Path) -> None:
    record = dataset(
        primary_key=["commune_code"],
        columns={"commune_code": {"type": "commune", "aliases": ["COM"]}, "pmun": {"type": "integer"}},
        layouts=[
            {
                "name": "two_columns",
                "format": "csv",
                "joined": {"commune_code": ["CODDEP", "CODCOM"]},
                "ignore": ["com"],
            }
        ],
    )
    content = "CODDEP,CODCOM,COM,PMUN\n01,001,Commune Test 1,7\n2A,004,Commune Test 2,8\n971,101,Commune Test 3,9\n"
    rows, report = read(record, snapshot(record, tmp_path, content))
    assert [row["commune_code"] for row in rows] == ["01001", "2A004", "97101"]
    assert report.warnings == []
    with pytest.raises(ReadError, match="missing column CODCOM"):
        read(record, snapshot(record, tmp_path, "CODDEP,COM,PMUN\n01,Commune Test 1,7\n"))


def test_the_properties_of_geojson_features_are_columns(tmp_path: Path) -> None:
    record = dataset(
        primary_key=["code"],
        columns={"code": {"type": "epci", "aliases": ["properties.code"]}, "geometry": {"type": "text"}},
        layouts=[
            {"name": "geojson", "format": "json", "records": "$.features", "flatten": "properties", "ignore": ["type"]}
        ],
    )
    geometry = {"type": "Point", "coordinates": [1.5, 43.6]}
    feature = {"type": "Feature", "properties": {"code": "200000001"}, "geometry": geometry}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]})
    rows, report = read(record, snapshot(record, tmp_path, content, "contours.geojson"))
    assert [(row["code"], json.loads(row["geometry"])) for row in rows] == [("200000001", geometry)]
    assert report.warnings == []


def test_lines_of_separators_that_a_spreadsheet_left_are_no_rows(tmp_path: Path) -> None:
    layout = {"name": "semicolons", "format": "csv", "separator": ";"}
    padded = GOOD + ";;\n; ;\n"
    record = dataset(layouts=[layout | {"padded": True}])
    rows, report = read(record, snapshot(record, tmp_path, padded))
    assert (len(rows), report.received, report.quarantined) == (3, 3, [])


def test_short_line_is_set_aside_where_the_layout_has_some(tmp_path: Path) -> None:
    content = "DEP\tANNEE\tQuantité (t)\n31\t2019\t12\nLe producteur n'est pas responsable.\n".encode("latin-1")
    layout = {"name": "tabs", "format": "csv", "separator": "\t", "encoding": "latin-1"}
    record = dataset(layouts=[layout | {"short_lines": True}])
    strict = dataset(layouts=[layout])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingestion.readers.MAX_QUARANTINED_SHARE", 0.5)
        rows, report = read(record, snapshot(record, tmp_path, content))
    assert [row["quantity"] for row in rows] == [12]
    assert [(row.row_number, row.column_name, row.reason) for row in report.quarantined] == [
        (3, "year", "expected a key")
    ]
    with pytest.raises(ReadError, match="damaged or truncated"):
        read(strict, snapshot(strict, tmp_path, content))


def test_short_lines_may_hold_line_ends_inside_quotes(tmp_path: Path) -> None:
    record = dataset(layouts=[{"name": "commas", "format": "csv", "short_lines": True, "ignore": ["*"]}])
    content = 'dep,annee,quantite,texte,reste\n31,2019,12,"une ligne\r\nune autre"\n32,2019,13,,fin\n'
    rows, _ = read(record, snapshot(record, tmp_path, content))
    assert [row["quantity"] for row in rows] == [12, 13]
