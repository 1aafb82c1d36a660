"""A refresh: the fetch and, if something changed, the load and the build of all that depends on it."""

from __future__ import annotations

import atexit
import gc
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ingestion import fault
from ingestion.catalog import load_catalog
from ingestion.fetch import NOT_ASKED_FOR, fetch_step, unclaimed_files
from ingestion.load import after_load
from ingestion.options import Options, Outcome
from ingestion.snapshots import SnapshotStore
from ingestion.state import DatasetState
from leviers.cli.timings import FETCH, STARTING, timed
from leviers.common.disk import is_full_disk
from leviers.common.interrupt import is_interrupted
from leviers.warehouse.checks.first_contact import first_contact_lines, not_verified
from leviers.warehouse.home import (
    RunState,
    missing_pages,
    published_file,
    read_run_state,
    to_build,
    write_run_state,
    writing,
)
from leviers.warehouse.log import run_log
from leviers.warehouse.runs.damage import set_aside_damaged
from leviers.warehouse.runs.problems import check_room
from leviers.warehouse.runs.record import COMMAND_LINE, EXIT_STATUS, End
from leviers.warehouse.runs.run_end import begin, end, under_way

NOTHING_ACCEPTED = "nothing new was accepted: nothing rebuilt"
NEW_OBJECTS = 100_000  # dbt keeps millions of objects to the end: collecting garbage among them costs 7 % of a run
NOTHING_CHANGED = "nothing changed: nothing loaded, nothing rebuilt"


@dataclass(frozen=True)
class RefreshResult:
    """The end of a refresh, and ``why`` if it did not publish."""

    end: End
    outcomes: list[Outcome]
    published: Path | None
    seconds: dict[str, float]
    why: tuple[str, ...] = ()
    alerts_failed: bool = False

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.end] or (3 if self.alerts_failed else 0)


def refresh(options: Options, region: str, emit: Callable[[str], None]) -> RefreshResult:
    """Runs the main job; ``emit`` gets a line per dataset, then a line per check that did not pass, then the end.

    The end is noted in the home and sent to the addresses for alerts, except for a trial.

    Raises:
        NotStartedError: another job is writing into this home, or the disk has less room than a run needs.
    """
    with writing(options.home), run_log(options.home) as log:
        for line in set_aside_damaged(options.home):
            emit(line)
        if options.tried:
            return _refresh(options, region, emit, log)
        check_room(options.home)
        return _noted_refresh(options, region, emit, log)


def _noted_refresh(options: Options, region: str, emit: Callable[[str], None], log: Path) -> RefreshResult:
    with under_way(options.home):
        run = begin(options.home, COMMAND_LINE)
        try:
            result = _refresh(options, region, emit, log)
        except (KeyboardInterrupt, Exception) as error:
            if is_interrupted(error):
                end(options.home, run, End.INTERRUPTED, ["a person or the machine stopped the run"])
                raise KeyboardInterrupt from error
            is_full = is_full_disk(error)
            cause = f"the disk is full: {fault.one_line(error)}" if is_full else fault.why(error)
            with suppress(OSError):  # only the error that stopped the run is reported
                end(options.home, run.model_copy(update={"is_disk_full": is_full}), End.NOT_PUBLISHED, [cause])
            raise
        ended = end(options.home, run, result.end, result.why, result.seconds)
        for failure in ended.alerts_failed:
            emit(f"alerts: {failure}")
        return replace(result, alerts_failed=bool(ended.alerts_failed))


