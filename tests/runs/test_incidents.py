"""Each staged incident is told once, and alike, by exit status, message, ``status``, record and metrics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from leviers.warehouse.runs.record import End, Kind, label, read_record
from tests.runs.stage import (
    FULL,
    STARTED,
    Stage,
    damaged,
    entered,
    failing,
    killed,
    late,
    little_room,
    locked,
    missing_page,
    newer_version,
    no_ground,
    older,
    refused,
    silent,
    stopped,
    wrong_variable,
)

BEGAN = STARTED.isoformat()
Staged = tuple[Callable[[Stage], object], Kind, str, str, End, int]
# What goes wrong, its kind, its subject and words, how the run that meets it ends and with which exit status.
FAULTS: dict[str, Staged] = {
    "refused": (refused, Kind.REFUSED, "bnlc", "bnlc: a.csv: no column x", End.FAULTS, 3),
    "entered": (entered, Kind.REFUSED, "entered_value", "entered_value: a.csv: no column x", End.UNCHANGED, 0),
    "older": (older, Kind.OLDER, "bnlc", "its newest year is 2023, 2025 there", End.UNCHANGED, 0),
    "silent": (silent, Kind.SILENT, "www.data.gouv.fr", "no file arrived in 3 runs in a row", End.FAULTS, 3),
    "late": (late, Kind.LATE, "bnlc", "the newest observation is of 2098-11-30", End.UNCHANGED, 0),
    "gate": (lambda stage: failing(stage, "gate: x", gate=True), Kind.NOT_PUBLISHED, "", "x", End.NOT_PUBLISHED, 1),
    "ground": (no_ground, Kind.NOT_PUBLISHED, "", "nothing to build from: no files", End.NOT_PUBLISHED, 1),
    "page": (missing_page, Kind.PAGE, "a.html", "a.html: why", End.FAULTS, 3),
    "room": (little_room, Kind.DISK, "", " MB are free, a run needs 300 MB", End.NEVER_STARTED, 1),
    "full disk": (stopped(FULL), Kind.NOT_PUBLISHED, "", "the disk is full: ", End.NOT_PUBLISHED, 1),
    "Ctrl-C": (stopped(KeyboardInterrupt()), Kind.INTERRUPTED, "", "stopped the run", End.INTERRUPTED, 130),
    "locked": (locked, Kind.NEVER_STARTED, "", "another job is writing here", End.NEVER_STARTED, 1),
    "variable": (wrong_variable, Kind.NEVER_STARTED, "", "must be a number of at least 1", End.NEVER_STARTED, 2),
    "newer version": (newer_version, Kind.NEVER_STARTED, "", "written by leviers 99.1.0", End.NEVER_STARTED, 1),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_an_incident_is_told_once_and_alike_and_its_end_too(stage: Stage, fault: Staged) -> None:
    happens, kind, subject, words, end, exit_status = fault
    light = 3 if exit_status in (0, 3) else 1
    assert (stage.run(), stage.light()) == ((0, []), 0), "all is well before"
    well = stage.brought

    happens(stage)
    pings = stage.pings
    assert stage.refresh().exit_code == exit_status
    [new] = stage.new_messages()
    assert new.startswith(f"leviers: {label(kind)} (new): ")
    assert words in new
    assert stage.run() == (exit_status, []), "it is told once"
    assert stage.pings - pings == 2 * (exit_status in (0, 3)), "a ping follows a run that published"
    shown, shown_light = stage.status()
    assert shown.startswith(f"{'amber' if light == 3 else 'red'}: the last run: {label(end)}, ")
    [line] = [line for line in shown.splitlines() if f", since {BEGAN}: " in line]
    assert words in line
    assert (shown_light, stage.status("--quiet"), stage.status_json()["exit_status"]) == (light, ("", light), light)
    record = read_record(stage.home)
    assert record.last_run
    assert (record.last_run.end, record.last_run.exit_status) == (end, exit_status)
    assert [(each.kind, each.subject, each.told_at is None) for each in record.incidents] == [(kind, subject, False)]
    assert f"leviers_run_exit_status {exit_status}" in stage.metrics()
    [since] = [line for line in stage.metrics() if line.startswith("leviers_incident_since")]
    assert since.startswith(f'leviers_incident_since_seconds{{kind="{kind}",subject="{subject}"}} ')

    stage.brought = well
    stage.undo()
    stage.publish()
    stage.know()
    assert stage.refresh().exit_code == 0
    [over] = stage.new_messages()
    assert over.startswith(f"leviers: {label(kind)} (over): from {BEGAN} to 2099-01-01T00:00:")
    assert (stage.run(), stage.light()) == ((0, []), 0)
    assert not [line for line in stage.metrics() if line.startswith("leviers_incident")]


@pytest.mark.parametrize(("happens", "kind"), [(killed, Kind.INTERRUPTED), (damaged, Kind.DAMAGED)])
def test_what_no_run_could_tell_is_red_until_the_next_run_tells_it(
    stage: Stage, happens: Callable[[Stage], object], kind: Kind
) -> None:
    assert stage.run() == (0, [])
    happens(stage)
    shown, light = stage.status()
    assert (shown.partition(": ")[0], light) == ("red", 1)
    assert f"\n{label(kind)}, since 2099-01-01T00:00:00" in shown
    assert stage.run() == (0, [f"{label(kind)} (new)", f"{label(kind)} (over)"])
    assert (stage.run(), stage.light()) == ((0, []), 0)


def test_an_open_incident_is_told_again_each_week(stage: Stage) -> None:
    missing_page(stage)
    messages = []
    for days in (0, 6, 6.9, 8, 13.8):  # the run of the same hour does not end at the same second
        stage.now = STARTED + timedelta(days=days)
        messages.append(stage.run()[1])
    still = ["page not made (still so)"]
    assert messages == [["page not made (new)"], [], still, [], still]


def test_a_home_without_a_run_for_too_long_is_red(stage: Stage) -> None:
    assert stage.run() == (0, [])
    stage.now += timedelta(days=40)
    text, light = stage.status()
    assert f"the last run ended on {BEGAN[:19]}" in text
    assert light == 1
