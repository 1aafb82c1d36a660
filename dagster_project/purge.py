"""Removes old runs from Dagster's storage, but not those that last made an asset."""

from __future__ import annotations

import shutil
from pathlib import Path

import dagster as dg

KEPT_RUNS = 50
ENDS = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)


def purge(instance: dg.DagsterInstance, kept_runs: int = KEPT_RUNS) -> None:
    """Removes ended runs, but not the last ones or those that hold the latest materialisation of an asset.

    Dagster keeps the events of a run in a file of its own and the printed output in a folder, where its storage is
    SQLite, the default: it empties that file, and both are removed here.
    """
    made = [record.asset_entry.last_materialization for record in instance.get_asset_records()]
    latest = {event.run_id for event in made if event}
    ended = [record.dagster_run.run_id for record in instance.get_run_records(dg.RunsFilter(statuses=list(ENDS)))]
    root = Path(instance.root_directory)
    for run_id in ended[kept_runs:]:
        if run_id not in latest:
            instance.delete_run(run_id)
            shutil.rmtree(root / "storage" / run_id, ignore_errors=True)
            for file in (root / "history" / "runs").glob(f"{run_id}.db*"):
                file.unlink()
