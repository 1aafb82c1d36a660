"""The steps of a refresh: which tests of dbt a build runs again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import TypeAdapter

from ingestion.options import Options
from leviers.warehouse import steps
from leviers.warehouse.check_row import CheckRow
from leviers.warehouse.checks import stored_dbt_tests
from leviers.warehouse.home import DBT_FILE

SOURCE, OTHER = "source.p.raw.changed", "source.p.raw.other"
MANIFEST: dict[str, Any] = {
    "sources": {SOURCE: {}, OTHER: {}},
    "nodes": {
        name: {"resource_type": kind, "config": {"materialized": made}, "depends_on": {"nodes": read}}
        for name, kind, made, read in (
            ("model.p.same", "model", "kept_table", [SOURCE]),
            ("model.p.moved", "model", "kept_table", [SOURCE]),
            ("model.p.view", "model", "kept_view", [SOURCE]),
            ("model.p.view_of_other", "model", "kept_view", [OTHER, "model.p.same"]),
            ("model.p.not_wanted", "model", "kept_table", [OTHER]),
            ("seed.p.wanted", "seed", "seed", []),
        )
    },
}


@pytest.mark.parametrize("full", [False, True])
def test_same_rows_are_not_tested_again(
    full: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = [SOURCE, OTHER, *(name for name in MANIFEST["nodes"] if name.startswith("model"))]
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create schema built")
        connection.execute("create table built.relation as select unnest(?) as node_id, 'before' as content", [noted])

    def run_models(*_: object, **__: object) -> list[dict[str, Any]]:
        with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
            changed = ["model.p.moved", SOURCE]
            connection.execute("update built.relation set content = 'after' where list_contains(?, node_id)", [changed])
        made = ("model.p.same", "model.p.moved", "seed.p.wanted")
        return [{"unique_id": name, "status": "success", "message": "OK", "execution_time": 1.0} for name in made]

    left_alone: list[set[str]] = []

    def run_tests(_: object, __: object, ___: object, unchanged: set[str], ____: object) -> dict[str, Any]:
        left_alone.append(unchanged)
        return {}

    monkeypatch.setattr(steps, "note_build", lambda *_: True)
    monkeypatch.setattr(steps, "_run_models", run_models)
    monkeypatch.setattr(steps, "run_dbt_tests", run_tests)
    wanted = MANIFEST["nodes"].keys() - {"model.p.not_wanted"}
    steps.build_models(Options(tmp_path, full=full), "76", MANIFEST, wanted)
    same = {"model.p.not_wanted"} if full else {"model.p.not_wanted", "model.p.same", "model.p.view_of_other"}
    assert left_alone == [same]


def test_a_build_that_dies_leaves_no_result_of_a_test_that_it_would_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next build, which keeps what this one made, would take the rows for tested."""
    about = {"test.p.same": "model.p.same", "test.p.not_wanted": "model.p.not_wanted"}
    tests = {
        name: {"resource_type": "test", "attached_node": node, "depends_on": {"nodes": [node]}}
        for name, node in about.items()
    }
    manifest = MANIFEST | {"nodes": MANIFEST["nodes"] | tests}
    rows = {
        name: CheckRow(
            guard="dbt",
            check_name=name,
            subject=node,
            column_name=None,
            status="passed",
            severity="error",
            expected="no failing row",
            observed="no failing row",
            message=name,
            message_fr=name,
        )
        for name, node in about.items()
    }
    (tmp_path / DBT_FILE).write_bytes(TypeAdapter(dict[str, CheckRow]).dump_json(rows))

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(steps, "note_build", lambda *_: True)
    monkeypatch.setattr(steps, "_run_models", die)
    with pytest.raises(KeyboardInterrupt):
        steps.build_models(Options(tmp_path), "76", manifest, ["model.p.same"])
    assert list(stored_dbt_tests(tmp_path)) == ["test.p.not_wanted"]
