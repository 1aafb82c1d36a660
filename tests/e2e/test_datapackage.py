"""The data package of a publication is valid Frictionless: types, keys, licences and sources of every resource."""

from __future__ import annotations

import json
from typing import Any

import frictionless
import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.xdist_group("demo")
ROWS = 300  # of each table: reading them all takes minutes, and dbt has tested the keys on all
# What happened, row by row: two rows may be alike.
WITHOUT_KEY = {"fct_check_result", "fct_quarantined_row"}


@pytest.fixture(scope="module")
def package(demo: Ran) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((demo.home.published.parent / "datapackage.json").read_text(encoding="utf-8"))
    return content


def test_frictionless_finds_no_error(demo: Ran) -> None:
    report = frictionless.validate(str(demo.home.published.parent / "datapackage.json"), limit_rows=ROWS)
    assert report.flatten(["title", "fieldName", "message"]) == []
    assert report.stats["tasks"] > 50


def test_a_wrong_type_would_be_found(demo: Ran, package: dict[str, Any]) -> None:
    folder = demo.home.published.parent
    (resource,) = (entry for entry in package["resources"] if entry["name"] == "dim_lever")
    fields = [entry | {"type": "integer"} for entry in resource["schema"]["fields"]]
    wrong = resource | {"schema": resource["schema"] | {"fields": fields}}
    report = frictionless.validate(wrong, basepath=str(folder), limit_rows=ROWS)
    assert "type-error" in {kind for (kind,) in report.flatten(["type"])}


def test_no_published_number_is_the_quotient_of_nothing(demo: Ran) -> None:
    """DuckDB divides zero by zero without a word, and what comes of it is no number."""
    doubles = demo.home.query(
        "select schema_name, table_name, column_name from duckdb_columns() where data_type = 'DOUBLE' and not internal"
    )
    strange = [
        f"{schema}.{table}.{column}"
        for schema, table, column in doubles
        if demo.home.query(f"select 1 from {schema}.{table} where not isfinite({column}) limit 1")
    ]
    assert doubles and strange == []


def test_every_table_names_its_key_and_every_value_its_licence(demo: Ran, package: dict[str, Any]) -> None:
    resources = {entry["name"]: entry for entry in package["resources"]}
    assert {name for name, entry in resources.items() if "primaryKey" not in entry["schema"]} == WITHOUT_KEY
    assert [name for name, entry in resources.items() if not (entry.get("licenses") and entry.get("sources"))] == []
    for name, entry in resources.items():
        if key := entry["schema"].get("primaryKey"):
            columns = ", ".join(key)
            schema = entry["title"].partition(".")[0]
            twice = f"select 1 from {schema}.{name} group by {columns} having count(*) > 1 limit 1"
            assert demo.home.query(twice) == [], name
    values = resources["fct_indicator_value"]
    used = demo.home.query(
        """
        select distinct d.licence, d.attribution from marts.fct_indicator_value as v
        inner join marts.dim_dataset as d using (dataset_id)
        """
    )
    assert {licence["title"] for licence in values["licenses"]} == {licence for licence, _ in used}
    titles = " ".join(source["title"] for source in values["sources"])
    assert [attribution for _, attribution in used if str(attribution) not in titles] == []
    heat = resources["fct_lever_energie_reseaux_chaleur"]
    assert 0 < len(heat["sources"]) < len(values["sources"])
