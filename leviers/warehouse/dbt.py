"""dbt on the working file of a home, started as Dagster does it."""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import version
from pathlib import Path

from dagster import AssetExecutionContext
from dagster_dbt import DbtCliInvocation, DbtCliResource
from packaging.version import Version

from leviers.warehouse.project import DBT_DIR, build_fingerprint, dbt_target


class Dbt(DbtCliResource):
    """The dbt of this environment. Its version is known: ``dbt --version`` would ask PyPI for a newer one."""

    @property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))


def dbt_manifest(home: Path, region: str) -> Path:
    """The dbt manifest, parsed again when a file of the project or the scope has changed.

    Raises:
        DagsterDbtCliRuntimeError: dbt cannot parse the project.
    """
    manifest, mark = dbt_target(home) / "manifest.json", dbt_target(home) / "fingerprint"
    fingerprint = build_fingerprint(region)
    if not manifest.exists() or not mark.exists() or mark.read_text() != fingerprint:
        run_dbt(home, region, "--quiet", "parse").wait()
        mark.write_text(fingerprint)
    return manifest


def run_dbt(
    home: Path,
    region: str,
    *arguments: str,
    context: AssetExecutionContext | None = None,
    target: Path | None = None,
) -> DbtCliInvocation:
    """Starts dbt on the working file of a home.

    The ``context`` of an asset restricts it to what that run asks for; ``target`` is where dbt writes, by default into
    the home.
    """
    os.environ["LEVIERS_WAREHOUSE"] = str(home / "warehouse.duckdb")  # what the profile of dbt reads
    dbt = Dbt(
        project_dir=str(DBT_DIR),
        profiles_dir=str(DBT_DIR),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
        global_config_flags=["--log-level-file", "info"],  # debugging every node takes a tenth of its time
    )
    variables = json.dumps({"region": region})
    return dbt.cli([*arguments, "--vars", variables], context=context, target_path=target or dbt_target(home))
