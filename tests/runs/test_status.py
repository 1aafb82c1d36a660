"""``status``: a look, which takes no lock, makes no time up and answers for every home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from leviers.warehouse.runs import run_end
from leviers.warehouse.runs.record import COMMAND_LINE, End, Kind
from leviers.warehouse.runs.run_end import begin
from tests.runs.stage import Stage, held, killed, locked, newer_version, wrong_variable


@pytest.mark.parametrize("happens", [wrong_variable, newer_version])
def test_a_home_that_cannot_be_looked_at_has_a_red_light_and_the_values_of_any_other(
    stage: Stage, happens: Callable[[Stage], None]
) -> None:
    keys = stage.status_json().keys()
    happens(stage)
    text, light = stage.status()
    assert (text.partition("\n")[0], light) == ("red: no run is on record", 1)
    looks = [stage.status_json() for _ in range(2)]
    assert (looks[0].keys(), looks[0]["light"]) == (keys, "red")
    assert [[(each["kind"], each["since"]) for each in look["incidents"]] for look in looks] == [
        [(Kind.NEVER_STARTED, None)]
    ] * 2, "no time is invented"


def test_a_run_that_is_under_way_did_not_die(stage: Stage) -> None:
    """A start that cannot begin beside it takes nothing from its record."""
    begun = begin(stage.home, COMMAND_LINE)
    locked(stage)
    with held(stage.home / ".run.lock"):
        assert stage.refresh().exit_code == 1
        assert "a run is under way since 2099-01-01" in stage.status()[0]
        run_end.end(stage.home, begun, End.PUBLISHED)
    stage.undo()
    assert stage.light() == 0


def test_status_takes_no_lock_that_a_run_wants(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a run that died, ``status`` takes only the lock of that run, to see whether it is under way."""
    killed(stage)
    locks: list[str] = []
    acquire = FileLock.acquire
    monkeypatch.setattr(FileLock, "acquire", lambda lock, *_: locks.append(Path(lock.lock_file).name) or acquire(lock))
    assert (stage.light(), set(locks)) == (1, {".run.lock"})
