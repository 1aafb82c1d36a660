"""Assets and checks: the files, one raw asset per dlt table, one per dbt model, the gate, the publication."""

import json
import os
import signal
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.definitions.source_asset import SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets
from pydantic import Field, TypeAdapter, field_validator

from dagster_project.checks import collect_checks, run_gate, write_report
from ingestion.catalog import Dataset, load_catalog
from ingestion.refresh import (
    NOT_IN_RUN,
    Options,
    fetch,
    listen,
    load,
    remove_partial_files,
    why_no_ground,
    why_no_such_day,
)
from ingestion.snapshots import DatasetState, SnapshotStore
from leviers.project import (
    DEFAULT_REGION,
    REGIONS,
    build_fingerprint,
    dbt_target,
    note_build,
    note_published,
    note_unbuilt,
    why_not_in,
    writing,
)
from leviers.publication import PUBLISHED_SCHEMAS, Documentation, publish

WRITER_POOL = "duckdb_writer"
EXPECTATIONS = "great_expectations"
PORTALS_ANSWER = "portals_answer"
OWNERS = ["team:leviers"]
SNAPSHOTS = dg.AssetKey("snapshots")
GATE_ASSETS = ("fct_indicator_value", "fct_lever_target", "dim_territory", "dim_snapshot")
RAW_CHECK = "The table holds an edition that passed its suite; a warning tells why it holds none, or not the newest."
OPERATIONS = {
    "dataset": "The catalogue: one row per dataset.",
    "dataset_load": "One row per dataset: rows loaded, rows set aside, warnings.",
    "edition_year": "One row per indicator and year of the edition before: what the present one is held against.",
    "snapshot": "One row per file that is loaded: address, hash, time, size, vintage.",
    "quarantined_row": "Rows that could not be read, with their number and the reason.",
}
_OPTIONS = TypeAdapter(Options)


class RefreshResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """What a run is asked to do, as in the launchpad; without any value it is what ``leviers refresh`` does."""

    region: str = Field(default=DEFAULT_REGION, description="Code of the region in scope, or all.")
    mirror: str | None = Field(default=None, description="Folder of files that replace the downloads.")
    offline: bool = Field(default=False, description="Use no network.")
    full: bool = Field(default=False, description="Load everything again, even where no file has changed.")
    only: list[str] = Field(default=[], description="Dataset ids; the others stay as they are.")
    demo: bool = Field(default=False, description="The figures that ship with the project, in a home of their own.")
    tried: str | None = Field(default=None, description="Dataset that the demo takes from the mirror.")
    as_of: str | None = Field(default=None, description="ISO date: rebuild from the snapshots of that day.")

    @field_validator("region")
    @classmethod
    def _is_known(cls, region: str) -> str:
        if region not in (*REGIONS, "all"):
            raise ValueError(f"no such region: {region}")
        return region

    @staticmethod
    def run_config(options: Options, region: str) -> dict[str, Any]:
        """The run configuration that asks for this, and tells no more than what a person reads."""
        asked = _OPTIONS.dump_python(options, mode="json", exclude={"home"})
        return {
            "resources": {"refresh": {"config": {"region": region, **asked}}},
            "loggers": {"console": {"config": {"log_level": "INFO"}}},
        }

    def options(self, home: Path) -> Options:
        """What the ingestion package is asked to do in a home."""
        return _OPTIONS.validate_python({"home": home, **self.model_dump(exclude={"region"})})


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
    refusals = [
        why_not_in(home, demo=options.demo),
        *(options.why_left_out(name) for name in options.only),
        f"no such folder: {options.mirror}" if options.mirror and not options.mirror.is_dir() else None,
        why_no_such_day(options),
    ]
    if refusal := "; ".join(filter(None, refusals)):
        raise dg.Failure(refusal, allow_retries=False)
    with writing(home):
        remove_partial_files(home)
        silence = listen(options)
        if silence.hosts:
            context.log.warning(silence.line)
        outcomes = [o for o in fetch(options, silence=silence) if o.message != NOT_IN_RUN]
    for outcome in outcomes:
        context.log.info(outcome.line)
    if why := why_no_ground(options):
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
    def load_producer(
        context: dg.AssetExecutionContext, refresh: RefreshResource, home: dg.ResourceParam[Path]
    ) -> Iterator[Any]:
        selected = {key: dataset for key, dataset in keys.items() if key in context.selected_asset_keys}
        names = {dataset.dataset_id for dataset in selected.values()}
        store = SnapshotStore(home)
        with writing(home):
            note_unbuilt(home, (name for name in names if store.state(name).pending is not None))
            for outcome in load(refresh.options(home), schema_name, names):
                context.log.info(outcome.line)
        for key, dataset in selected.items():
            yield from _raw_results(context, key, store.state(dataset.dataset_id))

    return load_producer


def _raw_results(context: dg.AssetExecutionContext, key: dg.AssetKey, state: DatasetState) -> Iterator[Any]:
    """What a run tells of a raw table: materialized, or absent, which is observed and warned of."""
    if state.has_data:
        yield dg.MaterializeResult(
            asset_key=key, metadata={"edition": state.loaded or "none", "rows_received": state.received}
        )
    else:
        reason = state.reason or state.not_fetched or "absent: not fetched yet"
        context.log_event(dg.AssetObservation(key, metadata={"absent": reason}))
        # An output that is left out would skip all that depends on it, and a plain one counts as a materialization:
        # this mark is how Dagster itself lets the output of an observation pass without one.
        yield dg.Output(
            None,
            output_name=context.assets_def.get_output_name_for_asset_key(key),
            metadata={SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION: True},
        )
    yield _raw_check(key, state)


