"""The steps of a refresh after the fetch. The command line and Dagster run the same ones.

Each step holds the lock of the home while it writes, and returns the reasons why the next step may not run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import duckdb

from expectations.result import CheckResult
from ingestion.catalog import load_catalog
from ingestion.fault import RefusalError, one_line
from ingestion.load import load
from ingestion.options import Options
from ingestion.snapshots import Edition, SnapshotStore
from ingestion.state import DatasetState
from leviers.common.disk import is_full_disk
from leviers.common.words import first_of
from leviers.warehouse.checks.check_row import CheckRow, expectation_row
from leviers.warehouse.checks.results import dbt_tests, run_dbt_tests, run_gate, stored_dbt_tests, stored_gate
from leviers.warehouse.dbt import dbt_manifest, run_dbt
from leviers.warehouse.edition_years import note_years
from leviers.warehouse.home import note_build, note_published, note_unbuilt, to_build, writing
from leviers.warehouse.project import build_fingerprint
from leviers.warehouse.publication.documentation import documentation_of, reached, why_not_built
from leviers.warehouse.publication.publish import publish

if TYPE_CHECKING:
    from ingestion.sources import Extraction

BUILT = ("model", "seed")
KEPT = "KEPT"  # dbt's message on a model that was left alone: dbt/macros/materializations.sql
Manifest = Mapping[str, Any]


def why_not_held(states: Iterable[DatasetState]) -> list[str]:
    """Returns the reasons why nothing may be built on these datasets, none if each holds its accepted edition."""
    cut = "the last load did not end well"
    return [f"{cut}: {state.wanting}" if state.wanting else cut for state in states if not state.holds_accepted]


class StepError(RefusalError):
    """A step has reasons not to go on."""


def stop(reasons: Sequence[str]) -> NoReturn:
    """Prints all reasons for the log, and raises a ``StepError`` with the start of the first one."""
    print(*reasons, sep="\n")
    first = one_line(reasons[0])
    raise StepError(first_of([first, *reasons[1:]], 1))


@dataclass(frozen=True)
class Node:
    """A seed or model that is up to date: whether this run made it, and in how many seconds."""

    made: bool
    seconds: float


@dataclass(frozen=True)
class Build:
    """The result of a build: seeds and models, the last result of each dbt test, the tests that ran, why it stopped."""

    nodes: dict[str, Node]
    tests: dict[str, CheckRow]
    tested: list[str]
    why_stopped: Sequence[str]


def built_nodes(manifest: Manifest) -> dict[str, Mapping[str, Any]]:
    """Returns the seeds and models of dbt, by id."""
    return {name: node for name, node in manifest["nodes"].items() if node["resource_type"] in BUILT}


def nodes_to_build(manifest: Manifest, changed: Collection[str] | None) -> Collection[str]:
    """Returns the seeds and models below the ``changed`` datasets and the tables of operations. None means all."""
    if changed is None:
        return built_nodes(manifest)
    from ingestion.operations import LOAD_TABLES, SCHEMA_NAME

    datasets = [load_catalog()[name] for name in changed]
    tables = {(dataset.schema_name, table) for dataset in datasets for table in dataset.table_names}
    tables |= {(SCHEMA_NAME, name) for name in LOAD_TABLES}
    sources = [name for name, node in manifest["sources"].items() if (node["schema"], node["name"]) in tables]
    return reached(manifest["child_map"], *sources) & built_nodes(manifest).keys()


def tested_node(test: Mapping[str, Any], built: Collection[str]) -> str:
    """Returns the node that a test is about. If it reads several models, the first one counts."""
    node: str = test.get("attached_node") or next(name for name in test["depends_on"]["nodes"] if name in built)
    return node


def run_models(home: Path, region: str, wanted: Collection[str], *, full: bool) -> list[dict[str, Any]]:
    """Builds the ``wanted`` seeds and models and returns their results. Unchanged ones are left alone unless ``full``.

    Their tests run later, all at once, which is faster.
    """
    if not wanted:
        return []
    command = ["build", "--resource-type", "model", "--resource-type", "seed", *(["--full-refresh"] if full else [])]
    return run_dbt(home, region, *command, nodes=wanted)


def build_models(
    options: Options,
    region: str,
    manifest: Manifest,
    wanted: Collection[str],
    tests: Collection[str] = (),
    *,
    run: Callable[..., list[dict[str, Any]]] = run_models,
) -> Build:
    """Builds the wanted seeds and models, then runs the tests that read one of them, and further ``tests``.

    A test is left out if a model that it reads is missing or has failed. A partial build leaves views alone, since a
    view is its SQL. ``run`` builds the models.
    """
    nodes, every_test = built_nodes(manifest), dbt_tests(manifest)
    requested_tests = [
        name
        for name, test in every_test.items()
        if name in tests or not set(wanted).isdisjoint(test["depends_on"]["nodes"])
    ]
    with writing(options.home):
        full = not note_build(options.home, region) or options.full
        is_whole = full or len(wanted) == len(nodes)
        views: set[str] = set() if is_whole else {name for name in wanted if _is_view(nodes[name])}
        built = {name: Node(made=False, seconds=0) for name in views}
        failed: dict[str, str | None] = {}  # the reason, or None if dbt skipped it
        for result in run(options.home, region, set(wanted) - views, full=full):
            name, message = result["unique_id"], result["message"]
            if result["status"] == "success":
                built[name] = Node(message != KEPT, result["execution_time"])
            elif is_full_disk(error := RuntimeError(message)):
                raise error
            else:
                failed[name] = why_not_built(manifest, name, message) if result["status"] != "skipped" else None
        for name in [name for name in views if not failed.keys().isdisjoint(_read_by(name, nodes))]:
            failed[name] = None
            del built[name]
        contents = noted_contents(options.warehouse)
        absent = {name for name, node in nodes.items() if node["resource_type"] == "model"} - contents.keys()
        wanting = absent | failed.keys()
        ready = [name for name in requested_tests if wanting.isdisjoint(every_test[name]["depends_on"]["nodes"])]
        if not set(wanted) - views:  # dbt did not run, so nothing has noted the sources
            contents = {name: content for name, content in contents.items() if name in nodes}
        keys = _keys_of_tests({name: every_test[name] for name in ready}, nodes, contents)
        rows = run_dbt_tests(options, every_test, ready, keys, again=full)
    broken = [message for message in failed.values() if message]
    return Build(built, rows, ready, broken or [rows[name].message for name in ready if rows[name].blocks])


def noted_contents(warehouse: Path) -> dict[str, str]:
    """Returns a hash of the content of each source and model at the last build, nothing before the first one."""
    if not warehouse.exists():
        return {}
    with duckdb.connect(str(warehouse), read_only=True) as connection, suppress(duckdb.CatalogException):
        return dict(connection.execute("select node_id, content from built.relation").fetchall())
    return {}


def _keys_of_tests(
    tests: Mapping[str, Mapping[str, Any]], nodes: Mapping[str, Mapping[str, Any]], contents: Mapping[str, str]
) -> dict[str, str]:
    """Returns a hash of the SQL of each test and of all that it reads; none for a test that reads unknown content."""
    seeds = {name: node["checksum"]["checksum"] for name, node in nodes.items() if node["resource_type"] == "seed"}
    all_contents, keys = {**contents, **seeds}, {}
    for name, test in tests.items():
        read = sorted(set[str]().union(*(_read_by(node, nodes) for node in test["depends_on"]["nodes"])))
        if all_contents.keys() >= set(read):
            key = "\n".join((test["compiled_code"], *(all_contents[node] for node in read)))
            keys[name] = sha256(key.encode()).hexdigest()
    return keys


def _is_view(node: Mapping[str, Any]) -> bool:
    return bool(node["config"]["materialized"] == "kept_view")


def _read_by(name: str, nodes: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Returns the node and, if it is a view, all nodes that the view reads."""
    if name not in nodes or not _is_view(nodes[name]):
        return {name}
    return {name}.union(*(_read_by(read, nodes) for read in nodes[name]["depends_on"]["nodes"]))


