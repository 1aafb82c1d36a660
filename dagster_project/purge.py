"""Removal of old runs from Dagster's storage; the runs that last made an asset stay."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path

import dagster as dg

KEPT_RUNS = 50
ENDS = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)


def purge(instance: dg.DagsterInstance, kept_runs: int = KEPT_RUNS, say: Callable[[str], object] = print) -> None:
    """Removes the runs that ended, but the last ones and those that hold the latest materialisation of an asset.

    Their logs go too. In SQLite, Dagster's default, the room of their events is given back as well: Dagster empties the
    file of a run and keeps it. Any other storage has its own ways, and only the runs are removed.
    """
    made = [record.asset_entry.last_materialization for record in instance.get_asset_records()]
    latest = {event.run_id for event in made if event}
    ended = [record.dagster_run.run_id for record in instance.get_run_records(dg.RunsFilter(statuses=list(ENDS)))]
    old = [run_id for run_id in ended[kept_runs:] if run_id not in latest]
    root = Path(instance.root_directory)
    for run_id in old:
        instance.delete_run(run_id)
        shutil.rmtree(root / "storage" / run_id, ignore_errors=True)
    if old and not _is_sqlite(instance):
        say(f"{len(old)} old runs are removed; the room of their events is left to the storage of Dagster")
    elif old:
        for file in [file for run_id in old for file in (root / "history" / "runs").glob(f"{run_id}.db*")]:
            file.unlink()
        if instance.get_runs_count() == len(ended) - len(old):  # none is under way
            _shrink(root.glob("**/*.db"))


def _is_sqlite(instance: dg.DagsterInstance) -> bool:
    """Whether Dagster keeps its events in files of SQLite; it exports no class to compare with."""
    return type(instance.event_log_storage).__name__ == "SqliteEventLogStorage"


def _shrink(files: Iterable[Path]) -> None:
    """Gives the room of removed rows back; a file that is in use waits for the next time."""
    for file in files:
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file, timeout=1)) as connection:
            if connection.execute("pragma freelist_count").fetchone()[0]:
                connection.execute("vacuum")
            connection.execute("pragma wal_checkpoint(truncate)")
