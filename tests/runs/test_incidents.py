"""Each staged incident is told once, in the same words, by exit status, message, ``status``, record and metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from leviers.warehouse.runs.record import End, Kind, RunRecord, label, read_record
from tests.runs.stage import (
    FULL,
    STARTED,
    Stage,
    entered,
    failing,
    late,
    little_room,
    locked,
    missing_page,
    newer_version,
    no_ground,
    older,
    refused,
    silent,
    staged,
    stopped,
    wrong_variable,
)

pytestmark = pytest.mark.xdist_group("incidents")
BEGAN = STARTED.isoformat()


@dataclass(frozen=True)
class Ending:
    """How a run ends, its exit status, and that of ``status`` after it."""

    end: End
    exit_status: int
    light: int


WITH_FAULTS = Ending(End.FAULTS, exit_status=3, light=3)
UNCHANGED = Ending(End.UNCHANGED, exit_status=0, light=3)
NOT_PUBLISHED = Ending(End.NOT_PUBLISHED, exit_status=1, light=1)
INTERRUPTED = Ending(End.INTERRUPTED, exit_status=130, light=1)
NEVER_STARTED = Ending(End.NEVER_STARTED, exit_status=1, light=1)
WRONG_USE = Ending(End.NEVER_STARTED, exit_status=2, light=1)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An incident: its kind, the words on it and the next action, and how the run that meets it ends."""

    stage: Callable[[Stage], object]
    kind: Kind
    subject: str = ""
    words: str
    action: str
    ending: Ending
    arguments: tuple[str, ...] = ()


MEND = "mend that, then start the run again"
GO_ON, CORRECT = "the next run goes on from there", "correct the command that starts the run, or its variables"
FAULTS = {
    "refused": Fault(
        stage=refused,
        kind=Kind.REFUSED,
        subject="bnlc",
        words="bnlc: a.csv: no column x",
        action="'leviers sources --probe' says what changed at a portal; or load a file with --mirror",
        ending=WITH_FAULTS,
    ),
    "entered": Fault(
        stage=entered,
        kind=Kind.REFUSED,
        subject="entered_value",
        words="entered_value: a.csv: no column x; its files lie in ",
        action=" and enter its rows again by 'leviers indicators add FILE'; "
        "then 'leviers refresh --offline --region 76'",
        ending=UNCHANGED,
    ),
    "older": Fault(
        stage=older,
        kind=Kind.OLDER,
        subject="bnlc",
        words="bnlc: older than the edition before: its newest year is 2023, 2025 there",
        action="look whether the producer took the newer edition back",
        ending=UNCHANGED,
    ),
    "silent": Fault(
        stage=silent,
        kind=Kind.SILENT,
        subject="www.data.gouv.fr",
        words="no file arrived in 3 runs in a row: bnlc: failed, kept last good: h did not answer",
        action="type 'leviers sources --probe', which says what to do; or load a file with --mirror",
        ending=WITH_FAULTS,
    ),
    "late": Fault(
        stage=late,
        kind=Kind.LATE,
        subject="bnlc",
        words="bnlc: the newest observation is of 2098-11-30, a newer one was expected by 2099-03-03",
        action="look on the page of the producer for a newer edition; correct a cadence that is wrong",
        ending=UNCHANGED,
    ),
    "gate": Fault(
        stage=lambda stage: failing(stage, "step gate failed: x", gate=True),
        kind=Kind.NOT_PUBLISHED,
        words="step gate failed: x",
        action=MEND,
        ending=NOT_PUBLISHED,
    ),
    "ground": Fault(
        stage=no_ground,
        kind=Kind.NOT_PUBLISHED,
        words="nothing to build from: no files",
        action=MEND,
        ending=NOT_PUBLISHED,
    ),
    "page": Fault(
        stage=missing_page,
        kind=Kind.PAGE,
        subject="a.html",
        words="a.html: why",
        action="it is a defect: send this line to those who maintain the code",
        ending=WITH_FAULTS,
    ),
    "room": Fault(
        stage=little_room,
        kind=Kind.DISK,
        words=" MB are free, a run needs 300 MB",
        action="make room, then start the run again",
        ending=NEVER_STARTED,
    ),
    "full disk": Fault(
        stage=stopped(FULL), kind=Kind.NOT_PUBLISHED, words="the disk is full: ", action=MEND, ending=NOT_PUBLISHED
    ),
    "Ctrl-C": Fault(
        stage=stopped(KeyboardInterrupt()),
        kind=Kind.INTERRUPTED,
        words="a person or the machine stopped the run",
        action=GO_ON,
        ending=INTERRUPTED,
    ),
    "interrupted query": Fault(
        stage=stopped(RuntimeError("Query interrupted")),
        kind=Kind.INTERRUPTED,
        words="a person or the machine stopped the run",
        action=GO_ON,
        ending=INTERRUPTED,
    ),
    "locked": Fault(
        stage=locked,
        kind=Kind.NEVER_STARTED,
        words="another job is writing here",
        action="wait for its end",
        ending=NEVER_STARTED,
    ),
    "arguments": Fault(
        stage=lambda _: None,
        arguments=("--only", "x"),
        kind=Kind.NEVER_STARTED,
        words="no such dataset: x",
        action=CORRECT,
        ending=WRONG_USE,
    ),
    "option": Fault(
        stage=lambda _: None,
        arguments=("--region", "99"),
        kind=Kind.NEVER_STARTED,
        words="'99' is not one of",
        action=CORRECT,
        ending=WRONG_USE,
    ),
    "variable": Fault(
        stage=wrong_variable,
        kind=Kind.NEVER_STARTED,
        words="LEVIERS_RUN_EVERY must be a number of at least 1, found 'x'",
        action=CORRECT,
        ending=WRONG_USE,
    ),
    "newer version": Fault(
        stage=newer_version,
        kind=Kind.NEVER_STARTED,
        words=" was written by leviers 99.1.0, ",
        action="install that one, or restore a backup of before",
        ending=NEVER_STARTED,
    ),
}


