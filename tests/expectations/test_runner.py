from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from expectations.profile import profile_table
from expectations.report import write_report
from expectations.runner import check_marts, run_gate_query, run_table_suite
from expectations.suites import GateQuery, TableSuite, gate_queries
from ingestion.catalog import load_catalog

pytestmark = pytest.mark.xdist_group("great_expectations")

RPLS, SINOE, ETS = "raw_sdes.rpls_commune", "raw_ademe.ademe_sinoe_dma", "raw_ec.eu_ets_installations"
SPOILT = yaml.safe_load(Path(__file__).with_name("spoilt.yml").read_text(encoding="utf-8"))


def suite_of(dataset_id: str) -> TableSuite:
    dataset = load_catalog()[dataset_id]
    return dataset.suite(dataset.tables[0])


def test_good_data_passes_everywhere(warehouse: duckdb.DuckDBPyConnection) -> None:
    for table in (RPLS, SINOE, ETS):
        dataset_id = table.split(".")[1]
        checked = run_table_suite(warehouse, dataset_id, table, suite_of(dataset_id))
        assert [r.message for r in checked.results if not r.success] == []
        assert checked.profile["rows"] > 10000
    assert [r.message for r in check_marts(warehouse) if not r.success] == []


@pytest.mark.parametrize("case", SPOILT["raw"], ids=lambda case: case["column"])
def test_a_bad_load_is_refused_by_its_check(warehouse: duckdb.DuckDBPyConnection, case: dict[str, str]) -> None:
    table, spoil, column = case.values()
    dataset_id = table.split(".")[1]
    suite = suite_of(dataset_id)
    before = profile_table(warehouse, table, suite.metrics, suite)
    warehouse.execute(spoil.format(table))
    failed = [r for r in run_table_suite(warehouse, dataset_id, table, suite, before).results if not r.success]
    assert column in {result.column for result in failed}
    assert any(r.blocks and r.message.startswith(f"{dataset_id}: {r.column}: ") for r in failed)
    assert all(", found " in result.message for result in failed)


@pytest.mark.parametrize("case", SPOILT["marts"], ids=lambda case: f"{case['query']}-{case['column']}")
def test_a_bad_mart_is_refused_by_its_check(warehouse: duckdb.DuckDBPyConnection, case: dict[str, str]) -> None:
    query, spoil, column = case.values()
    warehouse.execute(spoil)
    [caught] = [r for r in run_gate_query(warehouse, query, gate_queries()[query]) if not r.success]
    assert caught.column == column
    assert caught.blocks or caught.severity == "warning"


def test_a_correction_that_is_out_of_date_is_named_and_says_how_it_goes(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("update quality.fct_correction set state = 'out_of_date' where correction_id = 'hub_683_2013'")
    [result] = [r for r in check_marts(warehouse) if r.blocks and not r.success]
    assert "correction_id=hub_683_2013" in result.message
    assert "take the line out of value_corrections.csv, as docs/corrections.md says" in result.message


def test_another_region_is_no_reason_to_refuse(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("update marts.dim_territory set territory_code = '53' where territory_level = 'region'")
    warehouse.execute("delete from marts.fct_lever_target")
    assert [r.message for r in check_marts(warehouse) if not r.success] == []


def test_a_gate_query_without_rows_proves_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    gate = {"sql": "select 1 as n where false", "expect": [{"n": {"min": 1}}]}
    results = run_gate_query(warehouse, "empty", GateQuery.model_validate(gate))
    assert {r.expectation for r in results if not r.success} == {"expect_table_row_count_to_be_between"}
    assert all(
        r.success for r in run_gate_query(warehouse, "empty", GateQuery.model_validate(gate | {"may_be_empty": True}))
    )


def test_a_value_that_is_not_there_does_not_pass() -> None:
    connection = duckdb.connect()
    connection.execute("create schema raw_test; create table raw_test.t as select null::integer as n")
    suite = TableSuite.model_validate({"expect": [{"n__max": {"max": 9}}]})
    [result] = run_table_suite(connection, "t", "raw_test.t", suite).results
    assert result.success is False
    assert result.message == "t: n__max: at most 9, found no value"


def one_check(**bounds: Any) -> TableSuite:
    return TableSuite.model_validate({"expect": [{"nb_ls__max": {"max": 9} | bounds}]})


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_a_crash_inside_great_expectations_is_neither_a_pass_nor_a_failure(
    warehouse: duckdb.DuckDBPyConnection, severity: str
) -> None:
    warehouse.execute(f"alter table {RPLS} alter nb_ls set data type varchar")
    suite = one_check(severity=severity)
    [result] = run_table_suite(warehouse, "rpls_commune", RPLS, suite).results
    assert result.success is None
    assert result.exception is not None
    assert "must either be None or of the same type" in result.exception
    assert "the check crashed" in result.message
    assert result.blocks is (severity == "error")


def test_a_query_of_the_gate_that_cannot_run_blocks(warehouse: duckdb.DuckDBPyConnection) -> None:
    gate = GateQuery.model_validate({"sql": "select no_such_column as n", "expect": [{"n": {"min": 1}}]})
    [result] = run_gate_query(warehouse, "test", gate)
    assert (result.success, result.blocks) == (None, True)
    assert "no_such_column" in result.message


def test_an_expectation_that_was_not_evaluated_is_no_pass(
    warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("expectations.runner._validate", lambda *_: [])
    with pytest.raises(RuntimeError, match="1 expectations were given, 0 were evaluated"):
        run_table_suite(warehouse, "rpls_commune", RPLS, one_check())


@pytest.mark.parametrize(
    ("expectation", "words"),
    [
        ({"type": "expect_column_values_to_be_sane"}, "expect_column_values_to_be_sane not found"),
        ({"type": "expect_column_values_to_be_in_set", "values": [9]}, "ValidationError"),
        ({"type": "expect_column_values_to_be_in_set"}, "ValidationError"),
    ],
)
def test_an_unknown_expectation_of_the_gate_blocks(
    warehouse: duckdb.DuckDBPyConnection, expectation: dict[str, Any], words: str
) -> None:
    gate = GateQuery.model_validate({"sql": "select 1 as n", "expect": [expectation | {"column": "n"}]})
    [result] = run_gate_query(warehouse, "test", gate)
    assert (result.success, result.blocks) == (None, True)
    assert words in result.message


def test_the_report_shows_what_did_not_pass(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    warehouse.execute(f"update {RPLS} set nb_ls = -1, nb_loues = -21 where commune_code = '01001'")
    checked = run_table_suite(warehouse, "rpls_commune", RPLS, suite_of("rpls_commune"))
    results = [*checked.results, *check_marts(warehouse)]
    index = tmp_path / "reports" / "index.html"
    write_report(results, index.parent)
    html = index.read_text(encoding="utf-8")
    assert "nb_ls__min" in html
    assert "error 1" in html
    pages = {path.name for path in index.parent.iterdir()}
    assert {"index.html", "rpls_commune.html", "marts.provenance.html"} <= pages
    for page in pages:
        text = (index.parent / page).read_text(encoding="utf-8")
        assert "http" not in text, "the report needs no network"
        assert set(re.findall(r'href="([^"]+)"', text)) <= pages
