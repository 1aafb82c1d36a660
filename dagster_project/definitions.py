"""The Dagster definitions: the assets with their checks, the refresh job, its schedule, what notes its end."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from dagster_project.assets import build_publication, build_raw_assets, operations, snapshots
from dagster_project.checks import marts_gate
from dagster_project.dbt import build_dbt_assets
from dagster_project.outcome import end_sensors
from dagster_project.resources import RefreshResource
from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.home import leviers_home

REFRESH_JOB = "refresh"


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster loads: the definitions for the LEVIERS_HOME of the environment."""
    return build_defs(leviers_home())


def build_defs(home: Path) -> dg.Definitions:
    """All definitions for one LEVIERS_HOME and any region."""
    manifest = dbt_manifest()
    job = dg.define_asset_job(
        REFRESH_JOB,
        selection=dg.AssetSelection.all(),
        description=(
            "Fetches what changed, loads, builds everything, checks, publishes. Without configuration it asks the "
            "portals, for the region of the default scope; `resources: refresh: config:` takes region, mirror, "
            "offline, full, only."
        ),
    )
    schedule = dg.ScheduleDefinition(
        name="weekly_refresh",
        job=job,
        cron_schedule="0 4 * * 1",
        description="The refresh job without configuration, Mondays at 4:00 UTC; stopped until a person starts it.",
    )
    return dg.Definitions(
        assets=[
            snapshots,
            *build_raw_assets(),
            operations,
            build_dbt_assets(manifest),
            build_publication(manifest),
        ],
        asset_checks=[marts_gate],
        jobs=[job],
        schedules=[schedule],
        sensors=end_sensors(REFRESH_JOB, home),
        resources={"refresh": RefreshResource(), "home": home},
        executor=dg.in_process_executor,
    )
