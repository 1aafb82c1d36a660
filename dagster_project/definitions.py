"""The Dagster definitions: assets and checks, the refresh job, its schedules, the sensors that note its end."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from dagster_project.asset_checks import marts_gate
from dagster_project.described import by_producer
from dagster_project.end_sensors import end_sensor
from dagster_project.model_assets import Models
from dagster_project.publication_asset import build_publication
from dagster_project.purge import ENDS
from dagster_project.raw_assets import operations, producer_assets
from dagster_project.refresh_job import REFRESH_JOB, build_job, build_schedules
from dagster_project.resources import RefreshResource
from dagster_project.snapshot_asset import snapshots
from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.home import leviers_home


@dg.definitions
def defs() -> dg.Definitions:
    """Returns the definitions for the LEVIERS_HOME of the environment. Dagster loads them."""
    return build_defs(leviers_home())


def build_defs(home: Path) -> dg.Definitions:
    """Returns all definitions for one LEVIERS_HOME and any region."""
    models = Models(dbt_manifest())
    unowned = [
        snapshots,
        *(producer_assets(schema, datasets) for schema, datasets in by_producer().items()),
        operations,
        models.assets(),
        build_publication(models.published),
    ]
    assets = dg.map_asset_specs(lambda spec: spec.replace_attributes(owners=["team:leviers"]), unowned)
    job = build_job(models, assets)
    return dg.Definitions(
        assets=assets,
        asset_checks=[marts_gate],
        jobs=[job],
        schedules=build_schedules(job),
        sensors=[end_sensor(REFRESH_JOB, home, status) for status in ENDS],
        resources={"refresh": RefreshResource(home=home)},
        executor=dg.in_process_executor,
    )
