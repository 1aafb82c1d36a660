"""The page of all checks names each of them, and puts those that say the same into one line."""

from __future__ import annotations

from typing import Any

from expectations.suites import load_marts_suite
from ingestion.catalog import load_catalog
from tools.check_page import page


def model(name: str) -> dict[str, Any]:
    return {"resource_type": "model", "name": name, "fqn": ["leviers", "staging", "producteur", name]}


def dbt_test(name: str, **told: Any) -> dict[str, Any]:
    return {
        "resource_type": "test",
        "name": name,
        "description": "",
        "test_metadata": None,
        "config": {"severity": "ERROR", "where": None},
        **told,
    }


def of_column(table: str, column: str, kind: str = "not_null", **told: Any) -> dict[str, Any]:
    arguments = {"model": "m", "column_name": column, **told.pop("arguments", {})}
    metadata = {"name": kind, "kwargs": arguments}
    return dbt_test(f"{kind}_{table}", test_metadata=metadata, attached_node=table, column_name=column, **told)


def of_query(name: str, sql: str, severity: str = "ERROR") -> dict[str, Any]:
    return dbt_test(
        name,
        raw_code=sql,
        config={"severity": severity, "where": None},
        original_file_path=f"tests/x/{name}.sql",
        depends_on={"nodes": ["seed.leviers.levers", "model.leviers.dim_lever"]},
    )


def lines(*tests: dict[str, Any]) -> list[str]:
    return page(manifest(*tests)).splitlines()


def manifest(*tests: dict[str, Any]) -> dict[str, Any]:
    nodes = {name: model(name) for name in ("stg_b", "stg_a", "stg_c")}
    return {"nodes": nodes | {str(number): test for number, test in enumerate(tests)}}


def test_columns_and_tables_of_the_same_test_share_a_line() -> None:
    tests = [of_column(table, column) for table in ("stg_b", "stg_c") for column in ("year", "code")]
    assert "| `stg_b`, `stg_c` | *not_null* `code`, `year` |" in lines(*tests)


def test_arguments_condition_severity_and_description_are_told() -> None:
    values = of_column("stg_c", "kind", "accepted_values", arguments={"values": ["a", "b"], "quote": False})
    relation = of_column(
        "stg_c",
        "lever_id",
        "relationships",
        arguments={"to": "ref('levers')", "field": "lever_id"},
        config={"severity": "warn", "where": "year > 2000"},
        description="so that none is lost",
    )
    assert (
        "| `stg_c` | *accepted_values* `kind` values: a, b; *relationships (warning)* `lever_id` to: levers, "
        "field: lever_id where year > 2000 (so that none is lost) |"
    ) in lines(values, relation)


def test_a_rule_is_explained_by_the_comment_before_its_query() -> None:
    found = lines(
        of_query("assert_a_b", "{{ config(severity='warn') }}\n-- Two lines\n-- say it.\nselect 1 -- not this", "warn"),
        of_query("c_equals_d", "{#- In\nJinja. -#}\nselect 1"),
        of_query("assert_e", "select 1\n-- no reason"),
    )
    read = "`dim_lever`, `levers`"
    assert f"| [a b](../../dbt/tests/x/assert_a_b.sql) | warning | Two lines say it. | {read} |" in found
    assert f"| [c equals d](../../dbt/tests/x/c_equals_d.sql) | error | In Jinja. | {read} |" in found
    assert f"| [e](../../dbt/tests/x/assert_e.sql) | error |  | {read} |" in found


def test_each_suite_and_each_query_of_the_gate_has_its_lines() -> None:
    text = "\n".join(lines())
    for dataset in load_catalog().values():
        for table in dataset.tables if dataset.is_built else ():
            assert dataset.ships or f"[`{dataset.table_name(table)}`](../../ingestion/catalog/" in text
            assert all(f"`{metric}`" in text for metric in dataset.suite(table).metrics)
    for name in load_marts_suite().queries:
        assert f"### `{name}`" in text
    assert "| `year__min` ≥ 1890 | error | installed wind" in text
