"""The data package of a publication is valid Frictionless: types, keys, licences and sources of every resource."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pytest

from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("demo")
ROWS = 100  # read of each table: reading them all takes minutes, and dbt has tested the keys on all


@pytest.fixture(scope="module")
def package(demo: FinishedRun) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((demo.home.published.parent / "datapackage.json").read_text(encoding="utf-8"))
    return content


def test_frictionless_finds_no_error(demo: FinishedRun, package: dict[str, Any]) -> None:
    assert frictionless.Package.validate_descriptor(package).errors == []
    # dbt has tested the foreign keys on all rows, and each would read another table whole
    resources = [
        entry | {"schema": {name: value for name, value in entry["schema"].items() if name != "foreignKeys"}}
        for entry in package["resources"]
    ]
    folder = str(demo.home.published.parent)
    unread = ["byte-count"]  # Frictionless 5 does not count the bytes of a Parquet file; a test below does
    report = frictionless.validate(
        package | {"resources": resources}, basepath=folder, limit_rows=ROWS, skip_errors=unread
    )
    assert report.flatten(["title", "fieldName", "message"]) == []
    assert report.stats["tasks"] > 50


def test_each_file_has_its_hash_and_each_code_its_list(demo: FinishedRun, package: dict[str, Any]) -> None:
    for entry in package["resources"]:
        content = (demo.home.published.parent / entry["path"]).read_bytes()
        assert (entry["bytes"], entry["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    fields = {
        (entry["name"], field["name"]): field for entry in package["resources"] for field in entry["schema"]["fields"]
    }
    assert all(field["title"] for field in fields.values())
    enums = {place: field["constraints"]["enum"] for place, field in fields.items() if "constraints" in field}
    for entry in package["resources"]:
        whole = [field["name"] for field in entry["schema"]["fields"] if field["type"] == "integer"]
        has_gap = " or ".join(f"{column} is null" for column in whole) or "false"
        file = demo.home.published.parent / entry["path"]
        assert demo.home.query(f"select 1 from '{file}' where {has_gap} limit 1") == [], entry["name"]
    assert enums["fait_lecture", "lecture"] == ["on_line", "unsure", "behind", "opposite", "not_judged"]
    assert len(enums) >= 13
    for (table, column), values in enums.items():
        assert {value for (value,) in values_of(demo, package, table, column)} <= {*values, None}, (table, column)


def values_of(demo: FinishedRun, package: dict[str, Any], table: str, column: str) -> list[tuple[Any, ...]]:
    [path] = [entry["path"] for entry in package["resources"] if entry["name"] == table]
    return demo.home.query(f"select distinct {column} from '{demo.home.published.parent / path}'")


def orphans(folder: Path, package: dict[str, Any]) -> set[tuple[str, str]]:
    """The tables with a row whose foreign key names no row, each with the other table; in SQL, which takes seconds for
    what takes Frictionless minutes.
    """
    files = {entry["name"]: folder / entry["path"] for entry in package["resources"]}
    broken = set()
    for entry in package["resources"]:
        for key in entry["schema"].get("foreignKeys", []):
            columns, to = key["fields"], key["reference"]
            pairs = " and ".join(f"held.{a} = known.{b}" for a, b in zip(columns, to["fields"], strict=True))
            is_whole = " and ".join(f"held.{column} is not null" for column in columns)
            held, known = files[entry["name"]], files[to["resource"]]
            query = f"from '{held}' as held anti join '{known}' as known on {pairs} where {is_whole} limit 1"
            if duckdb.execute(query).fetchall():
                broken.add((entry["name"], to["resource"]))
    return broken


def test_foreign_keys_are_kept_by_all_rows(demo: FinishedRun, package: dict[str, Any]) -> None:
    assert orphans(demo.home.published.parent, package) == set()


def test_foreign_keys_name_the_key_of_a_table(package: dict[str, Any]) -> None:
    keys = {entry["name"]: entry["schema"].get("primaryKey") for entry in package["resources"]}
    references = {
        (entry["name"], *key["fields"]): key["reference"]
        for entry in package["resources"]
        for key in entry["schema"].get("foreignKeys", [])
    }
    assert [name for name, to in references.items() if keys[to["resource"]] != to["fields"]] == []
    territory = {"resource": "dim_territory", "fields": ["territory_level", "territory_code"]}
    assert references["fct_lever_target", "territory_level", "territory_code"] == territory
    assert references["fct_indicator_value", "snapshot_id"] == {"resource": "dim_snapshot", "fields": ["snapshot_id"]}


def test_every_published_table_and_column_is_described(demo: FinishedRun, package: dict[str, Any]) -> None:
    comments = demo.home.query(
        """
        select schema_name || '.' || table_name as place, comment from duckdb_tables()
        union all
        select schema_name || '.' || view_name, comment from duckdb_views() where not internal
        union all
        select schema_name || '.' || table_name || '.' || column_name, comment
        from duckdb_columns() where database_name = current_database()
        """
    )
    assert [place for place, comment in comments if not comment] == []
    comment_texts = {str(text) for _, text in comments}
    resources = package["resources"]
    fields = [field for entry in resources for field in entry["schema"]["fields"]]
    assert {entry["description"] for entry in [*resources, *fields]} <= comment_texts
    titles = [entry["title"].partition(" : ")[2] for entry in resources] + [field["title"] for field in fields]
    assert [title for title in titles if not any(text.startswith(title) for text in comment_texts)] == []


def test_no_published_number_is_the_quotient_of_nothing(demo: FinishedRun) -> None:
    """DuckDB divides zero by zero without a word, and what comes of it is no number."""
    doubles = demo.home.query("""
        select schema_name || '.' || table_name, string_agg('not isfinite("' || column_name || '")', ' or ')
        from duckdb_columns() where data_type = 'DOUBLE' and not internal group by all
    """)
    with duckdb.connect(str(demo.home.published), read_only=True) as connection:
        strange = [
            table
            for table, is_strange in doubles
            if connection.execute(f"select 1 from {table} where {is_strange} limit 1").fetchall()
        ]
    assert doubles
    assert strange == []


def test_every_table_names_its_key_and_every_value_its_licence(demo: FinishedRun, package: dict[str, Any]) -> None:
    resources = {entry["name"]: entry for entry in package["resources"]}
    assert [name for name, entry in resources.items() if "primaryKey" not in entry["schema"]] == []
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
        select distinct d.licence_label_fr, d.attribution from marts.fct_indicator_value as v
        inner join marts.dim_dataset as d using (dataset_id)
        """
    )
    assert {licence["title"] for licence in values["licenses"]} == {licence for licence, _ in used}
    titles = " ".join(source["title"] for source in values["sources"])
    assert [attribution for _, attribution in used if str(attribution) not in titles] == []
    heat = resources["fct_lever_energie_reseaux_chaleur"]
    assert 0 < len(heat["sources"]) < len(values["sources"])
