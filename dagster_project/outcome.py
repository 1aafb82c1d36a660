"""The end of a run in Dagster, noted and told as that of the command line is: by sensors, since a worker may die."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project.assets import FRENCH, NEVER_STARTED, PUBLICATION
from dagster_project.purge import ENDS, purge
from leviers.text.message import Bilingual, Message
from leviers.warehouse.home import missing_pages
from leviers.warehouse.outcome import begin, current, end, never_started
from leviers.warehouse.record import DAGSTER, EXIT_STATUS, End

FAULTY = ("refused", "not_fetched")
LONGEST = 500


def end_sensors(job_name: str, home: Path) -> list[dg.SensorDefinition]:
    """A sensor for each end of a run of the job. Who chose a part of the job knows what that leaves."""
    return [_end_sensor(job_name, home, status) for status in ENDS]


def _end_sensor(job_name: str, home: Path, status: dg.DagsterRunStatus) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        run_status=status,
        name=f"note_{status.value.lower()}",
        description="Notes in the home how a run ended, tells who is to know, forgets old runs.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def note_end(context: dg.RunStatusSensorContext) -> None:
        run = context.dagster_run
        if run.job_name == job_name and not run.asset_selection:
            record = context.instance.get_run_record_by_id(run.run_id)
            since = record.start_time if record else None
            _note(home, context.instance, run, datetime.fromtimestamp(since, UTC) if since else None)
        purge(context.instance)

    return note_end


def _note(home: Path, instance: dg.DagsterInstance, run: dg.DagsterRun, started_at: datetime | None) -> None:
    failures = [
        log.dagster_event.step_failure_data
        for log in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
        if log.dagster_event
    ]
    reports = [failure.user_failure_data for failure in failures if failure.user_failure_data]
    if any(NEVER_STARTED in data.metadata for data in reports):
        why = "; ".join(data.description or "" for data in reports)
        never_started(home, DAGSTER, why, EXIT_STATUS[End.NEVER_STARTED])
        return
    begun = begin(home, DAGSTER, started_at)
    logs = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_SUCCESS)
    seconds = {str(log.step_key): log.get_dagster_event().step_success_data.duration_ms / 1000 for log in logs}
    if run.status == dg.DagsterRunStatus.SUCCESS:
        is_faulty = missing_pages(home) or any(row.state in FAULTY for row in current(home).datasets)
        made = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
        is_published = any(log.dagster_event and _is_publishing(log.dagster_event) for log in made)
        end(home, begun, End.FAULTS if is_faulty else End.PUBLISHED if is_published else End.UNCHANGED, (), seconds)
    elif failures:
        end(home, begun, End.NOT_PUBLISHED, _why(instance, run, failures), seconds)
    else:
        end(home, begun, End.INTERRUPTED, [Message("the run was stopped, or its process died")], seconds)


def _is_publishing(event: dg.DagsterEvent) -> bool:
    """Whether it is the event of a publication that the run itself has made."""
    metadata = event.step_materialization_data.materialization.metadata
    return event.asset_key == PUBLICATION and not metadata["unchanged"].value


def _why(instance: dg.DagsterInstance, run: dg.DagsterRun, failures: list[Any]) -> Iterator[str]:
    """What the checks that block have found, else what the steps that failed say."""
    checks = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    evaluated = [log.dagster_event.event_specific_data for log in checks if log.dagster_event]
    blocking = [each for each in evaluated if isinstance(each, dg.AssetCheckEvaluation) and _blocks(each)]
    if blocking:
        yield from (check.description or check.check_name for check in blocking)
        return
    for failure in failures:
        data, error = failure.user_failure_data, failure.error.cause or failure.error
        english = " ".join(error.message.split())[:LONGEST]
        yield Bilingual(data.description, data.metadata[FRENCH].value) if data and FRENCH in data.metadata else english


def _blocks(check: dg.AssetCheckEvaluation) -> bool:
    return bool(check.blocking and not check.passed and check.severity == dg.AssetCheckSeverity.ERROR)
