"""The graph of models is short; no measure of the semantic layer adds what may not be added."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from sqlglot import exp, parse_one

from leviers.warehouse.dbt import dbt_manifest

pytestmark = pytest.mark.xdist_group("dagster")
Node = dict[str, Any]


@pytest.fixture(scope="module")
def manifest() -> Node:
    content: Node = json.loads(dbt_manifest().read_text())
    return content


def is_refused(measure: Node, columns: Node) -> bool:
    """Not a sum of a column that may be summed, always or where another column says so."""
    expression = parse_one(measure.get("expr") or measure["name"], dialect="duckdb")
    cases = list(expression.find_all(exp.If))
    values = [column for case in cases or [expression] for column in names(case.args.get("true", case))]
    conditions = {column for case in cases for column in names(case.this)}
    marks = [columns[name]["config"]["meta"].get("additive") for name in values]
    return measure["agg"] != "sum" or not all(mark == "always" or mark in conditions for mark in marks)


def names(expression: exp.Expression) -> list[str]:
    return [column.name for column in expression.find_all(exp.Column)]


def test_every_measure_sums_what_may_be_summed(manifest: Node) -> None:
    measures = [
        (measure, manifest["nodes"][node]["columns"])
        for semantic_model in manifest["semantic_models"].values()
        for node in semantic_model["depends_on"]["nodes"]
        for measure in semantic_model["measures"]
    ]
    assert len(measures) >= 4
    assert [measure["name"] for measure, columns in measures if is_refused(measure, columns)] == []


@pytest.mark.parametrize(
    ("model", "measure"),
    [
        ("fait_part", {"name": "part_pct", "agg": "sum"}),
        ("fait_observation", {"name": "valeur", "agg": "sum"}),
        ("fait_observation", {"name": "a", "agg": "average", "expr": "case when est_additif then valeur end"}),
        ("fait_observation", {"name": "a", "agg": "sum", "expr": "case when annee > 2000 then valeur end"}),
        ("fait_lecture", {"name": "ecart_ktco2e", "agg": "sum"}),
    ],
)
def test_a_measure_on_a_rate_is_refused(manifest: Node, model: str, measure: Node) -> None:
    assert is_refused(measure, manifest["nodes"][f"model.leviers.{model}"]["columns"])


def test_a_rate_is_the_ratio_of_two_sums(manifest: Node) -> None:
    ratios = [metric for metric in manifest["metrics"].values() if metric["type"] == "ratio"]
    assert len(ratios) >= 2
    simple = {metric["name"] for metric in manifest["metrics"].values() if metric["type"] == "simple"}
    assert {metric["type_params"][part]["name"] for metric in ratios for part in ("numerator", "denominator")} <= simple


def test_a_verdict_stands_close_to_its_source(manifest: Node) -> None:
    """Models on the longest way from a source; none is ephemeral, none is long."""
    models = {node_id: node for node_id, node in manifest["nodes"].items() if node["resource_type"] == "model"}

    @cache
    def depth(node_id: str) -> int:
        return 1 + max((depth(read) for read in models[node_id]["depends_on"]["nodes"] if read in models), default=0)

    assert depth("model.leviers.fct_lever_verdict") <= 18
    assert max(map(depth, models)) <= 22
    assert [node_id for node_id, node in models.items() if node["config"]["materialized"] == "ephemeral"] == []
    assert [node_id for node_id, node in models.items() if node["raw_code"].count("\n") >= 250] == []