def _raw_check(key: dg.AssetKey, state: DatasetState) -> dg.AssetCheckResult:
    """Blocks when the raw table holds anything but an accepted edition; warns where a newer one, or any, is wanting."""
    holds_accepted = state.loaded == state.accepted_id
    why = state.reason or state.not_fetched or (None if state.has_data else "absent: not fetched yet")
    if not holds_accepted:
        why = f"the last load did not end well: {why}" if why else "the last load did not end well"
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=EXPECTATIONS,
        passed=why is None,
        severity=dg.AssetCheckSeverity.WARN if holds_accepted else dg.AssetCheckSeverity.ERROR,
        description=why,
        metadata={"expectations": len(state.checks)},
    )


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
    from ingestion.operations import load_operations, loaded_datasets
    from ingestion.sources import create_missing_tables

    options = refresh.options(home)
    with writing(home):
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

    content = json.loads(manifest.read_text())
    for node in content["nodes"].values():
        if node["resource_type"] == "test" and not node.get("attached_node"):
            # a test of several models is a check of the first one that it names
            node["attached_node"] = next(name for name in node["depends_on"]["nodes"] if name in content["nodes"])

    @dbt_assets(manifest=content, dagster_dbt_translator=Translator(), name="dbt_build", pool=WRITER_POOL)
    def dbt_build(
        context: dg.AssetExecutionContext,
        dbt: DbtCliResource,
        refresh: RefreshResource,
        home: dg.ResourceParam[Path],
    ) -> Iterator[Any]:
        os.environ["LEVIERS_WAREHOUSE"] = str(refresh.options(home).warehouse)
        arguments = [
            "build",
            "--full-refresh",
            "--exclude-resource-type",
            "unit_test",
            "--vars",
            json.dumps({"region": refresh.region}),
        ]
        with writing(home):
            note_build(home, refresh.region)
            invocation = dbt.cli(arguments, context=context, target_path=dbt_target(home))
            try:
                yield from invocation.stream()
            finally:
                if invocation.process.poll() is None:  # the run was stopped: nobody else may write before dbt has ended
                    invocation.process.send_signal(signal.SIGINT)
                    invocation.process.wait()

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
def marts_gate(refresh: RefreshResource, home: dg.ResourceParam[Path]) -> dg.AssetCheckResult:
    """The gate of Great Expectations on the marts: an error blocks the publication."""
    results = run_gate(refresh.options(home))
    blocking = [result.message for result in results if result.blocks]
    return dg.AssetCheckResult(
        passed=not blocking, description="; ".join(blocking), metadata={"expectations": len(results)}
    )


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
    )
    def publication(
        context: dg.AssetExecutionContext, refresh: RefreshResource, home: dg.ResourceParam[Path]
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        """The file that readers open, with Parquet, datapackage and reports, swapped in at once."""
        from ingestion.operations import note_years

        with writing(home):
            path = publish(home, checks=collect_checks(home), documentation=documentation, reports=write_report(home))
            note_years(refresh.options(home))
            if not context.run.asset_selection:  # the whole job: of a part, only who asked for it knows what it leaves
                note_published(home, build_fingerprint(refresh.region), refresh.region, demo=refresh.demo)
        return dg.MaterializeResult(metadata={"file": str(path), "bytes": path.stat().st_size})

    return publication


def documentation_of(manifest: Mapping[str, Any]) -> dict[str, Documentation]:
    """What dbt knows of the published models, by ``schema.name``."""
    nodes: Mapping[str, Any] = manifest["nodes"]
    tests: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for node in nodes.values():
        if node["resource_type"] == "test" and node.get("test_metadata"):
            tests[node["attached_node"]].append(node["test_metadata"])
    return {
        f"{node['schema']}.{node['name']}": Documentation(
            description=node["description"],
            columns={name: column["description"] for name, column in node["columns"].items()},
            key=_key(tests[unique_id]),
            not_null=frozenset(t["kwargs"]["column_name"] for t in tests[unique_id] if t["name"] == "not_null"),
            dataset_ids=_datasets_of(manifest, unique_id),
        )
        for unique_id, node in nodes.items()
        if node["resource_type"] == "model" and node["schema"] in PUBLISHED_SCHEMAS
    }


def _key(tests: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """The columns of the uniqueness that is tested."""
    for test in tests:
        if test["name"] == "unique_combination":
            return tuple(test["kwargs"]["columns"])
        if test["name"] == "unique":
            return (test["kwargs"]["column_name"],)
    return ()


def _datasets_of(manifest: Mapping[str, Any], unique_id: str) -> frozenset[str]:
    """The datasets of the raw tables that a model goes back to."""
    dataset_of = {
        (dataset.schema_name, table): name for name, dataset in load_catalog().items() for table in dataset.table_names
    }
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [unique_id]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        waiting += manifest["parent_map"].get(node, [])
        if source := manifest["sources"].get(node):
            found |= {dataset_of[key] for key in [(source["schema"], source["name"])] if key in dataset_of}
    return frozenset(found)
