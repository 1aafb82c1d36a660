"""The raw assets: one for each table that dlt loads, of producers and of operations."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import dagster as dg
import duckdb

from dagster_project.asset_checks import EXPECTATIONS, raw_check
from dagster_project.described import ROWS, freshness_policy, group_of, levers_by_model, schedule_of, tags_of
from dagster_project.report import chosen_results
from dagster_project.resources import Context, RefreshResource, Results
from dagster_project.snapshot_asset import SNAPSHOTS
from ingestion.catalog import Dataset, load_catalog
from ingestion.operations import DESCRIPTIONS, LOAD_TABLES
from ingestion.snapshots import SnapshotStore
from ingestion.state import DatasetState
from leviers.warehouse.steps import Job

RAW_CHECK = "The table holds its newest edition, and no rule fails; a warning names an expectation that is not met."


def raw_key(dataset: Dataset, table_name: str) -> dg.AssetKey:
    """Returns the key of a raw table. dagster-dbt gives the same key to the dbt source."""
    return dg.AssetKey([dataset.schema_name, table_name])


def producer_assets(schema_name: str, datasets: list[Dataset]) -> dg.AssetsDefinition:
    keys = _tables(datasets)
    levers = levers_by_model()
    tags = {
        key: tags_of({lever for model in dataset.series for lever in levers[model]}) for key, dataset in keys.items()
    }
    specs = [
        dg.AssetSpec(
            key,
            deps=[SNAPSHOTS],
            description=dataset.title,
            group_name=f"raw_{'bundled' if dataset.ships else tags[key].get('domain', 'general')}",
            tags={"producer": dataset.producer, **tags[key]},
            kinds={"dlt", "duckdb"},
            metadata=_described(key, dataset),
            freshness_policy=freshness_policy(dataset),
        )
        for key, dataset in keys.items()
    ]
    checks = [dg.AssetCheckSpec(EXPECTATIONS, asset=key, blocking=True, description=RAW_CHECK) for key in keys]

    @dg.multi_asset(
        name=schema_name,
        description=f"Loads what has changed of {', '.join(dataset.dataset_id for dataset in datasets)}.",
        specs=specs,
        check_specs=checks,
        can_subset=True,
    )
    def load_assets(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Results:
        chosen = {key: dataset for key, dataset in keys.items() if key in context.selected_asset_keys}
        yield from chosen_results(context, load_tables(refresh.job(), schema_name, chosen, chosen))

    return load_assets


def _described(key: dg.AssetKey, dataset: Dataset) -> dict[str, Any]:
    """Returns the metadata of a raw table from the catalogue: licence, page, schedule, columns with units."""
    table = next(table for table in dataset.tables if dataset.table_name(table) == key.path[-1])
    columns = [
        dg.TableColumn(name, column.type, column.unit or column.description) for name, column in table.columns.items()
    ]
    return {
        "dataset_id": dataset.dataset_id,
        "licence": dataset.licence,
        "grain": dataset.grain,
        "homepage": dg.MetadataValue.url(dataset.homepage) if dataset.homepage else None,
        "schedule": schedule_of(group) if (group := group_of(dataset)) else None,
        "dagster/table_name": ".".join(key.path),
        "dagster/column_schema": dg.TableSchema(columns),
    }


def _tables(datasets: Iterable[Dataset]) -> dict[dg.AssetKey, Dataset]:
    return {raw_key(dataset, table): dataset for dataset in datasets for table in dataset.table_names}


def load_step(_: dg.OpExecutionContext, job: Job, schema_name: str, datasets: list[Dataset]) -> Results:
    """Loads the waiting editions of a producer."""
    yield from load_tables(job, schema_name, _tables(datasets))


def load_tables(
    job: Job, schema_name: str, tables: Mapping[dg.AssetKey, Dataset], chosen: Collection[dg.AssetKey] = ()
) -> Results:
    """Loads the waiting editions of these tables.

    Reports the tables that the run asks for, that a person has ``chosen``, and that nothing may be built on.
    """
    store = SnapshotStore(job.options.home)
    waiting = store.pending_editions({dataset.dataset_id: dataset for dataset in tables.values()}.values())
    job.load(schema_name, waiting)
    new = {edition.dataset_id for edition in waiting}
    for key, dataset in tables.items():
        state, is_new = store.state(dataset.dataset_id), dataset.dataset_id in new
        is_made, is_asked = is_new or key in chosen, job.options.takes(dataset)
        if reports_edition(state, is_made=is_made, is_asked=is_asked):
            yield _materialized(job, key, dataset, state, is_new=is_new)
        if reports_check(state, is_made=is_made, is_asked=is_asked):
            yield raw_check(key, state)


def reports_edition(state: DatasetState, *, is_made: bool, is_asked: bool) -> bool:
    """Returns whether a run reports the edition of a raw table: the run made it, or asked for it and got an answer."""
    return is_made or (is_asked and state.not_fetched is None and not _is_absent(state))


def reports_check(state: DatasetState, *, is_made: bool, is_asked: bool) -> bool:
    """Returns whether a run reports the check of a raw table that has or lacks a file by a fault.

    It made it or asked for it, or a load was cut.
    """
    return (is_made or is_asked or not state.holds_accepted) and not _is_absent(state)


def _is_absent(state: DatasetState) -> bool:
    """Returns whether a dataset has no file and no run has found a fault in that."""
    return not state.has_data and state.reason is None and state.holds_accepted


def _materialized(
    job: Job, key: dg.AssetKey, dataset: Dataset, state: DatasetState, *, is_new: bool
) -> dg.MaterializeResult[Any]:
    """Returns the edition of a raw table with its files, or the reason why the table is empty."""
    edition = SnapshotStore(job.options.home).accepted_edition(dataset)
    metadata: dict[str, Any] = {"absent": state.wanting}
    if state.has_data and edition:
        files = [
            dg.TableRecord(
                {
                    "file": file.file_name,
                    "address": file.url or file.origin,
                    "sha256": file.sha256,
                    "bytes": file.bytes,
                    "vintage": file.vintage or "",
                    "received": file.retrieved_at,
                }
            )
            for file in edition.snapshots
        ]
        metadata = {
            "unchanged": not is_new,
            "edition": state.loaded or "none",
            "rows_received": state.received,
            "rows_set_aside": state.rows_set_aside,
            "files": dg.MetadataValue.table(files),
        }
    return dg.MaterializeResult(asset_key=key, metadata=metadata, data_version=dg.DataVersion(state.loaded or "none"))


@dg.multi_asset(
    name="raw_leviers_operations",
    specs=[
        dg.AssetSpec(
            dg.AssetKey(["raw_leviers", name]),
            deps=_tables(d for d in load_catalog().values() if d.is_built) if name in LOAD_TABLES else (),
            description=description,
            group_name="operations",
            kinds={"dlt", "duckdb"},
        )
        for name, description in DESCRIPTIONS.items()
    ],
    can_subset=True,
)
def operations(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Results:
    """Writes the catalogue, the files and the rows set aside as tables, and creates the raw tables without data."""
    yield from chosen_results(context, write_tables(context, refresh.job()))


def write_tables(_: Context, job: Job) -> Results:
    """Writes the tables of operations."""
    job.load_operations()
    with duckdb.connect(str(job.options.warehouse), read_only=True) as connection:
        for name in DESCRIPTIONS:
            key = dg.AssetKey(["raw_leviers", name])
            [(rows, content)] = connection.execute(
                f"select count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from {'.'.join(key.path)} as t"
            ).fetchall()
            version = dg.DataVersion(f"{rows}:{content}")
            yield dg.MaterializeResult(asset_key=key, metadata={ROWS: rows}, data_version=version)
