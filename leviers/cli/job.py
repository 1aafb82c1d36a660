"""The refresh job of Dagster in this process: which assets it is asked for, and what it tells at its end."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg

from dagster_project.assets import CALLER, SNAPSHOTS, raw_key
from dagster_project.definitions import REFRESH_JOB, build_defs
from dagster_project.resources import RefreshResource
from ingestion.catalog import load_catalog
from ingestion.disk import DiskFullError, tells_full_disk
from ingestion.operations import LOAD_TABLES, SCHEMA_NAME
from ingestion.options import Options
from ingestion.read_ahead import ReadAhead, reading_ahead
from ingestion.snapshots import SnapshotStore
from leviers.cli.log import output_to
from leviers.cli.progress import job_progress
from leviers.text.message import Message, Text, detail
from leviers.warehouse.checks import collect_checks, first_line
from leviers.warehouse.first_contact import guesses
from leviers.warehouse.home import read_run_state

# as Dagster, Python and dlt call it
INTERRUPTIONS = {"DagsterExecutionInterruptedError", "KeyboardInterrupt", "SignalReceivedException"}


@dataclass(frozen=True)
class JobResult:
    """Whether any model was built, whether all went well, a line per problem, seconds by step that went well."""

    built: bool
    success: bool
    problems: list[str]
    seconds: dict[str, float] = field(default_factory=dict)


def run_job(options: Options, region: str, changed: list[str], *, everything: bool, log: Path) -> JobResult:
    """Runs the refresh job: the loads, then the lineage of what they brought, or all of it.

    Raises:
        KeyboardInterrupt: a person stopped the run.
        DiskFullError: the disk became full.
    """
    try:
        with (
            job_progress(sys.stderr, len(changed)) as hear,
            output_to(log, hear),
            reading_ahead(options, load_catalog() if everything else changed) as ahead,
        ):
            results = _run(options, region, changed, ahead, everything=everything)
    except dg.DagsterExecutionInterruptedError as error:
        raise KeyboardInterrupt from error
    _raise_what_stopped(results)
    return JobResult(
        built=everything or len(results) > 1,
        success=all(result.success for result in results),
        problems=_problem_lines(options.home, results, log),
        seconds={
            event.step_key: event.step_success_data.duration_ms / 1000
            for result in results
            for event in result.all_events
            if event.is_step_success and event.step_key
        },
    )


def _run(
    options: Options, region: str, changed: list[str], ahead: ReadAhead, *, everything: bool
) -> list[dg.ExecuteInProcessResult]:
    """One run of everything, or the loads of what changed and then a run of what depends on what was accepted."""
    catalog = load_catalog()
    # the events of this run are seen by nobody: a thousand checks, for tests that are run all the same, would take a
    # fifth of its time
    defs = build_defs(options.home, ahead, tests_as_checks=False)
    job, graph = defs.resolve_job_def(REFRESH_JOB), defs.resolve_asset_graph()
    instance = dg.DagsterInstance.ephemeral()
    config = RefreshResource.run_config(options, region)

    def run(selection: dg.AssetSelection) -> dg.ExecuteInProcessResult:
        keys = (selection - dg.AssetSelection.assets(SNAPSHOTS)).resolve(graph)  # fetched already
        part = job.get_subset(asset_selection=keys)
        return part.execute_in_process(config, instance=instance, raise_on_error=False, tags={CALLER: "refresh"})

    def raw(names: list[str]) -> dg.AssetSelection:
        return dg.AssetSelection.assets(
            *(raw_key(catalog[n], table) for n in names for table in catalog[n].table_names)
        )

    if everything:
        return [run(dg.AssetSelection.all())]
    last = read_run_state(options.home)
    unbuilt = last.unbuilt if last else ()
    store = SnapshotStore(options.home)
    held = {name: store.state(name).loaded for name in changed}
    loads = run(raw(changed))
    # of the others, what was held is in place, and the models are built from it
    new = [
        name
        for name in changed
        if name in unbuilt or (state := store.state(name)).reason is None or state.loaded != held[name]
    ]
    if not new or not loads.success:
        return [loads]
    operations = dg.AssetSelection.assets(*(dg.AssetKey([SCHEMA_NAME, name]) for name in LOAD_TABLES))
    return [loads, run((raw(new) | operations).downstream() - raw(list(catalog)))]


def _raise_what_stopped(results: Iterable[dg.ExecuteInProcessResult]) -> None:
    """Raises again what ended a step and is no finding of it."""
    for event in (event for result in results for event in result.all_events if event.is_step_failure):
        error = event.step_failure_data.error
        while error is not None:
            if error.cls_name in INTERRUPTIONS:
                raise KeyboardInterrupt
            if told := next((line.strip() for line in error.message.splitlines() if tells_full_disk(line)), None):
                raise DiskFullError(f"{event.step_key}: {told}")
            error = error.cause or error.context


def _problem_lines(home: Path, results: Iterable[dg.ExecuteInProcessResult], log: Path) -> list[str]:
    """A line per check that did not pass, but for those of the first contact, and per step that failed."""
    told_apart = guesses(home)
    lines: list[str] = [
        row.line
        for row in collect_checks(home)
        if row.status in ("failed", "crashed") and row.message not in told_apart
    ]
    for event in (event for result in results for event in result.all_events):
        if event.is_step_failure:
            failure = event.step_failure_data
            error, told = failure.error, failure.user_failure_data
            cause = told.description if told else (error.cause or error).message if error else None
            lines.append(
                Message(
                    "step {step} failed: {cause} (more in {log})",
                    step=event.step_key,
                    cause=cause if isinstance(cause, Text) else detail(first_line(cause or "")),
                    log=log,
                )
            )
    return lines
