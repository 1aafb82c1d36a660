"""Notes the end of a run in the home, ends runs whose process died, and forgets old ones."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
from filelock import FileLock, Timeout

from dagster_project.failure import NEVER_STARTED
from dagster_project.subjects import PUBLICATION
from ingestion.fault import one_line
from leviers.warehouse.home import missing_pages
from leviers.warehouse.log import LOGS
from leviers.warehouse.runs.record import DAGSTER, GOOD, End, Run
from leviers.warehouse.runs.run_end import end, now, present_record

WORKER_LOCK = ".dagster.lock"  # held by the process of a run as long as it lives
END_TAG = "leviers/end"
FAULTY = ("refused", "not_fetched")
KEPT_RUNS = 50
GRACE_SECONDS = 30  # in which a process that has begun comes to hold the lock
LOADED_AT = time.time()
ACTIVE = (dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)
STOPPED = (dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.CANCELED)
BAD = (dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
DIED = "the run was stopped, or its process died"


@contextmanager
def alive(home: Path) -> Iterator[None]:
    """Holds the lock that shows that the process of a run is alive."""
    with FileLock(home / WORKER_LOCK):
        yield


def begun_at(instance: dg.DagsterInstance, run_id: str) -> datetime:
    """Returns when a run began, or was launched."""
    record = instance.get_run_record_by_id(run_id)
    seconds = record and (record.start_time or record.create_timestamp.timestamp())
    return datetime.fromtimestamp(seconds, UTC) if seconds else now()


def note_end(home: Path, instance: dg.DagsterInstance, run_id: str, begun: Run | None) -> None:
    """Notes how a run ended, with its reasons, and sends alerts. Its own process does so, at its end.

    A good run of chosen assets that publishes nothing is not noted.
    """
    if is_noted(instance, run_id):  # a run by `dagster job execute` opens its resources again after its end
        return
    failures = [event.step_failure_data for event in _events(instance, run_id, dg.DagsterEventType.STEP_FAILURE)]
    made = _events(instance, run_id, dg.DagsterEventType.ASSET_MATERIALIZATION)
    is_published = any(event.asset_key == PUBLICATION for event in made)
    how = _how(home, instance, run_id, failures, is_published=is_published)
    if begun or is_published or how not in GOOD:
        successes = _events(instance, run_id, dg.DagsterEventType.STEP_SUCCESS)
        seconds = {str(event.step_key): event.step_success_data.duration_ms / 1000 for event in successes}
        run = begun or Run(started_at=begun_at(instance, run_id), by=DAGSTER, is_disk_full=how == End.NEVER_STARTED)
        end(home, run, how, _why(home, how, failures), seconds)
    _mark(instance, run_id, how)


def is_noted(instance: dg.DagsterInstance, run_id: str) -> bool:
    run = instance.get_run_by_id(run_id)
    return run is not None and run.tags.get(END_TAG, "").endswith(run_id[:8])


def _mark(instance: dg.DagsterInstance, run_id: str, how: End) -> None:
    """Writes how a run ended into a tag, with its id, since a run that is executed again inherits the tags."""
    instance.add_run_tags(run_id, {END_TAG: f"{how} {run_id[:8]}"})


def _how(home: Path, instance: dg.DagsterInstance, run_id: str, failures: list[Any], *, is_published: bool) -> End:
    """Returns how a run with these failed steps ended."""
    if any(NEVER_STARTED in each.user_failure_data.metadata for each in failures if each.user_failure_data):
        return End.NEVER_STARTED
    run = instance.get_run_by_id(run_id)
    if run and run.status in STOPPED:
        return End.INTERRUPTED
    if failures:
        return End.NOT_PUBLISHED
    if missing_pages(home) or any(row.state in FAULTY for row in present_record(home).datasets):
        return End.FAULTS
    return End.PUBLISHED if is_published else End.UNCHANGED


def _events(instance: dg.DagsterInstance, run_id: str, kind: dg.DagsterEventType) -> list[dg.DagsterEvent]:
    return [log.get_dagster_event() for log in instance.all_logs(run_id, of_type=kind)]


def _why(home: Path, how: End, failures: list[Any]) -> Iterator[str]:
    """Yields the reason of each step that failed, or that of an interrupted run."""
    for failure in failures:
        data, error = failure.user_failure_data, failure.error.cause or failure.error
        cause = data.description if data else one_line(error.message)
        yield cause if how == End.NEVER_STARTED else f"{cause} (more in {home / LOGS})"
    if how == End.INTERRUPTED:
        yield DIED


def build_keeper(home: Path) -> dg.SensorDefinition:
    """Returns the sensor that does what the process of a run cannot do once it has died."""

    @dg.sensor(
        name="run_keeper",
        minimum_interval_seconds=GRACE_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Ends runs whose process died, so that the next one starts; notes their end; forgets old runs.",
    )
    def run_keeper(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        keep(home, context.instance)
        return dg.SkipReason("no run is launched here")

    return run_keeper


def keep(home: Path, instance: dg.DagsterInstance) -> None:
    """Ends dead runs, notes those that could not note their end themselves, and forgets old ones."""
    if not _is_alive(home):
        for record in instance.get_run_records(dg.RunsFilter(statuses=list(ACTIVE))):
            # A process that is being started is known by nothing, so only one of an earlier server counts as dead.
            last = record.start_time or record.update_timestamp.replace(tzinfo=UTC).timestamp()
            if last < (time.time() if record.start_time else LOADED_AT) - GRACE_SECONDS:
                instance.report_run_failed(record.dagster_run, DIED)
    for record in instance.get_run_records(dg.RunsFilter(statuses=list(BAD)), limit=KEPT_RUNS):
        run_id, status = record.dagster_run.run_id, record.dagster_run.status
        if (record.start_time or status == dg.DagsterRunStatus.FAILURE) and not is_noted(instance, run_id):
            end(home, Run(started_at=begun_at(instance, run_id), by=DAGSTER), End.INTERRUPTED, [DIED])
            _mark(instance, run_id, End.INTERRUPTED)
    purge(instance)


def _is_alive(home: Path) -> bool:
    try:
        with FileLock(home / WORKER_LOCK, timeout=0):
            return False
    except (Timeout, OSError):  # without a home, nothing can be known
        return True


def purge(instance: dg.DagsterInstance, kept_runs: int = KEPT_RUNS) -> None:
    """Removes ended runs, but not the last ones or those that hold the latest materialisation of an asset.

    Dagster on SQLite, the default, keeps the events of a run in a file, and ``delete_run`` only empties it. Version
    1.13 has no call that removes a run's file, so it is removed by its path.
    """
    ends = [dg.DagsterRunStatus.SUCCESS, *BAD]
    ended = [record.dagster_run.run_id for record in instance.get_run_records(dg.RunsFilter(statuses=ends))]
    if len(ended) <= kept_runs:
        return
    materializations = [record.asset_entry.last_materialization for record in instance.get_asset_records()]
    latest = {event.run_id for event in materializations if event}
    files = Path(instance.root_directory, "history", "runs")
    for run_id in ended[kept_runs:]:
        if run_id not in latest:
            instance.delete_run(run_id)
            instance.compute_log_manager.delete_logs(prefix=[run_id])
            for file in files.glob(f"{run_id}.db*"):
                file.unlink()
