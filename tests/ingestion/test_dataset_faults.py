"""Isolation of faults: an error in a step of one dataset fails that one alone, and names its place in the code."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.catalog import load_catalog
from ingestion.fault import one_fault
from ingestion.fetch import fetch, unclaimed_files
from ingestion.operations import loaded_datasets
from ingestion.options import Options
from ingestion.readers import ReadError
from ingestion.snapshots import Edition, SnapshotStore
from leviers.warehouse.log import run_log
from tests.ingestion.broken_steps import DEFECT, STEPS, break_step
from tests.ingestion.groups import BETTER, GOOD, NAME, OTHER, put, refresh, rows
from tests.ingestion.helpers import states


@pytest.mark.warehouse
@pytest.mark.parametrize("step", STEPS)
def test_an_error_of_a_step_is_the_fault_of_its_dataset(options: Options, step: str) -> None:
    """The dataset was never good at first, then has last good data; in both cases the next run tries again."""
    store = SnapshotStore(options.home)
    put(options, GOOD)
    with pytest.MonkeyPatch.context() as patch, run_log(options.home) as log:
        break_step(patch, step, NAME)
        outcomes = refresh(options)
    assert re.fullmatch(f"failed, absent: {DEFECT}", outcomes[NAME])
    assert outcomes[OTHER].startswith("changed: loaded; ")
    assert (rows(options, OTHER) > 0, store.state(NAME).has_data) == (True, False)
    assert "Traceback (most recent call last):" in log.read_text()
    assert refresh(options)[NAME] == "changed: loaded; 2 rows"

    put(options, BETTER)
    with pytest.MonkeyPatch.context() as patch:
        break_step(patch, step, NAME)
        assert re.fullmatch(f"failed, kept last good: {DEFECT}", refresh(options)[NAME])
    state = store.state(NAME)
    assert (rows(options), state.loaded) == (2, state.accepted_id)
    assert refresh(options)[NAME] == "changed: loaded; 3 rows"


@pytest.mark.warehouse
def test_a_dataset_of_which_nothing_can_be_loaded_any_more_is_unloaded(options: Options) -> None:
    """The raw tables are made again, empty; the editions that were accepted stay in the store."""
    put(options, GOOD)
    refresh(options)
    put(options, BETTER)
    with pytest.MonkeyPatch.context() as patch:
        break_step(patch, "load", NAME, times=9)
        assert re.fullmatch(f"failed, absent: {DEFECT}", refresh(options)[NAME])
    state = SnapshotStore(options.home).state(NAME)
    assert (state.has_data, state.loaded, state.received) == (False, state.accepted_id, 0)
    assert NAME not in loaded_datasets(states(options.home))
    put(options, GOOD)
    assert refresh(options)[NAME] == "changed: loaded; 2 rows"


@pytest.mark.warehouse
def test_an_unreadable_last_edition_unloads_its_dataset_alone(options: Options) -> None:
    put(options, GOOD)
    refresh(options)
    put(options, BETTER)

    def unreadable(store: SnapshotStore, *arguments: object) -> Edition:
        raise PermissionError(13, "Permission denied", str(store.root))

    with pytest.MonkeyPatch.context() as patch:
        break_step(patch, "measure", NAME)
        patch.setattr(SnapshotStore, "last_whole_edition", unreadable)
        assert re.fullmatch(f"failed, absent: {DEFECT}", refresh(options)[NAME])
    state = SnapshotStore(options.home).state(NAME)
    assert (rows(options), state.has_data, state.loaded) == (0, False, state.accepted_id)
    assert NAME not in loaded_datasets(states(options.home))
    put(options, GOOD)
    assert refresh(options)[NAME] == "changed: loaded; 2 rows"


def test_a_file_that_was_never_loaded_is_forgotten_once_it_is_gone(options: Options) -> None:
    """A run died while it had the file; the next run does not take it up again."""
    store = SnapshotStore(options.home)
    put(options, GOOD)
    fetch(options, [NAME])
    assert store.state(NAME).pending
    (options.home / "inputs" / NAME / "groups.csv").unlink()
    [outcome] = fetch(options, [NAME])
    assert (outcome.status, store.state(NAME).pending) == ("absent", None)


def unlistable(folder: Path) -> Iterator[Path]:
    raise PermissionError(13, "Permission denied", str(folder))


@pytest.mark.parametrize("trouble", ["a loop", "a file", "dangling", "no rights"])
def test_a_folder_that_cannot_be_read_is_the_fault_of_its_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """Tests may run as root, to whom rights mean nothing."""
    folder, other = tmp_path / "mirror" / "bnlc", tmp_path / "mirror" / OTHER
    other.mkdir(parents=True)
    (other / "unknown.txt").touch()
    match trouble:
        case "a loop":
            folder.symlink_to(folder)
        case "a file":
            folder.touch()
        case "dangling":
            folder.symlink_to(folder.with_name("none"))
        case "no rights":
            folder.mkdir()
            lists = Path.iterdir
            monkeypatch.setattr(Path, "iterdir", lambda path: unlistable(path) if path == folder else lists(path))
    options = Options(home=tmp_path / "home", mirror=tmp_path / "mirror", offline=True)
    outcomes = {outcome.dataset_id: outcome for outcome in fetch(options, ["bnlc", OTHER])}
    failed = outcomes["bnlc"]
    assert failed.message.startswith(f"failed, absent: {folder} cannot be read: ")
    assert "defect" not in failed.message
    assert outcomes[OTHER].status == "changed"
    assert f"{OTHER}/unknown.txt" in unclaimed_files(options.mirror)


def test_a_refusal_keeps_its_own_words_and_a_defect_names_its_place() -> None:
    reasons: list[str] = []
    with one_fault(reasons.append):
        raise ReadError("a bad\nfile")
    with one_fault(reasons.append):
        load_catalog()["no_such_dataset"].model_dump()
    with one_fault(reasons.append):
        load_catalog()[NAME].table_name(None)  # type: ignore[arg-type]
    assert reasons[:2] == ["a bad file", "a defect of the program, at ?: KeyError: 'no_such_dataset'"]
    assert re.match(r"a defect of the program, at ingestion/catalog\.py:\d+: AttributeError: ", reasons[2])


def test_a_full_disk_or_an_interrupt_is_no_fault_of_a_dataset() -> None:
    for error in (OSError(28, "No space left on device"), KeyboardInterrupt()):
        with pytest.raises(type(error)), one_fault(lambda why: None):
            raise error


INTERRUPTED = """
import os, signal, threading
import duckdb
from ingestion.fault import one_fault
signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
with one_fault(print):
    duckdb.connect(config={"threads": 1}).sql("select sum(hash(range)) from range(1000000000000)").fetchall()
"""


def test_ctrl_c_in_a_query_is_a_person_s() -> None:
    """DuckDB raises an error of its own for Ctrl-C, in the place of Python's."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr.splitlines()[-1]) == ("", "KeyboardInterrupt")
