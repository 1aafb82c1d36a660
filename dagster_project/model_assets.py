"""Each dbt seed and model as an asset, with one check for its tests."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict
from graphlib import TopologicalSorter
from pathlib import Path

import dagster as dg
import duckdb
from dagster_dbt import build_dbt_asset_specs

from dagster_project.asset_checks import TESTS, model_check
from dagster_project.described import ROWS
from dagster_project.failure import in_words
from dagster_project.resources import WRITER_POOL, Context, RefreshResource, Results
from dagster_project.translator import Translator
from dagster_project.versions import Version, last_versions, version_now
from leviers.warehouse.checks.check_row import CheckRow
from leviers.warehouse.checks.results import dbt_tests
from leviers.warehouse.publication.relations import PUBLISHED_SCHEMAS
from leviers.warehouse.steps import Build, Job, built_nodes, nodes_to_build, noted_contents, stop, tested_node


class Models:
    """The seeds and models of a manifest, each after those that it reads."""

    def __init__(self, manifest: Path) -> None:
        self.content = json.loads(manifest.read_text())
        nodes, translator = built_nodes(self.content), Translator()
        read = {name: node["depends_on"].get("nodes", ()) for name, node in nodes.items()}
        self.nodes = {name: nodes[name] for name in TopologicalSorter(read).static_order() if name in nodes}
        self.seeds = {n: node["checksum"]["checksum"] for n, node in self.nodes.items() if n.startswith("seed.")}
        self.keys = {name: translator.get_asset_key(node) for name, node in self.nodes.items()}
        specs = build_dbt_asset_specs(manifest=self.content, dagster_dbt_translator=translator)
        by_key = {spec.key: spec for spec in specs}
        self.specs = {name: by_key[key] for name, key in self.keys.items()}
        self.published = [key for key in self.keys.values() if key.path[0] in PUBLISHED_SCHEMAS]
        self.tests: dict[str, list[str]] = defaultdict(list)
        for name, test in dbt_tests(self.content).items():
            self.tests[tested_node(test, self.nodes)].append(name)

    def assets(self) -> dg.AssetsDefinition:
        """Returns each seed and model as an asset. An error of a test blocks the assets downstream."""
        names = {key: name for name, key in self.keys.items()}
        checks = [
            dg.AssetCheckSpec(TESTS, asset=self.keys[name], blocking=True, description=f"Its {len(tests)} dbt tests.")
            for name, tests in self.tests.items()
        ]

        @dg.multi_asset(
            name="dbt_models",
            specs=list(self.specs.values()),
            check_specs=checks,
            can_subset=True,
            pool=WRITER_POOL,
        )
        def dbt_models(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Results:
            wanted = {names[key] for key in context.selected_asset_keys}
            checked = {names[key.asset_key] for key in context.selected_asset_check_keys}
            yield from in_words(self.results(context, refresh.job(), wanted, checked))

        return dbt_models

    def build_waiting(self, context: Context, job: Job) -> Results:
        """Builds the waiting models, and reports them and those that the command line has built anew."""
        wanted = nodes_to_build(self.content, job.changed) if job.is_waiting else ()
        yield from self.results(context, job, wanted)

    def results(
        self, context: Context, job: Job, wanted: Collection[str], checked: Collection[str] | None = None
    ) -> Results:
        """Builds the ``wanted`` seeds and models, runs their tests and those on the ``checked`` ones, and reports them.

        Without ``checked`` (the refresh job), it reports all news, also what the command line has built.

        Raises:
            StepError: nothing may follow.
        """
        warehouse = job.options.warehouse
        more = [test for name in checked or () for test in self.tests[name]]
        tests_before, content_before = job.tests, noted_contents(warehouse)
        if wanted or more:
            job.dbt_build(wanted, more)
        build = job.build or Build({}, tests_before, [], [])
        inputs = {dep.asset_key for spec in self.specs.values() for dep in spec.deps}
        last = last_versions(context.instance, inputs.union(self.keys.values()))
        now = self._versions(last, noted_contents(warehouse), wanted, build)
        news = {name for name in now if now[name] != last.get(self.keys[name])}
        reported = news if checked is None else build.nodes.keys()
        rows = self._rows(warehouse, reported)
        for name in [name for name in self.nodes if name in reported]:
            known = last.get(self.keys[name])
            before = known.data if known else content_before.get(name)
            yield dg.MaterializeResult(
                asset_key=self.keys[name],
                metadata={"unique_id": name, "unchanged": now[name].data == before}
                | (asdict(build.nodes[name]) if name in build.nodes else {})
                | ({ROWS: rows[name]} if name in rows else {}),
                data_version=dg.DataVersion(now[name].data),
            )
        yield from self._checks(build, tests_before, news, checked)
        if build.why_stopped:
            stop(build.why_stopped)

    def _versions(
        self, last: Mapping[dg.AssetKey, Version], noted: dict[str, str], wanted: Collection[str], build: Build
    ) -> dict[str, Version]:
        """Returns the versions of the nodes that were built, and of the known nodes that this run left alone."""
        content = self.seeds | noted
        known = {name for name, key in self.keys.items() if key in last}
        standing = (known & content.keys()) - set(wanted) | build.nodes.keys()
        data = {key: version.data for key, version in last.items()}
        data |= {self.keys[name]: content[name] for name in standing}
        return {name: version_now(self.specs[name], content[name], data) for name in standing}

    def _checks(
        self, build: Build, before: Mapping[str, CheckRow], news: Collection[str], checked: Collection[str] | None
    ) -> Results:
        """Yields the checks of the ``checked`` seeds and models whose tests ran.

        Without a choice, it yields those of the ``news``, and those that fail or failed ``before``.
        """
        tested = set(build.tested)
        for name, on_it in self.tests.items():
            results = [build.tests[test] for test in on_it if test in build.tests]
            ran = not tested.isdisjoint(on_it)
            if checked is None:
                older = [before[test] for test in on_it if test in before]
                is_reported = name in news or (ran and any(row.status != "passed" for row in [*results, *older]))
            else:
                is_reported = name in checked and ran
            if is_reported:
                yield model_check(self.keys[name], results)

    def _rows(self, warehouse: Path, names: Collection[str]) -> dict[str, int]:
        """Returns the number of rows of each published table among them."""
        nodes = {name: self.nodes[name] for name in names if self.nodes[name]["schema"] in PUBLISHED_SCHEMAS}
        counts = [
            f"select '{name}', count(*) from {node['schema']}.{node['name']}"
            for name, node in nodes.items()
            if node["config"]["materialized"] != "kept_view"
        ]
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return dict(connection.execute(" union all ".join(counts)).fetchall()) if counts else {}
