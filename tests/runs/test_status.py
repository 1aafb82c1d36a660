"""``status``: a look, which takes no lock, makes no time up and answers for every home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from leviers.warehouse.home import OUTCOME_FILE
from leviers.warehouse.runs import run_end
from leviers.warehouse.runs.record import COMMAND_LINE, End, Kind
from leviers.warehouse.runs.run_end import begin
from tests.runs.stage import Stage, clock_set_back, held, killed, little_room, locked, newer_version, wrong_variable

UNSEEN = [
    (wrong_variable, "LEVIERS_RUN_EVERY must be a number of at least 1, found 'x'; correct the command that starts "),
    (newer_version, "{home} was written by leviers 99.1.0, "),
]
cannot_be_looked_at = pytest.mark.parametrize(("happens", "why"), UNSEEN, ids=["variable", "newer version"])


@cannot_be_looked_at
def test_a_home_that_cannot_be_looked_at_has_a_red_light(
    stage: Stage, happens: Callable[[Stage], None], why: str
) -> None:
    happens(stage)
    text, light = stage.status()
    assert text.startswith("red: no run is on record\n")
    assert f"\nnever started: {why.format(home=stage.home)}" in text
    assert light == 1


@cannot_be_looked_at
def test_a_home_that_cannot_be_looked_at_has_the_values_of_any_other(
    stage: Stage, happens: Callable[[Stage], None], why: str
) -> None:
    keys = stage.status_json().keys()
    happens(stage)
    values = stage.status_json()
    assert (values.keys(), values["light"]) == (keys, "red")
    [incident] = values["incidents"]
    assert incident["kind"] == Kind.NEVER_STARTED
    assert incident["text"][0].startswith(why.format(home=stage.home))


def damaged_record(stage: Stage) -> None:
    (stage.home / OUTCOME_FILE).write_text("{")


@pytest.mark.parametrize(
    ("happens", "since"),
    [
        (killed, "2099-01-01T00:00:00.001000Z"),  # the begin of the run
        (clock_set_back, None),
        (little_room, None),
        (wrong_variable, None),
        (newer_version, None),
        (damaged_record, None),
    ],
)
def test_status_invents_no_time_of_an_incident(
    stage: Stage, happens: Callable[[Stage], object], since: str | None
) -> None:
    """An incident that is not on record began at a time of its own, or at one that nobody knows."""
    happens(stage)
    looks = [stage.status_json() for _ in range(2)]
    assert looks[0]["runs"] == looks[1]["runs"]
    assert [[incident["since"] for incident in look["incidents"]] for look in looks] == [[since], [since]]


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
