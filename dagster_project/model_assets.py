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
from dagster_project.report import chosen_results
from dagster_project.resources import Context, RefreshResource, Results
from dagster_project.translator import Translator
from dagster_project.versions import DATA, Tags, is_news, last_tags, version_tags
from leviers.warehouse.checks.check_row import CheckRow
from leviers.warehouse.checks.results import dbt_tests
from leviers.warehouse.publication.documentation import is_of_one_lever
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

VIEW = "kept_view"


class Models:
    """The seeds and models of a manifest, each after those that it reads.

    A view of one lever is no asset: it is built as a part of ``fct_lever_value``, which it reads.
    """

    def __init__(self, manifest: Path) -> None:
        self.content = json.loads(manifest.read_text())
        built = built_nodes(self.content)
        read = {name: node["depends_on"].get("nodes", ()) for name, node in built.items()}
        names = [name for name in TopologicalSorter(read).static_order() if name in built]
        self.nodes = {name: built[name] for name in names if not is_of_one_lever(built[name])}
        self.seeds = {n: node["checksum"]["checksum"] for n, node in self.nodes.items() if n.startswith("seed.")}
        translator = Translator()
        self.specs = {name: translator.get_asset_spec(self.content, name, project=None) for name in self.nodes}
        self.keys = {name: spec.key for name, spec in self.specs.items()}
        self.published = [key for key in self.keys.values() if key.path[0] in PUBLISHED_SCHEMAS]
        self.tests: dict[str, list[str]] = defaultdict(list)
        for test, content in dbt_tests(self.content).items():
            self.tests[tested_node(content, built)].append(test)

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
            nodes = {name for name, key in self.keys.items() if key in context.selected_asset_keys}
            checked = {key.asset_key for key in context.selected_asset_check_keys}
            tests = {test for name, its_tests in self.tests.items() if self.keys[name] in checked for test in its_tests}
            yield from chosen_results(context, self.build(context, refresh.job(), nodes, tests, report_all=True))

        return dbt_models

    def build_step(self, context: dg.OpExecutionContext, job: Job) -> Results:
        """Builds the seeds and models that wait."""
        yield from self.build(context, job, nodes_to_build(self.content, job.changed) if job.is_waiting else ())

    def build(
        self,
        context: Context,
        job: Job,
        nodes: Collection[str],
        tests: Collection[str] = (),
        *,
        report_all: bool = False,
    ) -> Results:
        """Builds these seeds and models, and runs their tests and further ``tests``.

        Reports each node whose version is news, also if the command line has built it, with its check, and the checks
        of failing tests. With ``report_all``, it reports every node that it has built and every check that it has run.

        Raises:
            StepError: nothing may follow.
        """
        warehouse, stored_tests = job.options.warehouse, job.tests
        inputs = {dep.asset_key for spec in self.specs.values() for dep in spec.deps}
        last = last_tags(context.instance, inputs.union(self.keys.values()))
        earlier_contents = noted_contents(warehouse) | {
            name: last[key][DATA] for name, key in self.keys.items() if key in last
        }
        build = Build({}, stored_tests, [], [])
        if nodes or tests:
            build = build_models(job.options, job.region, self.content, nodes, tests)
        reported = {
            name: tags[DATA]
            for name, tags in self._versions(warehouse, build, nodes, last).items()
            if (report_all and name in build.nodes) or is_news(tags, last.get(self.keys[name], {}))
        }
        rows = self._rows(warehouse, reported)
        for name, content in reported.items():
            yield dg.MaterializeResult(
                asset_key=self.keys[name],
                metadata={"unchanged": content == earlier_contents.get(name)}
                | (asdict(build.nodes[name]) if name in build.nodes else {})
                | ({ROWS: rows[name]} if name in rows else {}),
                data_version=dg.DataVersion(content),
            )
        yield from self._checks(stored_tests, build, reported, report_all=report_all)
        if build.why_stopped:
            stop(build.why_stopped)

    def _versions(
        self, warehouse: Path, build: Build, nodes: Collection[str], last: Mapping[dg.AssetKey, Tags]
    ) -> dict[str, Tags]:
        """Returns the versions of the nodes that this run has built, and of the known ones that it has left alone."""
        contents = self.seeds | noted_contents(warehouse)
        known = {name for name, key in self.keys.items() if key in last and name in contents}
        names = [name for name in self.nodes if name in build.nodes or (name in known and name not in nodes)]
        data = {key: tags[DATA] for key, tags in last.items()} | {self.keys[name]: contents[name] for name in names}
        return {name: version_tags(self.specs[name], contents[name], data) for name in names}

    def _checks(
        self, stored_tests: Mapping[str, CheckRow], build: Build, reported: Collection[str], *, report_all: bool
    ) -> Results:
        """Yields the check of each model that is reported, or that was tested.

        Unless ``report_all``, a model that was only tested has a check if one of its tests fails or failed before.
        """
        rows = [*stored_tests.items(), *build.tests.items()]
        failing, tested = {test for test, row in rows if row.status != "passed"}, set(build.tested)
        for name, tests in self.tests.items():
            is_tested, is_failing = not tested.isdisjoint(tests), not failing.isdisjoint(tests)
            if name in reported or (is_tested and (is_failing or report_all)):
                yield model_check(self.keys[name], [build.tests[test] for test in tests if test in build.tests])

    def _rows(self, warehouse: Path, names: Collection[str]) -> dict[str, int]:
        """Returns the number of rows of each published table among them."""
        nodes = {name: self.nodes[name] for name in names if self.nodes[name]["schema"] in PUBLISHED_SCHEMAS}
        counts = [
            f"select '{name}', count(*) from {node['schema']}.{node['name']}"
            for name, node in nodes.items()
            if node["config"]["materialized"] != VIEW
        ]
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return dict(connection.execute(" union all ".join(counts)).fetchall()) if counts else {}
