"""Each dbt seed and model as an asset, with one check for its tests."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict
from graphlib import TopologicalSorter
from pathlib import Path

import dagster as dg
import duckdb

from dagster_project.asset_checks import TESTS, model_check
from dagster_project.described import ROWS
from dagster_project.failure import in_words
from dagster_project.resources import RefreshResource, Results
from dagster_project.translator import Translator
from dagster_project.versions import Version, last_versions, version_now
from leviers.warehouse.checks.results import dbt_tests
from leviers.warehouse.publication.relations import PUBLISHED_SCHEMAS
from leviers.warehouse.steps import (
    Build,
    Job,
    build_models,
    built_nodes,
    nodes_to_build,
    noted_contents,
    stop,
    tested_node,
)


class Models:
    """The seeds and models of a manifest, each after those that it reads."""

    def __init__(self, manifest: Path) -> None:
        self.content = json.loads(manifest.read_text())
        nodes, translator = built_nodes(self.content), Translator()
        read = {name: node["depends_on"].get("nodes", ()) for name, node in nodes.items()}
        self.nodes = {name: nodes[name] for name in TopologicalSorter(read).static_order() if name in nodes}
        self.seeds = {n: node["checksum"]["checksum"] for n, node in self.nodes.items() if n.startswith("seed.")}
        self.specs = {name: translator.get_asset_spec(self.content, name, project=None) for name in self.nodes}
        self.keys = {name: spec.key for name, spec in self.specs.items()}
        self.published = [key for key in self.keys.values() if key.path[0] in PUBLISHED_SCHEMAS]
        self.node_of = {name: tested_node(test, self.nodes) for name, test in dbt_tests(self.content).items()}
        self.tests: dict[str, list[str]] = defaultdict(list)
        for test, node in self.node_of.items():
            self.tests[node].append(test)

    def assets(self) -> dg.AssetsDefinition:
        """Returns each seed and model as an asset. An error of a test blocks the assets downstream."""
        checks = [
            dg.AssetCheckSpec(TESTS, asset=self.keys[name], blocking=True, description=f"Its {len(tests)} dbt tests.")
            for name, tests in self.tests.items()
        ]

        @dg.multi_asset(
            name="dbt_models",
            specs=list(self.specs.values()),
            check_specs=checks,
            can_subset=True,
        )
        def dbt_models(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Results:
            yield from in_words(self.build_chosen(context, refresh.job()))

        return dbt_models

    def build_chosen(self, context: dg.AssetExecutionContext, job: Job) -> Results:
        """Builds the chosen seeds and models, runs their tests and the chosen ones, and reports both.

        Raises:
            StepError: nothing may follow.
        """
        names = {key: name for name, key in self.keys.items()}
        wanted = {names[key] for key in context.selected_asset_keys}
        checked = {names[key.asset_key] for key in context.selected_asset_check_keys}
        before = self._contents_before(job, last_versions(context.instance, names))
        tests = [test for test, node in self.node_of.items() if node in checked]
        build = build_models(job.options, job.region, self.content, wanted, tests)
        yield from self._report(
            job, build, before, build.nodes, checked & {self.node_of[test] for test in build.tested}
        )

    def build_waiting(self, context: dg.OpExecutionContext, job: Job) -> Results:
        """Builds the waiting models. Reports all news, also models that the command line has built.

        The check of a model is reported with it, and if one of its tests ran and one fails or failed before.

        Raises:
            StepError: nothing may follow.
        """
        inputs = {dep.asset_key for spec in self.specs.values() for dep in spec.deps}
        last = last_versions(context.instance, inputs.union(self.keys.values()))
        before, build, wanted = self._contents_before(job, last), Build({}, job.tests, [], []), set[str]()
        if job.is_waiting:
            wanted |= set(nodes_to_build(self.content, job.changed))
            build = build_models(job.options, job.region, self.content, wanted)
        now = self._versions(last, self._contents(job), wanted, build)
        news = {name for name in now if now[name] != last.get(self.keys[name])}
        rows = [*job.tests.items(), *build.tests.items()]
        failing = {self.node_of.get(test) for test, row in rows if row.status != "passed"}
        yield from self._report(
            job, build, before, news, news | failing & {self.node_of[test] for test in build.tested}
        )

    def _versions(
        self, last: Mapping[dg.AssetKey, Version], content: Mapping[str, str], wanted: Collection[str], build: Build
    ) -> dict[str, Version]:
        """Returns the versions of the nodes that were built, and of the known nodes that this run left alone."""
        known = {name for name, key in self.keys.items() if key in last}
        standing = (known & content.keys()) - set(wanted) | build.nodes.keys()
        data = {key: version.data for key, version in last.items()}
        data |= {self.keys[name]: content[name] for name in standing}
        return {name: version_now(self.specs[name], content[name], data) for name in standing}

    def _contents(self, job: Job) -> dict[str, str]:
        return self.seeds | noted_contents(job.options.warehouse)

    def _contents_before(self, job: Job, last: Mapping[dg.AssetKey, Version]) -> dict[str, str]:
        known = {name: last[key].data for name, key in self.keys.items() if key in last}
        return noted_contents(job.options.warehouse) | known

    def _report(
        self, job: Job, build: Build, before: Mapping[str, str], names: Collection[str], checked: Collection[str | None]
    ) -> Results:
        """Yields these seeds and models, each after those that it reads, and the checks of the ``checked`` ones."""
        content, rows = self._contents(job), self._rows(job.options.warehouse, names)
        for name in [name for name in self.nodes if name in names]:
            yield dg.MaterializeResult(
                asset_key=self.keys[name],
                metadata={"unchanged": content[name] == before.get(name)}
                | (asdict(build.nodes[name]) if name in build.nodes else {})
                | ({ROWS: rows[name]} if name in rows else {}),
                data_version=dg.DataVersion(content[name]),
            )
        for name, tests in self.tests.items():
            if name in checked:
                yield model_check(self.keys[name], [build.tests[test] for test in tests if test in build.tests])
        if build.why_stopped:
            stop(build.why_stopped)

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
