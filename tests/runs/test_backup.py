"""A home goes into one file while a run writes there, and comes back from it, or nothing does."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ingestion.catalog import load_catalog
from ingestion.fetch import INPUTS
from ingestion.snapshots import KEEP_VARIABLE, KEPT_EDITIONS, SnapshotStore
from leviers.cli.main import main
from leviers.warehouse import home as homes
from leviers.warehouse.home import RunState, write_run_state, writing
from leviers.warehouse.runs.record import COMMAND_LINE, End, Kind, read_record
from leviers.warehouse.runs.run_end import begin, end, under_way

DATASET = load_catalog()["agreste_census"]
GONE = "dataset_test"  # no record has it any more


def accept(home: Path, content: str) -> None:
    """A run takes a new edition in, and forgets the files of the oldest."""
    store = SnapshotStore(home)
    (home / "file").write_text(content)
    snapshot = store.add(DATASET, home / "file", file_name="sau.csv", origin="mirror")
    store.accept(store.edition(DATASET, [snapshot]), store.state(DATASET.dataset_id))
    (home / "file").unlink()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home after a run, with files that a run makes again beside files that it does not."""
    home = tmp_path / "home"
    with writing(home):
        for number in range(KEPT_EDITIONS):
            accept(home, f"content {number}")
    (home / "raw" / GONE).mkdir()
    for name in (f"{INPUTS}/commitment/0001_x.csv", "publications/1/leviers.duckdb", "warehouse.duckdb"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(name)
    (home / "published").symlink_to("publications/1")
    write_run_state(home, RunState(region="94"))
    return home


def leviers(home: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), env={"LEVIERS_HOME": str(home), "COLUMNS": "200"})


def files_of(home: Path) -> dict[str, str]:
    return {str(path.relative_to(home)): path.read_text(errors="replace") for path in home.rglob("*") if path.is_file()}


