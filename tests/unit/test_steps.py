"""The steps of a refresh: the tests of dbt that a build runs again."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pytest

from ingestion.options import Options
from leviers.warehouse.checks.results import stored_dbt_tests
from leviers.warehouse.home import DBT_FILE, RunState, write_run_state
from leviers.warehouse.project import DEFAULT_REGION, build_fingerprint
from leviers.warehouse.steps import build_models

SOURCE, OTHER = "source.p.raw.changed", "source.p.raw.other"
NODES: tuple[tuple[str, str, str, list[str]], ...] = (
    ("model.p.same", "model", "kept_table", [SOURCE]),
    ("model.p.moved", "model", "kept_table", [SOURCE]),
    ("model.p.view", "model", "kept_view", [SOURCE]),
    ("model.p.view_of_view", "model", "kept_view", ["model.p.view"]),
    ("model.p.view_of_other", "model", "kept_view", [OTHER, "model.p.same"]),
    ("model.p.not_wanted", "model", "kept_table", [OTHER]),
    ("seed.p.seed", "seed", "seed", []),
)
TABLES = {name for name, _, made, _ in NODES if made == "kept_table"}
EVERY = {name for name, *_ in NODES}


def _test(node: str) -> dict[str, Any]:
    """A test on a node that fails once the table of faults names the node."""
    return {
        "resource_type": "test",
        "unique_id": f"test.p.{node}",
        "name": f"rule_of_{node.split('.')[-1]}",
        "attached_node": node,
        "depends_on": {"nodes": [node]},
        "config": {"severity": "ERROR"},
        "compiled_code": f"select * from fault where node = '{node}'",
    }


MANIFEST: dict[str, Any] = {
    "sources": {SOURCE: {}, OTHER: {}},
    "nodes": {
        name: {
            "resource_type": kind,
            "config": {"materialized": made},
            "depends_on": {"nodes": read},
            "checksum": {"checksum": name},
        }
        for name, kind, made, read in NODES
    }
    | {f"test.p.{name}": _test(name) for name in EVERY}
    | {"test.p.of_two": _test("of_two") | {"attached_node": None, "depends_on": {"nodes": sorted(TABLES)}}},
}


class Warehouse:
    """A working file with the notes of a build, of which all tests have passed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        write_run_state(home, RunState(fingerprint=build_fingerprint(DEFAULT_REGION)))
        with duckdb.connect(str(Options(home).warehouse)) as connection:
            connection.execute("create schema built")
            connection.execute("create table fault (node text)")
            connection.execute("create table built.relation (node_id text, content text)")
        assert self.build(EVERY, [SOURCE, OTHER, *(EVERY - {"seed.p.seed"})]) == set()
        with duckdb.connect(str(Options(home).warehouse)) as connection:
            connection.executemany("insert into fault values (?)", [[name] for name in (*EVERY, "of_two")])

    def build(self, wanted: Collection[str], changed: Collection[str] = (), *, full: bool = False) -> set[str]:
        """The nodes whose tests fail after a build that changes the content of these nodes: those that were tested."""

        def run(home: Path, region: str, wanted: Collection[str], *, full: bool) -> list[dict[str, Any]]:
            if wanted:
                self._note(changed)
            return [{"unique_id": name, "status": "success", "message": "OK", "execution_time": 1.0} for name in wanted]

        build_models(Options(self.home, full=full), DEFAULT_REGION, MANIFEST, wanted, run=run)
        rows = stored_dbt_tests(self.home)
        return {row.check_name.removeprefix("rule_of_") for row in rows.values() if row.status != "passed"}

    def die(self, wanted: Collection[str], changed: Collection[str]) -> None:
        """Stops a build after its models and before its tests."""

        def run(home: Path, region: str, wanted: Collection[str], *, full: bool) -> NoReturn:
            self._note(changed)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            build_models(Options(self.home), DEFAULT_REGION, MANIFEST, wanted, run=run)

    def forget(self) -> None:
        """Takes all results out of the home."""
        (self.home / DBT_FILE).unlink()

    def note_no_more(self, name: str) -> None:
        """Takes a model out of the notes, as if it had not been built yet."""
        with duckdb.connect(str(Options(self.home).warehouse)) as connection:
            connection.execute("delete from built.relation where node_id = ?", [name])

    def _note(self, changed: Collection[str]) -> None:
        with duckdb.connect(str(Options(self.home).warehouse)) as connection:
            for name in changed:
                connection.execute("delete from built.relation where node_id = ?", [name])
                connection.execute("insert into built.relation values (?, uuid())", [name])


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path)


def test_same_rows_are_not_tested_again(warehouse: Warehouse) -> None:
    wanted = EVERY - {"model.p.not_wanted"}
    assert warehouse.build(wanted, [SOURCE, "model.p.moved"]) == {"moved", "view", "view_of_view", "of_two"}


def test_a_build_of_everything_tests_everything(warehouse: Warehouse) -> None:
    assert warehouse.build(EVERY, full=True) == {*(name.split(".")[-1] for name in EVERY), "of_two"}


def test_rows_of_a_build_that_died_are_tested_by_the_next_one(warehouse: Warehouse) -> None:
    warehouse.die(TABLES, ["model.p.moved"])
    assert warehouse.build(TABLES) == {"moved", "of_two"}


def test_a_source_that_another_build_has_noted_counts_as_changed(warehouse: Warehouse) -> None:
    assert warehouse.build(["model.p.not_wanted"], [SOURCE]) == set()
    assert warehouse.build(["model.p.same", "model.p.view"]) == {"view"}


def test_a_view_that_is_built_alone_is_tested(warehouse: Warehouse) -> None:
    """No dbt runs that would note what the sources hold."""
    assert warehouse.build(["model.p.view_of_view"]) == {"view_of_view"}


def test_a_rule_on_several_models_is_tested_with_each_of_them(warehouse: Warehouse) -> None:
    for name in TABLES:
        warehouse.forget()
        assert warehouse.build([name], [name]) == {name.split(".")[-1], "of_two"}


def test_a_rule_on_a_model_that_was_never_built_is_not_tested(warehouse: Warehouse) -> None:
    warehouse.note_no_more("model.p.not_wanted")
    assert warehouse.build(["model.p.moved"], ["model.p.moved"]) == {"moved"}
