"""Assets and checks: one raw asset per dlt table, one per dbt model, the gate on the marts, the publication."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets

from dagster_project.checks import collect_checks, run_gate, write_report
from ingestion.catalog import Dataset, load_catalog
from ingestion.refresh import Options, fetch, load
from ingestion.snapshots import SnapshotStore
from leviers.project import dbt_target, writing
from leviers.publication import PUBLISHED_SCHEMAS, publish

WRITER_POOL = "duckdb_writer"
EXPECTATIONS = "great_expectations"
GATE_ASSETS = ("fct_indicator_value", "fct_lever_target", "dim_territory", "dim_snapshot")


class RefreshResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """What a run is asked to do. ``fetched``: the files are in the store already, the raw assets only load."""

    home: str
    mirror: str | None
    offline: bool
    only: list[str]
    full: bool
    demo: bool
    as_of: str | None
    region: str
    fetched: bool

    @classmethod
    def of(cls, options: Options, region: str, fetched: bool) -> "RefreshResource":
        """The resource of one run."""
        return cls(
            home=str(options.home),
            mirror=str(options.mirror) if options.mirror else None,
            offline=options.offline,
            only=list(options.only),
            full=options.full,
            demo=options.demo,
            as_of=options.as_of,
            region=region,
            fetched=fetched,
        )

    @property
    def options(self) -> Options:
        """What the ingestion package is asked to do."""
        return Options(
            home=Path(self.home),
            mirror=Path(self.mirror) if self.mirror else None,
            offline=self.offline,
            only=tuple(self.only),
            full=self.full,
            demo=self.demo,
            as_of=self.as_of,
        )


def raw_key(dataset: Dataset, table_name: str) -> dg.AssetKey:
    """The key of a raw table, which is the key that dagster-dbt gives to the dbt source."""
    return dg.AssetKey([dataset.schema_name, table_name])


def build_raw_assets() -> list[dg.AssetsDefinition]:
    """One multi-asset per producer, since dlt runs once per producer."""
    producers: dict[str, list[Dataset]] = defaultdict(list)
    for dataset in load_catalog().values():
        if dataset.status == "built":
            producers[dataset.schema_name].append(dataset)
    return [_producer_assets(schema, datasets) for schema, datasets in producers.items()]


def _producer_assets(schema_name: str, datasets: list[Dataset]) -> dg.AssetsDefinition:
    keys = {raw_key(dataset, table): dataset for dataset in datasets for table in dataset.table_names}
    specs = [
        dg.AssetSpec(
            key,
            description=dataset.title,
            group_name=schema_name,
            kinds={"dlt", "duckdb"},
            metadata={"dataset_id": dataset.dataset_id, "licence": dataset.licence, "grain": dataset.grain},
        )
        for key, dataset in keys.items()
    ]
    checks = [dg.AssetCheckSpec(EXPECTATIONS, asset=key, blocking=True) for key in keys]

    @dg.multi_asset(name=f"load_{schema_name}", specs=specs, check_specs=checks, can_subset=True, pool=WRITER_POOL)
    def load_producer(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        options = refresh.options
        selected = {key: dataset for key, dataset in keys.items() if key in context.selected_asset_keys}
        names = {dataset.dataset_id for dataset in selected.values()}
        with writing(options.home):
            if not refresh.fetched:
                fetch(options, names)
            for outcome in load(options, schema_name, names):
                context.log.info(outcome.line)
        store = SnapshotStore(options.home)
        for key, dataset in selected.items():
            state = store.state(dataset.dataset_id)
            yield dg.MaterializeResult(
                asset_key=key,
                metadata={"edition": state.loaded or "none", "rows_received": state.received},
                check_results=[_raw_check(key, state.loaded, state.accepted_id, state.reason, len(state.checks))],
            )

    return load_producer


def _raw_check(
    key: dg.AssetKey, loaded: str | None, accepted: str | None, refused_because: str | None, expectations: int
) -> dg.AssetCheckResult:
    """Blocks when the raw table holds anything but an accepted edition; warns when a newer one was refused."""
    holds_accepted = loaded == accepted
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=EXPECTATIONS,
        passed=holds_accepted and refused_because is None,
        severity=dg.AssetCheckSeverity.WARN if holds_accepted else dg.AssetCheckSeverity.ERROR,
        description=refused_because or "",
        metadata={"expectations": expectations},
    )


def _raw_keys() -> list[dg.AssetKey]:
    return [raw_key(d, t) for d in load_catalog().values() if d.status == "built" for t in d.table_names]


@dg.multi_asset(
    name="load_operations",
    specs=[
        dg.AssetSpec(
            dg.AssetKey(["raw_leviers", name]),
            deps=deps,
            group_name="raw_leviers",
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
def operations(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    """The catalogue, the files and the rows set aside, as tables; creates the raw tables that have no data yet."""
    from ingestion.operations import load_operations, loaded_datasets
    from ingestion.sources import create_missing_tables

    options = refresh.options
    with writing(options.home):
        create_missing_tables(options.warehouse, loaded_datasets(options))
        load_operations(options)
    for key in context.selected_asset_keys:
        yield dg.MaterializeResult(asset_key=key)


class Translator(DagsterDbtTranslator):
    """dbt models keep their own name and folder; sources keep [schema, table], the key of the raw assets."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True))

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The first folder of the model."""
        return str(dbt_resource_props["fqn"][1]) if len(dbt_resource_props["fqn"]) > 2 else "seeds"


def build_dbt_assets(manifest: Path) -> dg.AssetsDefinition:
    """Every dbt seed and model as an asset, every dbt test as a check."""

    @dbt_assets(manifest=manifest, dagster_dbt_translator=Translator(), name="dbt_build", pool=WRITER_POOL)
    def dbt_build(context: dg.AssetExecutionContext, dbt: DbtCliResource, refresh: RefreshResource) -> Iterator[Any]:
        options = refresh.options
        os.environ["LEVIERS_WAREHOUSE"] = str(options.warehouse)
        arguments = [
            "build",
            "--full-refresh",
            "--exclude-resource-type",
            "unit_test",
            "--vars",
            json.dumps({"region": refresh.region}),
        ]
        with writing(options.home):
            yield from dbt.cli(arguments, context=context, target_path=dbt_target(options.home)).stream()

    return dbt_build


def mart_key(name: str) -> dg.AssetKey:
    """The key of a published model."""
    return dg.AssetKey(["marts", name])


@dg.asset_check(
    name=EXPECTATIONS,
    asset=mart_key(GATE_ASSETS[0]),
    additional_deps=[mart_key(name) for name in GATE_ASSETS[1:]],
    blocking=True,
)
def marts_gate(refresh: RefreshResource) -> dg.AssetCheckResult:
    """The gate of Great Expectations on the marts: an error blocks the publication."""
    results = run_gate(refresh.options)
    blocking = [result.message for result in results if result.blocks]
    return dg.AssetCheckResult(
        passed=not blocking, description="; ".join(blocking), metadata={"expectations": len(results)}
    )


def build_publication(manifest: Path) -> dg.AssetsDefinition:
    """The last asset: a read-only copy of every mart and quality model, swapped in at once."""
    nodes = json.loads(manifest.read_text())["nodes"].values()
    models = [n for n in nodes if n["resource_type"] == "model" and n["schema"] in PUBLISHED_SCHEMAS]

    @dg.asset(
        name="publication",
        deps=[dg.AssetKey([model["schema"], model["name"]]) for model in models],
        group_name="publication",
        kinds={"duckdb", "parquet"},
        pool=WRITER_POOL,
    )
    def publication(refresh: RefreshResource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        from ingestion.operations import note_years

        options = refresh.options
        with writing(options.home):
            note_years(options)
            path = publish(
                options.home,
                checks=collect_checks(options.home),
                descriptions=_descriptions(models),
                reports=write_report(options.home),
            )
        return dg.MaterializeResult(metadata={"file": str(path), "bytes": path.stat().st_size})

    return publication


def _descriptions(models: list[dict[str, Any]]) -> dict[str, str]:
    """Texts of the published tables and columns, as dbt knows them."""
    texts: dict[str, str] = {}
    for model in models:
        address = f"{model['schema']}.{model['name']}"
        texts[address] = model["description"]
        texts |= {f"{address}.{name}": column["description"] for name, column in model["columns"].items()}
    return texts