@pytest.fixture
def restored(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """A restore into a home whose runs could not begin, and where one died, on a disk without room for a run."""
    file, back = tmp_path / "backup.tar.gz", tmp_path / "back"
    result = leviers(home, "backup", file)
    assert result.exit_code == 0
    assert "3 stored files hashed, 0 damaged\n" in result.output
    assert leviers(back, "refresh", "--region", "99").exit_code == 2
    monkeypatch.setattr("leviers.warehouse.runs.problems.LEAST_ROOM", 10**18)
    assert leviers(back, "refresh", "--region", "94").exit_code == 1
    (back / ".run.lock").touch()
    return leviers(back, "restore", file)


def test_a_restore_names_the_command_that_builds_the_rest(restored: Result) -> None:
    assert restored.exit_code == 0, restored.output
    assert restored.output.endswith("to build the rest: leviers refresh --offline --region 94\n")


@pytest.mark.usefixtures("restored")
def test_a_home_comes_back_from_its_backup(tmp_path: Path, home: Path) -> None:
    back = tmp_path / "back"
    made_again = {"warehouse.duckdb", ".backup.lock"}
    noted = {"outcome.json", "metrics.prom", ".outcome.lock", ".run.lock"}
    assert {
        name: text for name, text in files_of(back).items() if name not in noted and not name.startswith("logs/")
    } == {name: text for name, text in files_of(home).items() if name not in made_again}
    assert (back / "published").readlink() == Path("publications/1")
    assert (back / "raw" / GONE).is_dir()


@pytest.mark.usefixtures("restored")
def test_neither_a_backup_nor_a_home_is_written_over(tmp_path: Path, home: Path) -> None:
    file, back = tmp_path / "backup.tar.gz", tmp_path / "back"
    assert leviers(home, "backup", file).exit_code == 2
    again = leviers(back, "restore", file)
    assert again.exit_code == 1
    assert " is not empty: it holds " in again.output


def test_a_home_that_is_not_there_has_no_backup(tmp_path: Path) -> None:
    assert leviers(tmp_path / "none", "backup", tmp_path / "x").exit_code == 1


def test_a_restore_ends_the_incidents_that_the_home_had_told(tmp_path: Path, home: Path) -> None:
    end(home, begin(home, COMMAND_LINE), End.PUBLISHED)
    leviers(home, "backup", tmp_path / "b")
    back = tmp_path / "back"
    assert leviers(back, "refresh", "--region", "99").exit_code == 2
    (back / "outcome.json.damaged").write_text("{")  # set aside by a start
    assert leviers(back, "restore", tmp_path / "b").exit_code == 0
    record = read_record(back)
    assert [run.end for run in record.runs] == [End.PUBLISHED]
    assert Kind.NOT_BUILT in {each.kind for each in record.open_incidents}
    assert {each.kind for each in record.incidents if each.is_over} == {Kind.NEVER_STARTED}


def test_only_the_publication_is_for_others_whatever_the_umask(tmp_path: Path, home: Path) -> None:
    """This holds too for a home that comes back from a backup, whose files others could read."""
    file, back = tmp_path / "backup.tar.gz", tmp_path / "back"
    umask = os.umask(0o022)
    try:
        for path in home.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        assert leviers(home, "backup", file).exit_code == 0
        back.mkdir()
        assert leviers(back, "refresh", "--region", "99").exit_code == 2  # writes a record
        assert leviers(back, "restore", file).exit_code == 0
        with writing(back):
            (back / "dlt").mkdir()
    finally:
        os.umask(umask)
    for_others = {path.name for path in back.iterdir() if path.stat().st_mode & 0o044 and path.suffix != ".lock"}
    assert for_others == {"published", "publications", "metrics.prom"}
    publication = [back, back / "publications", *back.glob("publications/**/*")]
    assert [path for path in publication if path.stat().st_mode & (0o055 if path.is_dir() else 0o044) == 0] == []
    assert file.stat().st_mode & 0o077 == 0


def test_a_run_that_was_under_way_did_not_die_where_its_backup_is_restored(tmp_path: Path, home: Path) -> None:
    begin(home, COMMAND_LINE)
    with under_way(home):
        assert leviers(home, "backup", tmp_path / "b").exit_code == 0
    assert leviers(tmp_path / "back", "restore", tmp_path / "b").exit_code == 0
    assert [len(read_record(place).runs) for place in (home, tmp_path / "back")] == [1, 0]


@pytest.mark.parametrize("kept", [KEPT_EDITIONS, KEPT_EDITIONS + 2])
def test_a_backup_is_whole_whatever_a_run_writes_meanwhile(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """The run accepts editions, which may forget the oldest ones, while the first files are linked."""
    monkeypatch.setenv(KEEP_VARIABLE, str(kept))
    link = os.link
    runs = iter(["content 3", "content 4"])

    def link_while_a_run_writes(source: Any, target: Any) -> None:
        link(source, target)
        if content := next(runs, None):
            accept(home, content)

    monkeypatch.setattr(os, "link", link_while_a_run_writes)
    with writing(home):
        assert leviers(home, "backup", tmp_path / "b").exit_code == 0
    assert leviers(tmp_path / "back", "restore", tmp_path / "b").exit_code == 0
    raw = f"raw/{DATASET.dataset_id}/"
    files = {name: text for name, text in files_of(tmp_path / "back").items() if name.startswith(raw)}
    assert files == {name: text for name, text in files_of(home).items() if name.startswith(raw)}
    assert sum(name.endswith(".csv") for name in files) == kept


def test_a_damaged_file_is_told_at_both_ends(tmp_path: Path, home: Path) -> None:
    stored = next(home.glob("raw/*/*/sau.csv"))
    stored.write_text("altered")
    for place, asked in ((home, "backup"), (tmp_path / "back", "restore")):
        result = leviers(place, asked, tmp_path / "b")
        assert result.exit_code == 3
        assert f"{DATASET.dataset_id}: sau.csv was altered in the store" in result.output


@pytest.mark.parametrize(
    ("name", "link"), [("../evil", None), ("raw/../../../evil", None), ("raw/x", "/etc/passwd"), ("raw/x", "../../..")]
)
def test_nothing_of_a_backup_is_written_outside(tmp_path: Path, name: str, link: str | None) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = (tarfile.SYMTYPE, link) if link else (tarfile.REGTYPE, "")
    with tarfile.open(tmp_path / "b", "w:gz") as archive:
        archive.addfile(member)
    refused = leviers(tmp_path / "a" / "home", "restore", tmp_path / "b")
    assert (refused.exit_code, len(refused.output.splitlines())) == (1, 1)
    assert "is no whole backup" in refused.output
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")} == {"a", "a/home", "a/home/.lock", "b"}


@pytest.mark.parametrize("share", [0, 0.5, 0.98])
def test_a_file_that_is_no_whole_backup_leaves_nothing(tmp_path: Path, home: Path, share: float) -> None:
    leviers(home, "backup", tmp_path / "b")
    content = (tmp_path / "b").read_bytes()
    (tmp_path / "b").write_bytes(content[: int(share * len(content))])
    refused = leviers(tmp_path / "back", "restore", tmp_path / "b")
    assert (refused.exit_code, len(refused.output.splitlines())) == (1, 1)
    assert "is no whole backup" in refused.output
    assert set(files_of(tmp_path / "back")) == {".lock"}


def test_a_backup_of_a_newer_version_is_left_alone(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(homes, "FORMAT", homes.FORMAT + 1)
        patch.setattr(homes, "version", lambda _: "99.1.0")
        with writing(home):
            leviers(home, "backup", tmp_path / "b")
    refused = leviers(tmp_path / "empty", "restore", tmp_path / "b")
    assert (refused.exit_code, len(refused.output.splitlines())) == (1, 1)
    assert "was written by leviers 99.1.0, which this version, " in refused.output
    assert set(files_of(tmp_path / "empty")) == {".lock"}
