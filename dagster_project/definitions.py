"""The Dagster definitions: assets and checks, the refresh job, its schedules, the sensor that keeps its runs."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg

from dagster_project.asset_checks import gate
from dagster_project.described import SCHEDULE_GROUPS, TIME_ZONE, group_of, schedule_of
from dagster_project.model_assets import model_assets
from dagster_project.publication_asset import build_publication
from dagster_project.raw_assets import raw_assets
from dagster_project.resources import RefreshResource
from dagster_project.run_keeper import build_keeper
from dagster_project.snapshot_asset import files_specs, snapshots
from dagster_project.subjects import subjects
from ingestion.catalog import load_catalog
from leviers.warehouse.home import leviers_home

REFRESH_JOB = "refresh"
SCHEDULES_VARIABLE = "LEVIERS_SCHEDULES"


@dg.definitions
def defs() -> dg.Definitions:
    """Returns the definitions for the LEVIERS_HOME of the environment. Dagster loads them."""
    return build_defs(leviers_home())


def build_defs(home: Path) -> dg.Definitions:
    """Returns all definitions for one LEVIERS_HOME and any region."""
    known = subjects()
    definitions = [snapshots, raw_assets(), model_assets(known), build_publication(known.published)]
    job = dg.define_asset_job(
        REFRESH_JOB,
        selection=dg.AssetSelection.all(),
        description=(
            "Fetches what changed, loads, builds everything, checks, publishes. Without configuration it asks the "
            "portals, for the region of the default scope; `resources: refresh: config:` takes region, mirror, "
            "offline, full, only, demo. A step that failed is run again by *Re-execute from failure*."
        ),
    )
    return dg.Definitions(
        assets=[*dg.map_asset_specs(_owned, files_specs()), *dg.map_asset_specs(_owned, definitions)],
        asset_checks=[gate(known)],
        jobs=[job],
        schedules=build_schedules(),
        sensors=[build_keeper(home)],
        resources={"refresh": RefreshResource(home=home)},
        executor=dg.in_process_executor,
    )


def _owned(spec: dg.AssetSpec) -> dg.AssetSpec:
    return spec.replace_attributes(owners=["team:leviers"])


def build_schedules() -> list[dg.ScheduleDefinition]:
    """Returns a schedule for each group of datasets. A person starts them, or LEVIERS_SCHEDULES=on does."""
    is_on = os.environ.get(SCHEDULES_VARIABLE) == "on"
    groups = {
        name: [d.dataset_id for d in load_catalog().values() if d.is_built and group_of(d) == name]
        for name in SCHEDULE_GROUPS
    }
    return [
        dg.ScheduleDefinition(
            name=schedule_of(name),
            job_name=REFRESH_JOB,
            cron_schedule=SCHEDULE_GROUPS[name][1],
            execution_timezone=TIME_ZONE,
            run_config={"resources": {"refresh": {"config": {"only": datasets}}}},
            default_status=dg.DefaultScheduleStatus.RUNNING if is_on else dg.DefaultScheduleStatus.STOPPED,
            description=f"Asks for {len(datasets)} datasets, those of a {name} cadence, and builds what follows.",
        )
        for name, datasets in groups.items()
    ]
