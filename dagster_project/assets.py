"""The assets that Python makes: the files, one raw asset per dlt table, the tables of operations, the publication."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project.checks import EXPECTATIONS, raw_check
from dagster_project.resources import WRITER_POOL, RefreshResource
from ingestion.catalog import Dataset, load_catalog
from ingestion.fetch import bring
from ingestion.snapshots import SnapshotStore
from ingestion.state import DatasetState
from leviers.warehouse.checks import kept_checks
from leviers.warehouse.damage import set_aside_damaged
from leviers.warehouse.documentation import documentation_of
from leviers.warehouse.home import NotStartedError, missing_pages, note_published, refusals, writing
from leviers.warehouse.outcome import check_room
from leviers.warehouse.project import build_fingerprint
from leviers.warehouse.steps import load_producer, publish_marts, write_operations

PORTALS_ANSWER = "portals_answer"
PAGES_ARE_MADE = "pages_are_made"
NEVER_STARTED = "never_started"
OWNERS = ["team:leviers"]
SNAPSHOTS = dg.AssetKey("snapshots")
RAW_CHECK = "The table holds an edition that passed its suite; a warning tells why it holds none, or not the newest."
OPERATIONS = {
    "dataset": "The catalogue: one row per dataset.",
    "dataset_load": "One row per dataset: rows loaded, rows set aside, warnings.",
    "edition_year": "One row per indicator and year of the edition before: what the present one is held against.",
    "snapshot": "One row per file that is loaded: address, hash, time, size, vintage.",
    "quarantined_row": "Rows that could not be read, with their number and the reason.",
}


@dg.asset(
    key=SNAPSHOTS,
    group_name="snapshots",
    kinds={"file"},
    owners=OWNERS,
    check_specs=[dg.AssetCheckSpec(PORTALS_ANSWER, asset=SNAPSHOTS, description="Each portal that is asked answers.")],
)
def snapshots(
    context: dg.AssetExecutionContext, refresh: RefreshResource, home: dg.ResourceParam[Path]
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The files of the datasets as received, from portals, mirror or project; what has changed waits to be loaded."""
    options = refresh.options(home)
    if found := refusals(options):
        raise _not_started("; ".join(refusal.reason for refusal in found))
    try:
        with writing(home):
            for line in set_aside_damaged(home):
                context.log.warning(line)
            check_room(home)
            brought = bring(options, context.log.warning)
    except NotStartedError as error:
        raise _not_started(error.args[0]) from error
    silence, outcomes = brought.silence, [outcome for outcome in brought.outcomes if outcome.is_in_run]
    for outcome in outcomes:
        context.log.info(outcome.line)
    if why := brought.why_no_ground:
        raise dg.Failure(f"{silence.line}; {why}" if silence.hosts else why, allow_retries=False)
    return dg.MaterializeResult(
        metadata=Counter(outcome.status for outcome in outcomes),
        check_results=[
            dg.AssetCheckResult(
                check_name=PORTALS_ANSWER,
                passed=not silence.hosts,
                severity=dg.AssetCheckSeverity.WARN,
                description=silence.line if silence.hosts else None,
            )
        ],
    )


def _not_started(why: str) -> dg.Failure:
    """What ends a run that could not begin, and says so to who notes how it ended."""
    return dg.Failure(why, metadata={NEVER_STARTED: True}, allow_retries=False)


def raw_key(dataset: Dataset, table_name: str) -> dg.AssetKey:
    """The key of a raw table, which is the key that dagster-dbt gives to the dbt source."""
    return dg.AssetKey([dataset.schema_name, table_name])


def build_raw_assets() -> list[dg.AssetsDefinition]:
    """One multi-asset per producer, since dlt runs once per producer."""
    producers: dict[str, list[Dataset]] = defaultdict(list)
    for dataset in load_catalog().values():
        if dataset.is_built:
            producers[dataset.schema_name].append(dataset)
    return [_producer_assets(schema, datasets) for schema, datasets in producers.items()]


