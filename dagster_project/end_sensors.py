"""Sensors that note and report the end of a run, as the command line does. The worker itself may die."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project.failure import NEVER_STARTED
from dagster_project.publication_asset import PUBLICATION
from dagster_project.purge import purge
from ingestion.fault import one_line
from leviers.warehouse.home import missing_pages
from leviers.warehouse.log import LOGS
from leviers.warehouse.runs.record import DAGSTER, EXIT_STATUS, End
from leviers.warehouse.runs.run_end import begin, end, never_started, present_record

FAULTY = ("refused", "not_fetched")


def end_sensor(job_name: str, home: Path, status: dg.DagsterRunStatus) -> dg.SensorDefinition:
    """Returns a sensor for runs that end with a status. It notes runs of the job, not of chosen assets."""

    @dg.run_status_sensor(
        run_status=status,
        name=f"note_{status.value.lower()}",
        description=f"Of a run that ended with {status.value}: notes it in the home, sends alerts, forgets old runs.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def note_end(context: dg.RunStatusSensorContext) -> None:
        run = context.dagster_run
        if run.job_name == job_name:
            record = context.instance.get_run_record_by_id(run.run_id)
            since = record.start_time if record else None
            _note(home, context.instance, run, datetime.fromtimestamp(since, UTC) if since else None)
        purge(context.instance)

    return note_end


def _note(home: Path, instance: dg.DagsterInstance, run: dg.DagsterRun, started_at: datetime | None) -> None:
    """Notes the end of a run in the home, with its reasons, and sends alerts."""
    failures = [event.step_failure_data for event in _events(instance, run, dg.DagsterEventType.STEP_FAILURE)]
    how = _end_of(home, instance, run, failures)
    if how == End.NEVER_STARTED:
        never_started(home, DAGSTER, _refusals(failures)[0].description, EXIT_STATUS[how])
        return
    successes = _events(instance, run, dg.DagsterEventType.STEP_SUCCESS)
    seconds = {str(event.step_key): event.step_success_data.duration_ms / 1000 for event in successes}
    end(home, begin(home, DAGSTER, started_at), how, _why(home, how, failures), seconds)


def _end_of(home: Path, instance: dg.DagsterInstance, run: dg.DagsterRun, failures: list[Any]) -> End:
    """Returns how a run with these failed steps ended."""
    if _refusals(failures):
        return End.NEVER_STARTED
    if run.status != dg.DagsterRunStatus.SUCCESS:
        return End.NOT_PUBLISHED if failures else End.INTERRUPTED
    if missing_pages(home) or any(row.state in FAULTY for row in present_record(home).datasets):
        return End.FAULTS
    reports = _events(instance, run, dg.DagsterEventType.ASSET_MATERIALIZATION)
    made = [event.step_materialization_data.materialization for event in reports]
    is_new = any(asset.asset_key == PUBLICATION and not asset.metadata["unchanged"].value for asset in made)
    return End.PUBLISHED if is_new else End.UNCHANGED


def _events(instance: dg.DagsterInstance, run: dg.DagsterRun, kind: dg.DagsterEventType) -> list[dg.DagsterEvent]:
    return [log.get_dagster_event() for log in instance.all_logs(run.run_id, of_type=kind)]


def _refusals(failures: list[Any]) -> list[Any]:
    """Returns the data of the failed steps that the home or the disk refused, so that the run never started."""
    reasons = [failure.user_failure_data for failure in failures if failure.user_failure_data]
    return [reason for reason in reasons if NEVER_STARTED in reason.metadata]


def _why(home: Path, how: End, failures: list[Any]) -> Iterator[str]:
    """Yields the reason of each step that failed, or that of an interrupted run."""
    for failure in failures:
        data, error = failure.user_failure_data, failure.error.cause or failure.error
        cause = data.description if data else one_line(error.message)
        yield f"{cause} (more in {home / LOGS})"
    if how == End.INTERRUPTED:
        yield "the run was stopped, or its process died"
