"""A refresh builds the models below a change: the models that ran are read in dbt's own results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingestion.operations import LOAD_TABLES
from ingestion.options import Options
from leviers.cli import run
from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.project import dbt_target
from leviers.warehouse.steps import KEPT
from tests.conftest import FinishedRun, Home, without_pages

pytestmark = pytest.mark.xdist_group("job")
NAME = "commitment"
HEADER = (
    "commitment_id,lever_id,territory_level,territory_code,horizon_year,measure,unit,new_ambition,roadmap,source,"
    "version,entered_at\n"
)
GOOD = HEADER + "T1,covoiturage,departement,31,2030,ktco2e_avoided,ktCO2e,1,Feuille Test,page 1,1,2026-03-01\n"


def refresh(home: Home, content: str) -> tuple[int, list[str]]:
    folder = home.path / "inputs" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "roadmap.csv").write_text(content)
    lines: list[str] = []
    with without_pages():
        result = run.refresh(Options(home=home.path, offline=True, demo=True), "76", lines.append)
    return result.exit_status, lines


def descendants(children: dict[str, list[str]], start: list[str]) -> set[str]:
    reached: set[str] = set()
    todo = list(start)
    while todo:
        todo += new if (new := [child for child in children[todo.pop()] if child not in reached]) else []
        reached.update(new)
    return reached


def test_only_the_lineage_of_what_changed_is_built(demo: FinishedRun, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    (dbt_target(home.path) / "run_results.json").unlink()
    status, lines = refresh(home, GOOD)
    assert status == 0, lines
    manifest = json.loads(dbt_manifest().read_text())
    nodes, children = manifest["nodes"], manifest["child_map"]
    results = json.loads((dbt_target(home.path) / "run_results.json").read_text())["results"]
    ran = {result["unique_id"] for result in results if not result["unique_id"].startswith("operation.")}
    sources = [f"source.leviers.raw_leviers.{name}" for name in (NAME, *LOAD_TABLES)]
    lineage = descendants(children, sources)
    models = {node for node in lineage if node.startswith("model.")}
    assert ran == {node for node in models if nodes[node]["config"]["materialized"] != "kept_view"}, "a view is its SQL"
    made = {result["unique_id"] for result in results if result["message"] != KEPT} & ran
    assert "model.leviers.fct_lever_commitment" in made
    assert len(made) < len([node for node in nodes if node.startswith("model.")]) / 5
    assert home.ask_working("select roadmap from marts.fct_lever_commitment") == [("Feuille Test",)]


@pytest.mark.parametrize("bad", ["<!DOCTYPE html><html>not found</html>", GOOD.replace(",2030,", ",1930,")])
def test_a_refused_file_builds_nothing(demo: FinishedRun, tmp_path: Path, bad: str) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    results, published = dbt_target(home.path) / "run_results.json", home.published.stat().st_ino
    results.unlink()
    for expected in (run.NOTHING_ACCEPTED, run.NOTHING_CHANGED):
        status, lines = refresh(home, bad)
        assert status == 3, lines
        assert any(line.startswith(f"{NAME}: failed") for line in lines)
        assert expected in lines
        assert not results.exists()
        assert home.published.stat().st_ino == published
