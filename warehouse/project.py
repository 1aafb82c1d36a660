"""The checkout: where its parts are, the fingerprint of what builds the marts, and dbt on the file of a home."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagster import AssetExecutionContext
    from dagster_dbt import DbtCliInvocation

REPOSITORY = Path(__file__).resolve().parent.parent
DBT_DIR = REPOSITORY / "dbt"
HASHED_DIRS = (DBT_DIR, *(REPOSITORY / name for name in ("ingestion", "expectations", "warehouse", "dagster_project")))
HASHED_SUFFIXES = {".py", ".sql", ".yml", ".csv"}
REGIONS = ("01", "02", "03", "04", "06", "11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94")
DEFAULT_REGION = "76"


def build_fingerprint(region: str) -> str:
    """Hash of all that turns the same snapshots into the same marts: code, SQL, seeds, suites, scope."""
    digest = hashlib.sha256(region.encode())
    for directory in HASHED_DIRS:
        for path in sorted(directory.rglob("*")):
            if path.suffix in HASHED_SUFFIXES and "target" not in path.parts and path.is_file():
                digest.update(str(path.relative_to(REPOSITORY)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def policy_seed(name: str) -> Path:
    """The file of a seed of the policy: levers, their units, targets."""
    return DBT_DIR / "seeds" / "policy" / f"{name}.csv"


def dbt_target(home: Path) -> Path:
    """Where dbt keeps its manifest and results: in the home, so that homes do not disturb each other."""
    return home / "dbt"


def dbt_manifest(home: Path, region: str) -> Path:
    """The dbt manifest, parsed again when a file of the project or the scope has changed.

    Raises:
        DagsterDbtCliRuntimeError: dbt cannot parse the project.
    """
    manifest, mark = dbt_target(home) / "manifest.json", dbt_target(home) / "fingerprint"
    fingerprint = build_fingerprint(region)
    if not manifest.exists() or not mark.exists() or mark.read_text() != fingerprint:
        run_dbt(home, region, "parse").wait()
        mark.write_text(fingerprint)
    return manifest


def run_dbt(
    home: Path,
    region: str,
    *arguments: str,
    context: AssetExecutionContext | None = None,
    target: Path | None = None,
) -> DbtCliInvocation:
    """Starts dbt, as Dagster does it, on the working file of a home.

    The ``context`` of an asset restricts it to what that run asks for; ``target`` is where dbt writes, by default into
    the home.
    """
    from dagster_dbt import DbtCliResource

    os.environ["LEVIERS_WAREHOUSE"] = str(home / "warehouse.duckdb")  # what the profile of dbt reads
    dbt = DbtCliResource(
        project_dir=str(DBT_DIR),
        profiles_dir=str(DBT_DIR),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
    )
    variables = json.dumps({"region": region})
    return dbt.cli([*arguments, "--vars", variables], context=context, target_path=target or dbt_target(home))
