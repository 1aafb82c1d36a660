"""Nothing is written outside: hostile names of files, codes and ids are refused at each door, and by the writer."""

from __future__ import annotations

import csv
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from expectations.report import write_report
from expectations.result import CheckResult
from ingestion.catalog import Dataset, load_catalog
from ingestion.portals import fetch_files
from ingestion.readers import ReadError
from ingestion.snapshots import SnapshotStore
from leviers.cli import show
from leviers.cli.main import main
from leviers.common.places import OutsideError, is_file_name, swapped_in, write
from leviers.entry.form import InputError
from leviers.entry.groupings import GROUPING_COLUMNS, add_groupings
from leviers.site import build
from tests.hostile import HOSTILE
from tests.ingestion.helpers import read
from tests.unit.ingestion.sales import GOOD, dataset

GOOD_NAMES = (
    "x",
    "communes_2025.csv",
    "Données (fin) n°2.csv",
    "Annexe \u2013 communes.csv",
    "de\u0301po\u0302t.csv",
    "L'été 2.xlsx",
)


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_an_ordinary_file_name_is_written(tmp_path: Path, name: str) -> None:
    assert is_file_name(name)
    assert write(tmp_path, f"folder/{name}", b"x").read_bytes() == b"x"
    assert files_below(tmp_path) == {f"folder/{name}"}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("around", ["{}", "folder/{}", "{}/x.html"])
def test_the_writer_refuses_what_is_no_name_in_its_folder(tmp_path: Path, name: str, around: str) -> None:
    assert not is_file_name(name)
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


def test_a_file_shared_with_an_older_publication_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    os.link(tmp_path / "old", tmp_path / "new")
    write(tmp_path, "new", b"new")
    assert (tmp_path / "old").read_text() == "old"


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_is_written_outside_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The name costs no other page: its own page alone is missing, and says why."""
    hostile = f"territoires/crte-{name}/../x.html"
    pages = [(hostile, lambda: "x"), ("index.html", lambda: "x")]
    monkeypatch.setattr(build, "PublishedFile", lambda published: SimpleNamespace(close=lambda: None, reads=set()))
    monkeypatch.setattr(build, "Renderer", lambda *_: SimpleNamespace(placed={}, publication={}, changing_texts={}))
    monkeypatch.setattr(build, "files_of", lambda content: pages)
    report = build.build_site(tmp_path / "leviers.duckdb", tmp_path / "out" / "site")
    assert (report.pages, list(report.missing)) == (1, [hostile])
    assert "cannot be the name of a file" in report.missing[hostile]
    assert (tmp_path / "out" / "site" / "index.html").read_text() == "x"
    assert not [path for path in files_below(tmp_path) if not path.startswith("out/site/")]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_report_is_written_outside_its_folder(tmp_path: Path, name: str) -> None:
    result = CheckResult(f"{name}/../../x", "test", None, True, "error", None, "", "")
    with pytest.raises(OutsideError):
        write_report([(result, "")], tmp_path / "reports", {result.suite: "x"})
    assert not [path for path in files_below(tmp_path) if not path.startswith("reports/")]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_snapshot_is_stored_outside_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "source").write_text("x")
    store = SnapshotStore(tmp_path / "home")
    with pytest.raises(OutsideError):
        store.add(load_catalog()["agreste_census"], tmp_path / "source", file_name=name, origin="mirror")
    assert files_below(tmp_path) == {"source"}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_record_names_a_hostile_folder_or_file(name: str) -> None:
    record = dataset().model_dump()
    changes: list[dict[str, Any]] = [
        {"dataset_id": name},
        {"producer": name},
        {"fetch": {"portal": "plain_file", "url": "https://example.org/x", "file_name": name}},
    ]
    for change in changes:
        with pytest.raises(ValueError, match=r"snake_case|cannot be the name"):
            Dataset.model_validate(record | change)


class Portal:
    """A portal of Data Fair whose file bears a name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get_json(self, *asked: Any) -> dict[str, Any]:
        return {"originalFile": {"name": self.name}, "file": {"name": self.name}, "dataUpdatedAt": "x", "schema": []}

    def download(self, url: str, target: Path, **options: Any) -> None:
        target.write_text("x")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_portal_has_a_file_written_outside_its_folder(tmp_path: Path, name: str) -> None:
    record = load_catalog()["ademe_pcaet"]
    fetch = {"portal": "data_fair", "url": "https://example.org/data", "params": {"mode": "raw"}}
    asked = Dataset.model_validate(record.model_dump(exclude={"evidence"}) | {"fetch": fetch})
    (tmp_path / "scratch").mkdir()
    with pytest.raises(Exception, match=r".*"):
        fetch_files(asked, Portal(name), [], tmp_path / "scratch")  # type: ignore[arg-type]
    assert not [path for path in files_below(tmp_path) if not is_file_name(path.removeprefix("scratch/"))]


@pytest.mark.parametrize("name", [name for name in HOSTILE if name and "\0" not in name])
def test_no_member_of_an_archive_is_unpacked_outside(tmp_path: Path, name: str) -> None:
    record = dataset()
    with zipfile.ZipFile(tmp_path / "sales.zip", "w") as archive:
        archive.writestr(name, GOOD)
    stored = SnapshotStore(tmp_path / "home").add(
        record, tmp_path / "sales.zip", file_name="sales.zip", origin="mirror"
    )
    before = files_below(tmp_path)
    why = ""
    try:
        rows, _ = read(record, stored)
        assert len(rows) == 3
    except ReadError as refusal:
        why = str(refusal)
    assert not why or "unsafe path" in why or name.endswith("/")
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
    with pytest.raises(InputError):
        add_groupings(tmp_path / "home", entered(tmp_path, column, ["a\0b"]), published)
    assert files_below(tmp_path / "home") == set()


def test_a_hostile_name_of_a_grouping_is_a_text_and_no_path(tmp_path: Path, published: Path) -> None:
    names = [name for name in HOSTILE if name.strip() and "\0" not in name]
    result = add_groupings(tmp_path / "home", entered(tmp_path, "group_name", names), published)
    assert result.path
    assert files_below(tmp_path / "home") == {"inputs/grouping_member/0001_groups.csv"}
    with result.path.open(encoding="utf-8", newline="") as file:
        assert [row["group_name"] for row in csv.DictReader(file)] == [name.strip() for name in names]


def test_no_export_leaves_its_folder(tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The published file has such a territory, which an older version let in."""
    monkeypatch.setattr(
        show, "find_territory", lambda published, code, level, asked_by: ("crte", f"x/{code}/../../../x", "x")
    )
    before = files_below(tmp_path)
    for name in HOSTILE:
        result = CliRunner().invoke(main, ["export", f"--territory={name}"])
        assert (result.exit_code, "cannot be the name of a file" in result.output) == (1, True), name
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
