"""Every dbt seed and model as an asset, its tests as one check."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, build_dbt_asset_specs

from dagster_project.assets import Context, Results
from dagster_project.described import OWNERS
from dagster_project.resources import WRITER_POOL, RefreshResource
from leviers.warehouse.check_row import CheckRow
from leviers.warehouse.checks import dbt_tests, kept_dbt_tests
from leviers.warehouse.publication import PUBLISHED_SCHEMAS
from leviers.warehouse.steps import build_models, built_nodes, tested_node

TESTS = "dbt_tests"
ROWS, CONTENT = "dagster/row_count", "content"


class Translator(DagsterDbtTranslator):
    """dbt models keep their own name and folder; sources keep [schema, table], the key of the raw assets."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The first folder of the model."""
        return str(dbt_resource_props["fqn"][1]) if len(dbt_resource_props["fqn"]) > 2 else "seeds"

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str] | None:
        """Who keeps it."""
        return OWNERS

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """The folder that it is in, which of a staging model is the producer."""
        kind, folder = [*dbt_resource_props["fqn"][1:3], ""][:2]
        is_in_folder = len(dbt_resource_props["fqn"]) > 3
        return {("producer" if kind == "staging" else "domain"): folder if is_in_folder else kind}


class Models:
    """The seeds and models of a manifest."""

    def __init__(self, manifest: Path) -> None:
        self.content = json.loads(manifest.read_text())
        self.nodes = built_nodes(self.content)
        self.translator = Translator()
        self.keys = {name: self.translator.get_asset_key(node) for name, node in self.nodes.items()}
        self.tests: dict[str, list[str]] = defaultdict(list)
        for name, test in dbt_tests(self.content).items():
            self.tests[tested_node(test, self.nodes)].append(name)

    def assets(self) -> dg.AssetsDefinition:
        """Every seed and model as an asset; an error of a test blocks what is downstream."""
        names = {key: name for name, key in self.keys.items()}
        checks = [
            dg.AssetCheckSpec(
                TESTS,
                asset=self.keys[name],
                blocking=True,
                description=f"The tests of dbt on it, {len(tests)} of them.",
            )
            for name, tests in self.tests.items()
        ]

        @dg.multi_asset(
            name="dbt_models",
            specs=build_dbt_asset_specs(manifest=self.content, dagster_dbt_translator=self.translator),
            check_specs=checks,
            can_subset=True,
            pool=WRITER_POOL,
        )
        def dbt_models(
            context: dg.AssetExecutionContext, refresh: RefreshResource, home: dg.ResourceParam[Path]
        ) -> Results:
            wanted = {names[key] for key in context.selected_asset_keys}
            asked = {names[key.asset_key] for key in context.selected_asset_check_keys}
            yield from self.build(context, refresh, home, wanted, asked)

        return dbt_models

    def build(
        self,
        context: Context,
        refresh: RefreshResource,
        home: Path,
        wanted: Collection[str] | None = None,
        asked: Collection[str] = (),
    ) -> Results:
        """Builds the ``wanted`` seeds and models, and runs their tests and those on the ``asked`` ones; or all.

        Of all, those are told of whose content is not what Dagster was told, and those whose tests find something.

        Raises:
            dg.Failure: nothing may follow.
        """
        options, tests = refresh.options(home), kept_dbt_tests(home)
        is_whole = wanted is None
        more = [test for name in asked for test in self.tests[name]]
        build = build_models(options, refresh.region, self.content, self.nodes if wanted is None else wanted, more)
        content = self._content(options.warehouse)
        before = _told_before(context.instance, [self.keys[name] for name in build.nodes])
        news = {
            name
            for name in build.nodes
            if (known := before.get(self.keys[name])) is None or known.get(CONTENT) != content.get(name, "")
        }
        told = [name for name in build.nodes if name in news or not is_whole]
        rows = self._rows(options.warehouse, told)
        for name in told:
            key, node = self.keys[name], build.nodes[name]
            metadata: dict[str, Any] = {"unique_id": name, "seconds": node.seconds, "made": node.made}
            metadata[CONTENT] = content.get(name, "")
            if name in rows:
                metadata |= {ROWS: rows[name], "unchanged": name not in news}
                if (count := before.get(key, {}).get(ROWS)) is not None:
                    metadata |= {"rows_before": count, "rows_more": rows[name] - count}
            yield dg.MaterializeResult(asset_key=key, metadata=metadata)
        tested = set(build.tested)
        for name, on_it in self.tests.items():
            ran = tested.intersection(on_it)
            found = [build.tests[test] for test in sorted(ran) if build.tests[test].status != "passed"]
            is_news = found or any(test in tests and tests[test].status != "passed" for test in ran)
            if ran and ((name in asked) if not is_whole else (is_news or name in news)):
                yield _verdict(self.keys[name], found, len(ran))
        if build.why_stopped:
            raise dg.Failure(build.why_stopped, allow_retries=False)

    def _content(self, warehouse: Path) -> dict[str, str]:
        """What tells one content of a node from another: the hash that the build has noted; of a seed, of its file."""
        seeds = {n: node["checksum"]["checksum"] for n, node in self.nodes.items() if node["resource_type"] == "seed"}
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            noted = connection.execute("select node_id, coalesce(content, '') from built.relation").fetchall()
        return seeds | dict(noted)

    def _rows(self, warehouse: Path, names: Collection[str]) -> dict[str, int]:
        """The rows of those that are tables of the published schemas."""
        nodes = {name: self.nodes[name] for name in names if self.nodes[name]["schema"] in PUBLISHED_SCHEMAS}
        counts = [
            f"select '{name}', count(*) from {node['schema']}.{node['name']}"
            for name, node in nodes.items()
            if node["config"]["materialized"] != "view"
        ]
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return dict(connection.execute(" union all ".join(counts)).fetchall()) if counts else {}


def _told_before(instance: dg.DagsterInstance, keys: Sequence[dg.AssetKey]) -> dict[dg.AssetKey, dict[str, Any]]:
    """What Dagster was told the last time of the assets that it has seen made."""
    records = instance.get_asset_records(keys)
    last = {r.asset_entry.asset_key: r.asset_entry.last_materialization for r in records}
    return {
        key: {name: value.value for name, value in event.asset_materialization.metadata.items()}
        for key, event in last.items()
        if event and event.asset_materialization
    }


def _verdict(key: dg.AssetKey, found: Sequence[CheckRow], tests: int) -> dg.AssetCheckResult:
    """One check for all tests on a model, with the rules that fail."""
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=TESTS,
        passed=not found,
        severity=dg.AssetCheckSeverity.ERROR if any(row.blocks for row in found) else dg.AssetCheckSeverity.WARN,
        description="; ".join(row.message for row in found) or None,
        metadata={"tests": tests, **{row.check_name: row.message for row in found}},
    )
