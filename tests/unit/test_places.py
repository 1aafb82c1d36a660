"""Nothing is written outside: hostile names of files, codes and ids are refused at each door, and by the writer."""

from __future__ import annotations

import csv
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from ingestion.catalog import Dataset, load_catalog
from ingestion.readers import ReadError
from ingestion.snapshots import SnapshotStore
from leviers.cli import show
from leviers.cli.main import main
from leviers.common.places import OutsideError, is_file_name, swapped_in, write
from leviers.entry.groupings import GROUPING_COLUMNS, add_groupings
from tests.ingestion.helpers import read
from tests.unit.ingestion.sales import GOOD, dataset

ORDINARY = ("x", "communes_2025.csv", "Données (fin) n°2.csv", "Annexe \u2013 communes.csv", "de\u0301po\u0302t.csv")
HOSTILE = (
    "..", "../x", "a/../../x", "/etc/x", "/../../../../../tmp/x", "..\\x", "a\\b", "C:x", "%2e%2e",
    "", " ", ".", ".hidden", "-x", "~x", "x.", "a\nb", "a\tb", "a\0b", "x" * 300, "é" * 150,
    "a\u202eb", "\u200fx", "a\u200bb", "a*b", "a?b", "a[b]", "a|b", "a<b", 'a"b',
    "CON", "NUL", "aux", "com1", "con.html", "Lpt9.csv", "prn .txt",
)  # fmt: skip


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_an_ordinary_file_name_is_written(tmp_path: Path) -> None:
    for name in ORDINARY:
        assert is_file_name(name)
        assert write(tmp_path, f"folder/{name}", b"x").read_bytes() == b"x"
    assert files_below(tmp_path) == {f"folder/{name}" for name in ORDINARY}


def test_the_writer_refuses_what_is_no_name_in_its_folder(tmp_path: Path) -> None:
    for name in HOSTILE:
        assert not is_file_name(name), name
        for around in ("{}", "folder/{}", "{}/x.html"):
            with pytest.raises(OutsideError) as refusal:
                write(tmp_path / "out", around.format(name), b"x")
            assert len(str(refusal.value).splitlines()) == 1
    assert files_below(tmp_path) == set()


def test_a_link_leads_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "out" / "page.html").symlink_to(tmp_path / "elsewhere" / "page.html")
    for name in ("folder/x.html", "page.html"):
        with pytest.raises(OutsideError, match="leads out of its folder"):
            write(tmp_path / "out", name, b"x")
    assert files_below(tmp_path / "elsewhere") == set()


def test_no_snapshot_is_stored_and_no_record_names_a_file_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "source").write_text("x")
    store, record = SnapshotStore(tmp_path / "home"), dataset().model_dump()
    for name in HOSTILE:
        with pytest.raises(OutsideError):
            store.add(load_catalog()["agreste_census"], tmp_path / "source", file_name=name, origin="mirror")
        changes: list[dict[str, Any]] = [
            {"dataset_id": name},
            {"producer": name},
            {"fetch": {"portal": "plain_file", "url": "https://example.org/x", "file_name": name}},
        ]
        for change in changes:
            with pytest.raises(ValueError, match=r"snake_case|cannot be the name"):
                Dataset.model_validate(record | change)
    assert files_below(tmp_path) == {"source"}


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x"])
def test_no_member_of_an_archive_is_unpacked_outside(tmp_path: Path, name: str) -> None:
    record = dataset()
    with zipfile.ZipFile(tmp_path / "sales.zip", "w") as archive:
        archive.writestr(name, GOOD)
    store = SnapshotStore(tmp_path / "home")
    stored = store.add(record, tmp_path / "sales.zip", file_name="sales.zip", origin="mirror")
    before = files_below(tmp_path)
    with pytest.raises(ReadError, match="unsafe path"):
        read(record, stored)
    assert files_below(tmp_path) == before


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A published file of a commune per hostile name."""
    path = tmp_path / "published" / "leviers.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(f"""
            create table marts.dim_territory as
            select 'commune' as territory_level, number::varchar as territory_code, number::varchar as name
            from range(10000, {10000 + len(HOSTILE)}) as _ (number)
        """)
    return path


def entered(folder: Path, column: str, names: Sequence[str]) -> Path:
    """A file of a group per name, which is in a column of its row."""
    path = folder / "groups.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in GROUPING_COLUMNS])
        writer.writeheader()
        for number, name in enumerate(names, start=10000):
            group = {"group_type": "crte", "group_code": f"T{number}", "group_name": f"Groupe {number}"}
            writer.writerow(group | {"commune_code": str(number), column: name})
    return path


@pytest.mark.parametrize("column", ["group_code", "group_type"])
def test_a_hostile_code_of_a_grouping_is_refused(tmp_path: Path, published: Path, column: str) -> None:
    names = [name for name in HOSTILE if "\0" not in name]
    result = add_groupings(tmp_path / "home", entered(tmp_path, column, names), published, group_type="/")
    assert [problem.column for problem in result.problems] == [column] * len(names)
    assert len({problem.line for problem in result.problems}) == len(names)
    assert files_below(tmp_path / "home") == set()


def test_no_export_leaves_its_folder(tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The published file has such a territory, which an older version let in."""
    found = ("crte", "x/../../../x", "x")
    monkeypatch.setattr(show, "find_territory", lambda published, code, level, asked_by: found)
    before = files_below(tmp_path)
    result = CliRunner().invoke(main, ["export", "--territory=x"])
    assert (result.exit_code, "cannot be the name of a file" in result.output) == (1, True)
    assert files_below(tmp_path) == before


def test_a_swapped_in_file_is_whole_or_not_there(tmp_path: Path) -> None:
    """Whoever has the last one open keeps it; a writer that stops leaves it, and nothing beside it."""
    file = tmp_path / "leviers.xlsx"
    file.write_text("first")
    with file.open() as opened:
        with swapped_in(file) as partial:
            partial.write_text("second")
            assert file.read_text() == "first"
        assert (opened.read(), file.read_text()) == ("first", "second")
    with pytest.raises(RuntimeError), swapped_in(file) as partial:
        partial.write_text("half")
        raise RuntimeError
    assert (file.read_text(), list(tmp_path.iterdir())) == ("second", [file])
    with pytest.raises(FileExistsError), swapped_in(Path(os.devnull)):
        pass
