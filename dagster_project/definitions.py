"""The Dagster definitions: raw tables (dlt), models (dbt), checks, the refresh job, its schedule, publication."""

from __future__ import annotations

import dagster as dg
from dagster_dbt import DbtCliResource

from dagster_project.assets import (
    RefreshResource,
    build_dbt_assets,
    build_publication,
    build_raw_assets,
    marts_gate,
    operations,
)
from ingestion.refresh import Options
from leviers.project import DBT_DIR, dbt_executable, dbt_manifest, leviers_home

REFRESH_JOB = "refresh"


def build_defs(refresh: RefreshResource | None = None) -> dg.Definitions:
    """All definitions for one LEVIERS_HOME; without an argument, for the environment's and a live refresh."""
    refresh = refresh or RefreshResource.of(Options(home=leviers_home()), region="76", fetched=False)
    manifest = dbt_manifest(refresh.options.home, refresh.region)
    job = dg.define_asset_job(REFRESH_JOB, selection=dg.AssetSelection.all())
    return dg.Definitions(
        assets=[*build_raw_assets(), operations, build_dbt_assets(manifest), build_publication(manifest)],
        asset_checks=[marts_gate],
        jobs=[job],
        schedules=[dg.ScheduleDefinition(name="weekly_refresh", job=job, cron_schedule="0 4 * * 1")],
        resources={
            "refresh": refresh,
            "dbt": DbtCliResource(project_dir=str(DBT_DIR), profiles_dir=str(DBT_DIR), dbt_executable=dbt_executable()),
        },
        executor=dg.in_process_executor,
    )
