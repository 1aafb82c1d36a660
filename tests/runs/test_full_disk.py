"""A disk that is full, or nearly: ``status``, messages and metrics are as on any disk."""

from __future__ import annotations

import pytest

from leviers.cli import run
from leviers.warehouse.runs import run_end
from tests.runs.stage import FULL, Stage, fill, little_room, stopped

NEW, NEVER = "disk below what a run needs (new)", "never started (new)"


def run_without_a_look_at_the_room(stage: Stage) -> tuple[int, list[str]]:
    """A run for which there was enough when it began."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "check_room", lambda _: None)
        return stage.run()


@pytest.fixture
def run_on_full_disk(stage: Stage) -> tuple[int, list[str]]:
    """The end of a run in which the disk became full to the last byte."""
    assert stage.run() == (0, [])
    well = stage.brought
    fill(stage)
    stopped(FULL)(stage)
    try:
        return run_without_a_look_at_the_room(stage)
    finally:
        stage.brought = well


def test_a_disk_that_is_full_to_the_last_byte_is_told_once(
    stage: Stage, run_on_full_disk: tuple[int, list[str]]
) -> None:
    """One cause makes one message."""
    assert run_on_full_disk == (1, [NEW])
    assert [stage.run() for _ in range(3)] == [(1, [])] * 3


@pytest.mark.usefixtures("run_on_full_disk")
def test_status_says_that_there_is_room_again(stage: Stage) -> None:
    stage.undo()
    first, *others = stage.status()[0].splitlines()
    assert first.endswith("; exit status 1; the disk was full, and there is room again: start the run again")
    assert not [line for line in others if ", since " in line]


@pytest.mark.usefixtures("run_on_full_disk")
def test_a_start_that_cannot_begin_ends_the_full_disk(stage: Stage) -> None:
    stage.undo()
    assert stage.run("--only", "x") == (2, ["disk below what a run needs (over)", NEVER])


@pytest.mark.usefixtures("run_on_full_disk")
def test_the_record_gets_its_place_back_once_there_is_room(stage: Stage) -> None:
    stage.undo()
    assert stage.run() == (0, ["disk below what a run needs (over)"])
    assert stage.light() == 0
    assert (stage.home / run_end.RESERVE).stat().st_size == run_end.RESERVED


def test_a_whole_reserve_is_not_written_again(stage: Stage) -> None:
    stage.refresh()
    first = (stage.home / run_end.RESERVE).stat()
    stage.refresh()
    assert (stage.home / run_end.RESERVE).stat().st_mtime_ns == first.st_mtime_ns


def test_a_start_that_can_note_nothing_is_told_on_the_terminal_alone(stage: Stage) -> None:
    """Without the reserve, as in a home of an older version, each start would send the same, and none its end."""
    stage.refresh()
    (stage.home / run_end.RESERVE).unlink()
    fill(stage)
    assert " MB are free, a run needs 300 MB" in stage.refresh().output
    assert stage.run() == (1, [])
    stage.undo()
    assert stage.run() == (0, [])


def test_a_wrong_option_on_a_full_disk_is_told_beside_it(stage: Stage) -> None:
    stage.refresh()
    little_room(stage)
    assert stage.run() == (1, [NEW])
    assert stage.run("--only", "x") == (2, [NEVER])
    assert "\nnever started, since " in stage.status()[0]


def test_a_failed_run_is_told_beside_a_disk_with_little_room(stage: Stage) -> None:
    stage.refresh()
    little_room(stage)
    stopped(ValueError("a model failed"))(stage)
    assert run_without_a_look_at_the_room(stage) == (1, [NEW, "not published (new)"])
