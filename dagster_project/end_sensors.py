"""Sensors that note and report the end of a run, as the command line does. The worker itself may die."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project.failure import FRENCH, NEVER_STARTED
from dagster_project.publication_asset import PUBLICATION
from dagster_project.purge import purge
from ingestion.fault import one_line
from leviers.text.message import Bilingual, Message, detail
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
    def events(kind: dg.DagsterEventType) -> list[dg.DagsterEvent]:
        return [log.get_dagster_event() for log in instance.all_logs(run.run_id, of_type=kind)]

    failures = [event.step_failure_data for event in events(dg.DagsterEventType.STEP_FAILURE)]
    if refused := [data for each in failures if (data := each.user_failure_data) and NEVER_STARTED in data.metadata]:
        never_started(home, DAGSTER, _reason(refused[0]), EXIT_STATUS[End.NEVER_STARTED])
        return
    begun = begin(home, DAGSTER, started_at)
    successes = events(dg.DagsterEventType.STEP_SUCCESS)
    seconds = {str(event.step_key): event.step_success_data.duration_ms / 1000 for event in successes}
    if run.status == dg.DagsterRunStatus.SUCCESS:
        is_faulty = missing_pages(home) or any(row.state in FAULTY for row in present_record(home).datasets)
        reports = events(dg.DagsterEventType.ASSET_MATERIALIZATION)
        materializations = [event.step_materialization_data.materialization for event in reports]
        is_published = any(
            each.asset_key == PUBLICATION and not each.metadata["unchanged"].value for each in materializations
        )
        end(home, begun, End.FAULTS if is_faulty else End.PUBLISHED if is_published else End.UNCHANGED, (), seconds)
    elif failures:
        end(home, begun, End.NOT_PUBLISHED, _why(home, failures), seconds)
    else:
        end(home, begun, End.INTERRUPTED, [Message("the run was stopped, or its process died")], seconds)


def _why(home: Path, failures: list[Any]) -> Iterator[str]:
    """Yields the reason of each step that failed."""
    for failure in failures:
        data, error = failure.user_failure_data, failure.error.cause or failure.error
        cause = _reason(data) if data else detail(one_line(error.message))
        yield Message("{cause} (more in {log})", cause=cause, log=home / LOGS)


def _reason(failure: Any) -> Bilingual:
    french = failure.metadata.get(FRENCH)
    return Bilingual(failure.description, french.value if french else failure.description)
