"""The raw tables: one asset for each producer, and one for the tables about the runs. One step loads them all."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import dagster as dg

from dagster_project.asset_checks import EXPECTATIONS, raw_check
from dagster_project.described import ROWS, by_producer, group_of, schedule_of
from dagster_project.failure import Results, in_words
from dagster_project.resources import RefreshResource
from dagster_project.snapshot_asset import files_key
from dagster_project.subjects import OPERATIONS, SNAPSHOTS, is_refresh
from ingestion.catalog import Dataset
from ingestion.operations import DESCRIPTIONS
from ingestion.snapshots import SnapshotStore
from ingestion.state import DatasetState

RAW_CHECK = "Each table holds its newest edition, and no rule fails; a warning names an expectation that is not met."


def raw_assets() -> dg.AssetsDefinition:
    """Returns an asset for the raw tables of each producer, and one for those about the runs."""
    producers = by_producer()
    specs = [_spec(schema, datasets) for schema, datasets in producers.items()]
    operations = dg.AssetSpec(
        OPERATIONS,
        deps=[spec.key for spec in specs],
        description="; ".join(f"`{name}`: {description}" for name, description in DESCRIPTIONS.items()),
        group_name="raw",
        kinds={"dlt", "duckdb"},
    )
    checks = [dg.AssetCheckSpec(EXPECTATIONS, asset=spec.key, blocking=True, description=RAW_CHECK) for spec in specs]

    @dg.multi_asset(name="load", specs=[*specs, operations], check_specs=checks, can_subset=True)
    def load(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Results:
        """Loads the editions that wait.

        A run of all assets that finds nothing new reports no table, so that Dagster skips what follows. If one is new
        it reports them all, since Dagster would skip a step that reads a table which was left out.
        """
        yield from in_words(_load(context, refresh))

    return load


def _spec(schema: str, datasets: list[Dataset]) -> dg.AssetSpec:
    described = [
        dg.TableRecord(
            {
                "dataset": dataset.dataset_id,
                "title": dataset.title,
                "grain": dataset.grain,
                "licence": dataset.licence,
                "homepage": dataset.homepage or "",
                "schedule": schedule_of(group) if (group := group_of(dataset)) else "",
            }
        )
        for dataset in datasets
    ]
    is_asked = any(group_of(dataset) for dataset in datasets)
    return dg.AssetSpec(
        dg.AssetKey(schema),
        deps=[files_key(schema) if is_asked else SNAPSHOTS, SNAPSHOTS],
        description=f"The tables of {', '.join(dataset.dataset_id for dataset in datasets)}.",
        group_name="raw",
        tags={"producer": schema.removeprefix("raw_")},
        kinds={"dlt", "duckdb"},
        metadata={"datasets": dg.MetadataValue.table(described)},
    )


def _load(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Results:
    job, store = refresh.job(), SnapshotStore(refresh.home)
    producers = {dg.AssetKey(schema): datasets for schema, datasets in by_producer().items()}
    chosen = {key: datasets for key, datasets in producers.items() if key in context.selected_asset_keys}
    new: set[str] = set()
    for key, datasets in chosen.items():
        if waiting := store.pending_editions(datasets):
            job.load(key.path[0], waiting)
            new |= {edition.dataset_id for edition in waiting}
    if is_news := job.is_waiting or not is_refresh(context):
        for key, datasets in chosen.items():
            yield _materialized(key, {d.dataset_id: job.states[d.dataset_id] for d in datasets}, new)
        if OPERATIONS in context.selected_asset_keys:
            job.load_operations()
            yield dg.MaterializeResult(asset_key=OPERATIONS, data_version=_version(job.states))
    if not is_news:
        context.log.info("nothing is new: what follows is skipped")
    for check in context.selected_asset_check_keys:
        states = {dataset.dataset_id: job.states[dataset.dataset_id] for dataset in producers[check.asset_key]}
        yield raw_check(check.asset_key, {name: state for name, state in states.items() if not _is_absent(state)})


def _is_absent(state: DatasetState) -> bool:
    """Returns whether a dataset has no file and no run has found a fault in that."""
    return not state.has_data and state.reason is None and state.holds_accepted


def _materialized(
    key: dg.AssetKey, states: Mapping[str, DatasetState], new: Iterable[str]
) -> dg.MaterializeResult[Any]:
    """Returns the editions that the tables of a producer hold, with those that are new, and why a table is empty."""
    held = [
        dg.TableRecord(
            {
                "dataset": name,
                "edition": state.loaded or "none",
                "rows": state.received,
                "set_aside": state.rows_set_aside,
                "wanting": state.wanting or "",
            }
        )
        for name, state in states.items()
    ]
    return dg.MaterializeResult(
        asset_key=key,
        metadata={
            "new": sorted(states.keys() & set(new)),
            "editions": dg.MetadataValue.table(held),
            ROWS: sum(state.received or 0 for state in states.values()),
        },
        data_version=_version(states),
    )


def _version(states: Mapping[str, DatasetState]) -> dg.DataVersion:
    loaded = "\n".join(f"{name} {state.loaded}" for name, state in sorted(states.items()))
    return dg.DataVersion(sha256(loaded.encode()).hexdigest()[:16])