@dataclass(frozen=True)
class Walk:
    """A run that meets an incident, the next one that does, and two after it was mended: what was told of them."""

    fault: Fault
    statuses: list[int]
    messages: list[list[str]]
    pings: list[int]
    shown: str
    light: int
    quiet: tuple[str, int]
    values: dict[str, Any]
    record: RunRecord
    metrics: list[str]
    light_after: int
    metrics_after: list[str]


@pytest.fixture(scope="module", params=list(FAULTS.values()), ids=list(FAULTS))
def walk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """An incident that was staged, told, and mended."""
    home = tmp_path_factory.mktemp("incident")
    with pytest.MonkeyPatch.context() as patch, contextmanager(staged)(home, patch) as stage:
        yield walked(stage, request.param)


def walked(stage: Stage, fault: Fault) -> Walk:
    assert (stage.run(), stage.light()) == ((0, []), 0), "all is well before"
    statuses, messages, pings, well = [], [], [], stage.brought

    def run(*arguments: str) -> None:
        before = stage.pings
        statuses.append(stage.refresh(*arguments).exit_code)
        messages.append(stage.new_messages())
        pings.append(stage.pings - before)

    fault.stage(stage)
    for _ in range(2):
        run(*fault.arguments)
    (shown, light), record, metrics = stage.status(), read_record(stage.home), stage.metrics()
    quiet, values = stage.status("--quiet"), stage.status_json()
    stage.brought = well
    stage.undo()
    stage.publish()
    stage.know()
    for _ in range(2):
        run()
    after, metrics_after = stage.light(), stage.metrics()
    return Walk(fault, statuses, messages, pings, shown, light, quiet, values, record, metrics, after, metrics_after)


def test_a_run_ends_with_the_status_of_the_incident(walk: Walk) -> None:
    assert walk.statuses == [walk.fault.ending.exit_status, walk.fault.ending.exit_status, 0, 0]


def test_an_incident_begins_with_one_message(walk: Walk) -> None:
    [new], again, *_ = walk.messages
    assert new.startswith(f"leviers: {label(walk.fault.kind)} (new): ")
    assert walk.fault.words in new
    assert again == []


def test_an_incident_ends_with_one_message(walk: Walk) -> None:
    *_, [over], last = walk.messages
    assert over.startswith(f"leviers: {label(walk.fault.kind)} (over): from {BEGAN} to 2099-01-01T00:00:")
    assert last == []


def test_a_message_ends_with_the_next_action(walk: Walk) -> None:
    message = walk.messages[0][0]
    assert message.endswith(walk.fault.action)
    assert ".; " not in message, "no full stop stands before it"


def test_a_ping_follows_a_run_that_published(walk: Walk) -> None:
    is_published = walk.fault.ending.exit_status in (0, 3)
    assert walk.pings == [is_published, is_published, True, True]


def test_status_has_the_light_and_the_end_of_the_run(walk: Walk) -> None:
    assert (walk.light, walk.light_after) == (walk.fault.ending.light, 0)
    light = "amber" if walk.fault.ending.light == 3 else "red"
    assert walk.shown.startswith(f"{light}: the last run: {label(walk.fault.ending.end)}, ")


def test_status_for_a_probe_says_the_same(walk: Walk) -> None:
    assert walk.quiet == ("", walk.light)
    assert walk.values["exit_status"] == walk.light


def test_status_has_a_line_for_the_incident_alone(walk: Walk) -> None:
    [line] = [line for line in walk.shown.splitlines() if f", since {BEGAN}: " in line]
    assert line.startswith(f"{label(walk.fault.kind)}, since ")
    assert walk.fault.words in line
    assert line.endswith(walk.fault.action)


def test_the_record_has_the_run_and_the_incident_alone(walk: Walk) -> None:
    assert walk.record.last_run
    assert (walk.record.last_run.end, walk.record.last_run.exit_status) == (
        walk.fault.ending.end,
        walk.fault.ending.exit_status,
    )
    assert [(each.kind, each.subject, each.told_at is None) for each in walk.record.incidents] == [
        (walk.fault.kind, walk.fault.subject, False)
    ]


def test_the_metrics_have_the_run_and_the_last_success(walk: Walk) -> None:
    assert f"leviers_run_exit_status {walk.fault.ending.exit_status}" in walk.metrics
    assert f"leviers_run_success {int(walk.fault.ending.exit_status in (0, 3))}" in walk.metrics
    assert any(
        line.startswith(f"leviers_last_success_time_seconds {STARTED.timestamp():.0f}.") for line in walk.metrics
    )


def test_the_metrics_have_the_incident_while_it_lasts(walk: Walk) -> None:
    [since] = [line for line in walk.metrics if line.startswith("leviers_incident_since")]
    labels = f'{{kind="{walk.fault.kind}",subject="{walk.fault.subject}"}}'
    assert since.startswith(f"leviers_incident_since_seconds{labels} {STARTED.timestamp():.0f}.")
    assert not [line for line in walk.metrics_after if line.startswith("leviers_incident")]
