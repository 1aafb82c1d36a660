"""The steps of a refresh: which tests of dbt a build runs again."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.options import Options
from leviers.warehouse import steps

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
def test_what_came_out_the_same_is_not_tested_again(
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