def _refresh(options: Options, region: str, emit: Callable[[str], None], log: Path) -> RefreshResult:
    gc.set_threshold(NEW_OBJECTS)
    atexit.register(gc.freeze)  # saves 3 s: Python would search all objects three times at its end
    seconds: dict[str, float] = {}
    with timed(seconds, FETCH):
        fetched = fetch_step(options, emit)
    outcomes = fetched.outcomes
    for file in unclaimed_files(options.mirror):
        emit(f"unclaimed in the mirror: {file}")
    if fetched.why_nothing_to_build:
        for outcome in outcomes:
            if outcome.status == "failed":
                emit(outcome.sentence)
        emit(fetched.why_nothing_to_build)
        emit(f"not published: nothing was loaded (what was asked for is in {log})")
        return RefreshResult(End.NOT_PUBLISHED, outcomes, None, seconds, (fetched.why_nothing_to_build,))
    last = read_run_state(options.home)
    editions = [outcome.edition for outcome in outcomes if outcome.edition]
    unbuilt = to_build(options, region)
    changed = sorted({*(unbuilt or ()), *(edition.dataset_id for edition in editions)})
    if not changed and unbuilt is not None:
        _emit_outcomes(outcomes, emit)
        emit(NOTHING_CHANGED)
        return _ended(options.home, End.UNCHANGED, outcomes, emit, seconds)
    if last and not options.full and (built_again := _why_built_again(last, unbuilt)):
        emit(built_again)
    with timed(seconds, STARTING):
        from leviers.cli.job import run_job

        states = SnapshotStore(options.home).states(load_catalog())
        job = run_job(options, region, states, editions, unbuilt, log=log)
    seconds[STARTING] -= sum(job.seconds.values())
    seconds |= job.seconds
    outcomes = [_after_load(outcome, states[outcome.dataset_id]) for outcome in outcomes]
    _emit_outcomes(outcomes, emit)
    for line in [*_warnings(states, changed), *job.problems, *first_contact_lines(states, changed)]:
        emit(line)
    if not job.success:
        emit(f"not published: the last published file is untouched (more in {log})")
        return RefreshResult(End.NOT_PUBLISHED, outcomes, None, seconds, tuple(job.problems[-1:]))
    published = published_file(options.home)
    if not job.built:
        if last:
            write_run_state(options.home, last)
        emit(NOTHING_ACCEPTED)
        return _ended(options.home, End.UNCHANGED, outcomes, emit, seconds)
    from leviers.cli.status import partial_year_lines, quarantine_lines

    for line in [*quarantine_lines(published), *partial_year_lines(published)]:
        emit(line)
    return _ended(options.home, End.PUBLISHED, outcomes, emit, seconds)


def _why_built_again(last: RunState, unbuilt: Collection[str] | None) -> str | None:
    if unbuilt is None and last.fingerprint is None:
        return "everything is built again: the last build ended badly, or a damaged file was set aside"
    if unbuilt is None:
        return "everything is built again: another version or scope, or a file that was built is gone"
    if unbuilt:
        return f"the last run did not end well: what depends on {', '.join(sorted(unbuilt))} is built again"
    return None


def _after_load(outcome: Outcome, state: DatasetState) -> Outcome:
    if outcome.status != "changed":
        return outcome
    loaded = after_load(outcome, state)
    if loaded.status != "changed":
        return loaded
    return replace(loaded, message=f"{loaded.message}{not_verified(loaded.dataset_id)}")


def _warnings(states: Mapping[str, DatasetState], names: list[str]) -> list[str]:
    """Returns the warnings of the readers about the verified datasets that were loaded."""
    verified = (name for name in names if not not_verified(name))
    return [f"warning: {warning}" for name in verified for warning in states[name].warnings]


def _emit_outcomes(outcomes: list[Outcome], emit: Callable[[str], None]) -> None:
    part = [outcome for outcome in outcomes if outcome.is_in_run]
    for outcome in part:
        if outcome.message != NOT_ASKED_FOR:
            emit(outcome.sentence)
    counts = Counter(outcome.status for outcome in part)
    statuses = ("changed", "unchanged", "absent", "failed")
    emit(f"datasets: {', '.join(f'{counts[status]} {status}' for status in statuses)}")


def _ended(
    home: Path, how: End, outcomes: list[Outcome], emit: Callable[[str], None], seconds: dict[str, float]
) -> RefreshResult:
    published = published_file(home)
    emit(f"published: {published}")
    failed = any(outcome.status == "failed" for outcome in outcomes)
    missing = missing_pages(home)
    for line in missing.values():
        emit(f"missing: {line}")
    return RefreshResult(End.FAULTS if failed or missing else how, outcomes, published, seconds)