def _producer_assets(schema_name: str, datasets: list[Dataset]) -> dg.AssetsDefinition:
    keys = {raw_key(dataset, table): dataset for dataset in datasets for table in dataset.table_names}
    specs = [
        dg.AssetSpec(
            key,
            deps=[SNAPSHOTS],
            description=dataset.title,
            group_name=schema_name,
            owners=OWNERS,
            kinds={"dlt", "duckdb"},
            metadata={"dataset_id": dataset.dataset_id, "licence": dataset.licence, "grain": dataset.grain},
        )
        for key, dataset in keys.items()
    ]
    checks = [dg.AssetCheckSpec(EXPECTATIONS, asset=key, blocking=True, description=RAW_CHECK) for key in keys]

    @dg.multi_asset(
        name=f"load_{schema_name}",
        description=f"Loads what has changed of {', '.join(dataset.dataset_id for dataset in datasets)}.",
        specs=specs,
        check_specs=checks,
        can_subset=True,
        pool=WRITER_POOL,
    )
    def load_assets(
        context: dg.AssetExecutionContext,
        refresh: RefreshResource,
        home: dg.ResourceParam[Path],
    ) -> Iterator[Any]:
        selected = {key: dataset for key, dataset in keys.items() if key in context.selected_asset_keys}
        store = SnapshotStore(home)
        names = {dataset.dataset_id for dataset in selected.values()}
        waiting = store.pending_editions(dataset for dataset in datasets if dataset.dataset_id in names)
        for outcome in load_producer(refresh.options(home), schema_name, waiting):
            context.log.info(outcome.line)
        for key, dataset in selected.items():
            yield from _raw_results(key, store.state(dataset.dataset_id))

    return load_assets


def _raw_results(key: dg.AssetKey, state: DatasetState) -> Iterator[Any]:
    """What a run tells of a raw table: its edition; or, where it has none and stands empty, why."""
    absent = {} if state.has_data else {"absent": state.wanting}
    metadata = {"edition": state.loaded or "none", "rows_received": state.received, **absent}
    yield dg.MaterializeResult(asset_key=key, metadata=metadata)
    yield raw_check(key, state)


def _raw_keys() -> list[dg.AssetKey]:
    return [raw_key(d, t) for d in load_catalog().values() if d.is_built for t in d.table_names]


@dg.multi_asset(
    name="load_operations",
    specs=[
        dg.AssetSpec(
            dg.AssetKey(["raw_leviers", name]),
            deps=deps,
            description=OPERATIONS[name],
            group_name="raw_leviers",
            owners=OWNERS,
            kinds={"dlt", "duckdb"},
        )
        for names, deps in (
            (("dataset", "edition_year"), ()),
            (("dataset_load", "snapshot", "quarantined_row"), _raw_keys()),
        )
        for name in names
    ],
    can_subset=True,
    pool=WRITER_POOL,
)
def operations(
    context: dg.AssetExecutionContext, refresh: RefreshResource, home: dg.ResourceParam[Path]
) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    """The catalogue, the files and the rows set aside, as tables; creates the raw tables that have no data yet."""
    write_operations(refresh.options(home), SnapshotStore(home).states(load_catalog()))
    for key in context.selected_asset_keys:
        yield dg.MaterializeResult(asset_key=key)


def build_publication(manifest: Path) -> dg.AssetsDefinition:
    """The last asset: a read-only copy of every mart and quality model, swapped in at once."""
    documentation = documentation_of(json.loads(manifest.read_text()))

    @dg.asset(
        name="publication",
        deps=[dg.AssetKey(address.split(".")) for address in documentation],
        group_name="publication",
        owners=OWNERS,
        kinds={"duckdb", "parquet"},
        pool=WRITER_POOL,
        check_specs=[
            dg.AssetCheckSpec(PAGES_ARE_MADE, asset="publication", description="No page or report is missing.")
        ],
    )
    def publication(
        context: dg.AssetExecutionContext, refresh: RefreshResource, home: dg.ResourceParam[Path]
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        """The file that readers open, with Parquet, datapackage, reports and pages, swapped in at once."""
        from leviers.site import build_site

        states = SnapshotStore(home).states(load_catalog())
        path = publish_marts(
            refresh.options(home),
            refresh.region,
            states,
            kept_checks(home),
            documentation,
            lambda published, folder: build_site(published, folder).missing,
        )
        if not context.run.asset_selection:  # who chose a part knows what it leaves
            with writing(home):
                note_published(home, build_fingerprint(refresh.region), refresh.region, demo=refresh.demo)
        missing = missing_pages(home)
        return dg.MaterializeResult(
            metadata={"file": str(path), "bytes": path.stat().st_size},
            check_results=[
                dg.AssetCheckResult(
                    check_name=PAGES_ARE_MADE,
                    passed=not missing,
                    severity=dg.AssetCheckSeverity.WARN,
                    description="; ".join(missing) or None,
                )
            ],
        )

    return publication
