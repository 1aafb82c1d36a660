"""Each dbt seed and model as an asset, with one check for its tests."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import build_dbt_asset_specs

from dagster_project.asset_checks import TESTS, model_check
from dagster_project.described import ROWS
from dagster_project.failure import in_words
from dagster_project.resources import WRITER_POOL, Context, RefreshResource, Results
from dagster_project.translator import Translator
from dagster_project.versions import DATA, last_tags, version_tags, versions
from leviers.warehouse.checks.check_row import CheckRow
from leviers.warehouse.checks.results import dbt_tests
from leviers.warehouse.publication.relations import PUBLISHED_SCHEMAS
from leviers.warehouse.steps import Build, Job, built_nodes, nodes_to_build, noted_contents, stop, tested_node


class Models:
    """The seeds and models of a manifest, each after those that it reads."""

    def __init__(self, manifest: Path) -> None:
        self.content = json.loads(manifest.read_text())
        nodes = built_nodes(self.content)
        read = {name: node["depends_on"].get("nodes", ()) for name, node in nodes.items()}
        self.nodes = {name: nodes[name] for name in TopologicalSorter(read).static_order() if name in nodes}
        self.seeds = {n: node["checksum"]["checksum"] for n, node in self.nodes.items() if n.startswith("seed.")}
        self.translator = Translator()
        self.keys = {name: self.translator.get_asset_key(node) for name, node in self.nodes.items()}
        specs = build_dbt_asset_specs(manifest=self.content, dagster_dbt_translator=self.translator)
        by_key = {spec.key: spec for spec in specs}
        self.specs = {name: by_key[key] for name, key in self.keys.items()}
        self.published = [key for key in self.keys.values() if key.path[0] in PUBLISHED_SCHEMAS]
        self.inputs = {name: [dep.asset_key for dep in spec.deps] for name, spec in self.specs.items()}
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
        options = job.options
        more = [test for name in checked or () for test in self.tests[name]]
        tests_before, content_before = job.tests, noted_contents(options.warehouse)
        if wanted or more:
            job.dbt_build(wanted, more)
        build = job.build or Build({}, tests_before, [], [])
        made = last_tags(context.instance, [*{*self.keys.values(), *chain(*self.inputs.values())}])
        tags = self._tags(made, noted_contents(options.warehouse), wanted, build)
        last = {name: made.get(self.keys[name], {}) for name in tags}
        news = {name for name in tags if not tags[name].items() <= last[name].items()}
        changed = {name for name in news if tags[name][DATA] != last[name].get(DATA, content_before.get(name))}
        reported = [name for name in self.nodes if name in (news if checked is None else build.nodes)]
        for name, metadata in self._metadata(options.warehouse, build, reported, changed).items():
            yield dg.MaterializeResult(asset_key=self.keys[name], metadata=metadata, tags=tags[name])
        yield from self._check_results(build, tests_before, news, checked)
        if build.why_stopped:
            stop(build.why_stopped)

    def _tags(
        self,
        made: Mapping[dg.AssetKey, Mapping[str, str]],
        noted: dict[str, str],
        wanted: Collection[str],
        build: Build,
    ) -> dict[str, dict[str, str]]:
        """Returns the tags of the nodes that were built, and of the known nodes that this run left alone."""
        content = self.seeds | noted
        reported_before = {name for name, key in self.keys.items() if made.get(key)}
        standing = (reported_before & content.keys()) - set(wanted) | build.nodes.keys()
        known = versions(made) | {self.keys[name]: content[name] for name in standing}
        return {
            name: version_tags(content[name], self.inputs[name], known, str(self.specs[name].code_version))
            for name in standing
        }

    def _metadata(
        self, warehouse: Path, build: Build, names: Collection[str], changed: Collection[str]
    ) -> dict[str, dict[str, Any]]:
        """Returns the metadata of these seeds and models."""
        nodes, rows = build.nodes, self._rows(warehouse, names)
        return {
            name: {"unique_id": name, "unchanged": name not in changed}
            | (asdict(nodes[name]) if name in nodes else {})
            | ({ROWS: rows[name]} if name in rows else {})
            for name in names
        }

    def _check_results(
        self,
        build: Build,
        before: Mapping[str, CheckRow],
        news: Collection[str],
        checked: Collection[str] | None,
    ) -> Results:
        """Yields the checks of the ``checked`` seeds and models whose tests ran.

        Without a choice, it yields those of the ``news``, and those that fail or failed ``before``.
        """
        tested = set(build.tested)
        for name, on_it in self.tests.items():
            results = [build.tests[test] for test in on_it if test in build.tests]
            failing = [row for row in results if row.status != "passed"]
            ran = not tested.isdisjoint(on_it)
            if checked is None:
                failed_before = any(before[test].status != "passed" for test in on_it if test in before)
                is_reported = name in news or (ran and (bool(failing) or failed_before))
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
