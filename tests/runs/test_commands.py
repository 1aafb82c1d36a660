"""Commands that the machine or a person stops end with one line; homes that are not for a run."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

import leviers.cli.job
import leviers.cli.main
from leviers.cli.commands import reporting_defect
from leviers.cli.main import main
from leviers.warehouse.home import HomeBusyError, RunState, write_run_state
from leviers.warehouse.log import KEPT_LOGS, output_to, run_log


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (KeyboardInterrupt(), 130, "interrupted: "),
        (RuntimeError("Query interrupted"), 130, "interrupted: "),
        (OSError(errno.ENOSPC, "No space left on device", "x"), 1, "Error: the disk is full: "),
        (RuntimeError("dbt_build: No space left on device"), 1, "Error: the disk is full: dbt_build: "),
        (RuntimeError("IO Error: Could not write file: No space left on device"), 1, "Error: the disk is full: "),
        (OSError(errno.EROFS, "Read-only file system", "/home"), 1, "Error: /home may not be read or written"),
        (PermissionError(errno.EACCES, "Permission denied", "/home"), 1, "Error: /home may not be read or written"),
        (HomeBusyError("another job is writing here"), 1, "Error: another job is writing here"),
    ],
)
def test_the_error_of_a_command_is_a_single_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, message: str
) -> None:
    def stop(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(leviers.cli.main, "refresh", stop)
    result = CliRunner().invoke(main, ["refresh"])
    assert result.exit_code == status
    assert result.output.strip().startswith(message)
    assert len(result.output.strip().splitlines()) == 1


def test_a_mistake_of_the_project_keeps_its_traceback(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*arguments: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "x")

    monkeypatch.setattr(leviers.cli.main, "refresh", stop)
    assert isinstance(CliRunner().invoke(main, ["refresh"]).exception, FileNotFoundError)


@pytest.mark.parametrize("command", ["refresh", "status"])
def test_a_home_that_is_a_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LEVIERS_HOME", str(tmp_path / "file" / "home"))
    result = CliRunner().invoke(main, [command])
    assert result.exit_code == 2
    assert f"LEVIERS_HOME must be a folder: {tmp_path / 'file'} is a file" in " ".join(result.output.split())


@pytest.mark.parametrize("arguments", [["refresh", "--offline"], ["commitments", "add", __file__]])
def test_a_home_without_write_access_is_told(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    """The home is in a folder of the kernel, where root may not write either."""
    monkeypatch.setenv("LEVIERS_HOME", "/sys/leviers")
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert result.output.startswith("Error: /sys/leviers may not be read or written (")
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize(
    ("held", "arguments", "message"),
    [
        (True, ["refresh", "--offline"], "bring it up to date with 'leviers demo', in Dagster with 'demo: true', or"),
        (True, ["refresh", "--as-of", "2026-01-01"], "holds the demo"),
        (False, ["demo"], "holds a warehouse of real files: set LEVIERS_HOME to another folder"),
    ],
)
def test_a_home_is_not_turned_into_the_other_kind(home: Path, held: bool, arguments: list[str], message: str) -> None:
    write_run_state(home, RunState(demo=held, fingerprint="x"))
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())
    assert not (home / "raw").exists()
    assert not (home / "logs").exists()


def test_without_files_nothing_is_built(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leviers.cli.job, "run_job", None)
    result = CliRunner().invoke(main, ["refresh", "--offline"])
    assert result.exit_code == 1
    first, last = result.output.splitlines()
    assert first.startswith("nothing to build from: there are no files of ")
    assert "etalab_decoupage (absent: no file in the mirror, and no network asked for)" in first
    [log] = home.glob("logs/*.log")
    assert last == f"not published: nothing was loaded (what was asked for is in {log})"
    lines = log.read_text().splitlines()
    assert any(
        "fetch: insee_cog: absent: no file in the mirror, and no network asked for; asked: nobody" in line
        for line in lines
    )
    assert len(lines) < 200


def test_the_last_logs_are_kept_and_hold_what_went_wrong(tmp_path: Path) -> None:
    paths = []
    (tmp_path / "logs").mkdir()
    for day in range(10, 10 + KEPT_LOGS):
        (tmp_path / "logs" / f"209901{day}T000000.000000.log").touch()  # the clock was ahead
    for number in range(KEPT_LOGS + 2):
        with run_log(tmp_path) as path, output_to(path):
            print("1 of 9 START sql view model a ... [RUN]\n1 of 9 OK created a [OK]\n3 of 9 FAIL 2 a_test")
            print(f"run {number}", end="")
        paths.append(path)
    assert sorted((tmp_path / "logs").iterdir()) == paths[-KEPT_LOGS:]
    assert paths[-1].read_text() == f"3 of 9 FAIL 2 a_test\nrun {KEPT_LOGS + 1}\n"


@pytest.mark.parametrize("arguments", [["territory", "31"], ["site"]])
def test_a_published_file_that_is_damaged_is_named(home: Path, arguments: list[str]) -> None:
    file = home / "published" / "leviers.duckdb"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"cut short" * 1000)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {file}: no DuckDB file that can be read: ")


def flipped_publication(home: Path) -> Path:
    """A published file that opens; one of its blocks holds other bytes than were written."""
    file = home / "published" / "leviers.duckdb"
    file.parent.mkdir(parents=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute("""
            create schema marts;
            create table marts.dim_territory as
            select range::varchar as territory_level, range::varchar as territory_code, md5(range::varchar) as name
            from range(400000);
            checkpoint
        """)
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 2)
        opened.write(b"flipped " * 2)
    return file


def test_a_published_file_with_flipped_bytes_is_told_in_a_line(home: Path) -> None:
    """It is no defect of the page that reads it."""
    file = flipped_publication(home)
    with pytest.raises(duckdb.Error), reporting_defect(Path("a.html")), duckdb.connect(str(file)) as connection:
        connection.execute("select max(name) from marts.dim_territory")
    (file.parent / "datapackage.json").write_text('{"resources": []}')
    result = CliRunner().invoke(main, ["diff", str(file), str(file)])
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert result.output.startswith("Error: a published file is damaged, the next refresh makes it again: ")