@dataclass
class Job:
    """The steps of a refresh, and their results so far.

    A step that runs alone reads the results of earlier steps from the home.
    """

    options: Options
    region: str
    site: Callable[[Path, Path], Any]  # makes the pages of a published file in a folder

    @cached_property
    def states(self) -> dict[str, DatasetState]:
        return SnapshotStore(self.options.home).states(load_catalog())

    @cached_property
    def changed(self) -> Collection[str] | None:
        """The datasets whose models are to be built. None means all models."""
        return to_build(self.options, self.region)

    @property
    def is_waiting(self) -> bool:
        """Whether anything is to be built or published."""
        return self.changed != set()

    @cached_property
    def manifest(self) -> Manifest:
        content: Manifest = json.loads(dbt_manifest().read_text())
        return content

    @cached_property
    def expectations(self) -> list[CheckResult]:
        """The results of the gate."""
        return stored_gate(self.options.home)

    @cached_property
    def tests(self) -> dict[str, CheckRow]:
        """The last result of each test of dbt."""
        return stored_dbt_tests(self.options.home)

    @property
    def all_expectations(self) -> list[CheckResult]:
        """The results of all expectations, on the loaded data and of the gate."""
        return [*(check for state in self.states.values() for check in state.checks), *self.expectations]

    def load(
        self, schema_name: str, editions: Collection[Edition], read: Future[Extraction] | None = None
    ) -> Sequence[str]:
        """Loads the editions of a producer, which may have been ``read`` ahead, and checks them."""
        with writing(self.options.home):
            note_unbuilt(self.options.home, (edition.dataset_id for edition in editions))
            outcomes = load(self.options, schema_name, editions, read)
        for outcome in outcomes:
            print(f"loaded: {outcome.sentence}")
            if outcome.state:
                self.states[outcome.dataset_id] = outcome.state
        return why_not_held(self.states[edition.dataset_id] for edition in editions)

    def load_operations(self) -> Sequence[str]:
        """Writes the catalogue, the files and the rows set aside as tables, and the empty tables of absent datasets."""
        from ingestion.operations import load_operations, loaded_datasets
        from ingestion.sources import create_missing_tables

        with writing(self.options.home):
            create_missing_tables(self.options.warehouse, loaded_datasets(self.states))
            load_operations(self.options, self.states)
        return ()

    def dbt_build(self) -> Sequence[str]:
        """Builds the seeds and models that go back to the changed datasets, and tests them."""
        nodes = nodes_to_build(self.manifest, self.changed)
        build = build_models(self.options, self.region, self.manifest, nodes)
        self.tests = build.tests
        return build.why_stopped

    def gate(self) -> Sequence[str]:
        """Runs the gate on the marts. If a result is an error, nothing may be published."""
        with writing(self.options.home):
            self.expectations = run_gate(self.options)
        return [result.message for result in self.expectations if result.blocks]

    def publish(self) -> Sequence[str]:
        """Publishes the working file, and notes that all models were built from all that is loaded."""
        with writing(self.options.home):
            self.publish_as_it_stands()
            note_published(self.options.home, build_fingerprint(self.region), self.region, demo=self.options.demo)
        return ()

    def publish_as_it_stands(self) -> None:
        """Publishes the working file with the results of the checks, and notes the content of each edition by year."""
        from expectations.report import write_report

        with writing(self.options.home):
            publish(
                self.options.home,
                self.region,
                [*map(expectation_row, self.all_expectations), *self.tests.values()],
                documentation_of(self.manifest),
                reports=partial(write_report, self.all_expectations),
                site=None if self.options.tried else lambda published, folder: self.site(published, folder).missing,
            )
            note_years(self.options, self.states)


# The steps in their order. The loads come before them, in any order.
STEPS: tuple[Callable[[Job], Sequence[str]], ...] = (Job.load_operations, Job.dbt_build, Job.gate, Job.publish)
