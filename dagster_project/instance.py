"""The instance of a run whose events nobody asks for once it has ended: it keeps none."""

from __future__ import annotations

from typing import Any

import dagster as dg
from dagster._core.instance.types import InstanceType
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.run_coordinator import DefaultRunCoordinator
from dagster._core.storage.event_log import InMemoryEventLogStorage
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from dagster._core.storage.root import TemporaryLocalArtifactStorage
from dagster._core.storage.runs import InMemoryRunStorage


class _NoEvents(InMemoryEventLogStorage):
    """What is stored is not there: each event is a row in SQLite, and is asked for there by what comes after it."""

    asset_records_have_last_observation = True  # else observations are asked for apart

    def store_event(self, event: Any) -> None:
        pass

    def get_asset_records(self, asset_keys: Any = None) -> Any:
        return ()


def unwatched_instance() -> dg.DagsterInstance:
    """What Dagster calls ephemeral, without its event log: the result of a run has the events of the run."""
    return dg.DagsterInstance(
        instance_type=InstanceType.EPHEMERAL,
        local_artifact_storage=TemporaryLocalArtifactStorage(),  # type: ignore[no-untyped-call]
        run_storage=InMemoryRunStorage(),
        event_storage=_NoEvents(),
        compute_log_manager=NoOpComputeLogManager(),
        run_coordinator=DefaultRunCoordinator(),
        run_launcher=SyncInMemoryRunLauncher(),
        settings={"telemetry": {"enabled": False}},
    )
