"""The refresh job: its steps in order, and its schedules.

The steps are ops that report assets, so that a run begins at once: for a job of assets, Dagster writes an event for
each asset and check before the run is launched, and there are hundreds.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import dagster as dg

from dagster_project.asset_checks import gate_result
from dagster_project.described import SCHEDULE_GROUPS, TIME_ZONE, by_producer, group_of, schedule_of
from dagster_project.failure import in_words
from dagster_project.model_assets import Models
from dagster_project.publication_asset import publish_step
from dagster_project.raw_assets import load_step, write_tables
from dagster_project.report import job_events
from dagster_project.resources import RefreshResource, Results
from dagster_project.snapshot_asset import fetch_snapshots
from ingestion.catalog import load_catalog
from leviers.warehouse.steps import STEPS, Job

REFRESH_JOB = "refresh"
SCHEDULES_VARIABLE = "LEVIERS_SCHEDULES"
Body = Callable[[dg.OpExecutionContext, Job], Results]
Specs = Mapping[dg.AssetKey, dg.AssetSpec]


def build_job(models: Models, assets: Iterable[dg.AssetsDefinition]) -> dg.JobDefinition:
    """Returns the job that fetches what changed, loads, builds, checks and publishes. It reports the ``assets``."""
    specs = {spec.key: spec for definition in assets for spec in definition.specs}
    fetch = _step("fetch", fetch_snapshots, specs)
    loads = [
        _step(f"load_{schema}", partial(load_step, schema_name=schema, datasets=datasets), specs)
        for schema, datasets in by_producer().items()
    ]
    bodies: dict[Callable[[Job], Sequence[str]], Body] = {
        Job.load_operations: write_tables,
        Job.dbt_build: models.build_step,
        Job.gate: _gate_step,
        Job.publish: publish_step,
    }
    steps = [_step(step.__name__, bodies[step], specs) for step in STEPS]

    @dg.job(
        name=REFRESH_JOB,
        description=(
            "Fetches what changed, loads, builds everything, checks, publishes. Without configuration it asks the "
            "portals, for the region of the default scope; `resources: refresh: config:` takes region, mirror, "
            "offline, full, only, demo. A step that failed is run again alone, by *Re-execute from failure*."
        ),
    )
    def refresh() -> None:
        files = fetch()
        upstream = [load(after=files) for load in loads]
        for step in steps:
            upstream = step(after=upstream)

    return refresh


def _step(name: str, body: Body, specs: Specs) -> dg.OpDefinition:
    """Returns a step as an op, which is called with the steps before it, or with none. A check that blocks ends it."""

    @dg.op(name=name, ins={"after": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
    def step(context: dg.OpExecutionContext, refresh: RefreshResource) -> Iterator[Any]:
        yield from in_words(job_events(body(context, refresh.job()), context.instance, specs))

    return step


def _gate_step(_: dg.OpExecutionContext, job: Job) -> Results:
    if job.is_waiting:
        yield gate_result(job)


def build_schedules(job: dg.JobDefinition) -> list[dg.ScheduleDefinition]:
    """Returns a schedule for each group of datasets. A person starts them, or LEVIERS_SCHEDULES=on does."""
    is_on = os.environ.get(SCHEDULES_VARIABLE) == "on"
    groups = {
        name: [d.dataset_id for d in load_catalog().values() if d.is_built and group_of(d) == name]
        for name in SCHEDULE_GROUPS
    }
    return [
        dg.ScheduleDefinition(
            name=schedule_of(name),
            job=job,
            cron_schedule=SCHEDULE_GROUPS[name][1],
            execution_timezone=TIME_ZONE,
            run_config={"resources": {"refresh": {"config": {"only": datasets}}}},
            default_status=dg.DefaultScheduleStatus.RUNNING if is_on else dg.DefaultScheduleStatus.STOPPED,
            description=f"Asks for {len(datasets)} datasets, those of a {name} cadence, and builds what follows.",
        )
        for name, datasets in groups.items()
    ]
