"""Removes old runs from Dagster's storage, but not those that last made an asset."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

KEPT_RUNS = 50
ENDS = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)


def purge(instance: dg.DagsterInstance, kept_runs: int = KEPT_RUNS) -> None:
    """Removes ended runs, but not the last ones or those that hold the latest materialisation of an asset.

    Dagster on SQLite, the default, keeps the events of a run in a file, and ``delete_run`` only empties it. Version
    1.13 has no call that removes a run's file, so it is removed by its path.
    """
    materializations = [record.asset_entry.last_materialization for record in instance.get_asset_records()]
    latest = {event.run_id for event in materializations if event}
    ended = [record.dagster_run.run_id for record in instance.get_run_records(dg.RunsFilter(statuses=list(ENDS)))]
    files = Path(instance.root_directory, "history", "runs")
    for run_id in ended[kept_runs:]:
        if run_id not in latest:
            instance.delete_run(run_id)
            instance.compute_log_manager.delete_logs(prefix=[run_id])
            for file in files.glob(f"{run_id}.db*"):
                file.unlink()
