from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.report import write_report
from expectations.runner import CheckResult, check_marts, run_gate_query, run_table_suite
from expectations.suites import GateQuery, SuiteError, TableSuite, load_marts_suite
from ingestion.catalog import load_catalog
from leviers.warehouse.check_row import expectation_row, suite_title

pytestmark = pytest.mark.xdist_group("great_expectations")

RPLS, SINOE, ETS = "raw_sdes.rpls_commune", "raw_ademe.ademe_sinoe_dma", "raw_ec.eu_ets_installations"

# Raw table, what spoils it, and the profile column whose check catches it.
BAD_RAW = [
    (
        RPLS,
        "update {} set commune_code = right(commune_code, 4) where commune_code < '02'",
        "commune_code__pattern_misses",
    ),
    (RPLS, "update {} set nb_ls = -1, nb_loues = -21 where commune_code = '01001'", "nb_ls__min"),
    (RPLS, "update {} set nb_ls = null where commune_code = '01001'", "nb_ls__null_share"),
    (RPLS, "update {} set nb_loues = 0 where commune_code = '01001'", "parts_that_do_not_add_up"),
    (RPLS, "update {} set nb_ls = nb_ls * 2, nb_loues = nb_loues * 2, nb_vacants = nb_vacants * 2", "dwellings"),
    (RPLS, "delete from {} where commune_code >= '18750'", "rows_change_pct"),
    (SINOE, "update {} set tonnage = tonnage * 10", "tonnes_per_year"),
    (SINOE, "update {} set waste_type_code = '99X' where departement_code = '31'", "waste_type_code__outside_set"),
    (SINOE, "delete from {} where departement_code > '96'", "departements_per_year"),
    (SINOE, "update {} set year = 2007 where year = 2009", "year__min"),
    (ETS, "update {} set zip_code = 'PARIS' where activity_code = '20'", "sites_without_postal_code"),
    (
        ETS,
        "update {} set verified_emissions_status = 'secret' where verified_emissions is null",
        "verified_emissions__masked_share",
    ),
    (ETS, "update {} set verified_emissions = 40000000 where verified_emissions = 8000000", "verified_emissions__max"),
]

# What spoils the marts, the query of the gate that catches it, and the column.
BAD_MARTS = [
    ("update quality.fct_correction set state = 'out_of_date'", "corrections", "out_of_date"),
    ("update quality.fct_correction set state = 'without_rows'", "corrections", "without_rows"),
    (
        "update marts.fct_indicator_value set value = 1.48 where indicator_id = 'eu_ets_industrial_emissions'",
        "plausible_values",
        "implausible",
    ),
    (
        "update marts.fct_indicator_value set value = 22902000 where indicator_id = 'land_take'",
        "plausible_values",
        "implausible",
    ),
    (
        "update marts.fct_indicator_value set value = 300000 where territory_level = 'commune' and year = 2024",
        "plausible_values",
        "implausible",
    ),
    (
        "update marts.fct_indicator_value set value = -1 where indicator_id = 'hub_255'",
        "plausible_values",
        "implausible_of_unverified_source",
    ),
    ("update marts.fct_indicator_value set value = 2050 where unit = '%'", "plausible_values", "implausible"),
    (
        "update marts.fct_indicator_value set snapshot_id = 's2' where unit = '%'",
        "provenance",
        "values_without_snapshot",
    ),
    ("update marts.dim_snapshot set licence = ' '", "provenance", "values_without_licence"),
    ("update marts.dim_snapshot set licence = 'undeclared'", "provenance", "values_not_to_be_republished"),
    ("update marts.fct_indicator_value set year = 2042 where unit = 'ha'", "provenance", "retrieved_in, newest_year"),
    (
        "update marts.fct_lever_target set lever_id = 'lever_6' where lever_id = 'lever_7'",
        "targets_of_occitanie",
        "levers_with_a_target",
    ),
    ("delete from marts.fct_indicator_value where territory_level = 'commune'", "volume", "known_values"),
    (
        "update marts.fct_indicator_value set value = value * 1000 where year = 2023",
        "jumps_between_years",
        "largest_ratio",
    ),
]


def not_passed(results: list[CheckResult]) -> set[str | None]:
    return {result.column for result in results if not result.success}


def without(model: Any, column: str) -> Any:
    """The same suite with one check removed."""
    kept = [e for e in model.expectations if ", ".join(e.columns) != column]
    assert len(kept) < len(model.expectations)
    return model.model_copy(update={"expect": kept})


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


@pytest.mark.parametrize(("table", "spoil", "column"), BAD_RAW, ids=[case[2] for case in BAD_RAW])
def test_a_bad_load_passes_only_without_its_check(
    warehouse: duckdb.DuckDBPyConnection, table: str, spoil: str, column: str
) -> None:
    dataset_id = table.split(".")[1]
    suite = suite_of(dataset_id)
    before = run_table_suite(warehouse, dataset_id, table, suite).profile
    warehouse.execute(spoil.format(table))
    caught = run_table_suite(warehouse, dataset_id, table, suite, before).results
    assert column in not_passed(caught)
    assert any(
        r.blocks and r.message.startswith(f"{dataset_id}: {r.column} ") and ", found " in r.message for r in caught
    )
    left = run_table_suite(warehouse, dataset_id, table, without(suite, column), before).results
    assert not_passed(left) == set()


@pytest.mark.parametrize(("spoil", "query", "column"), BAD_MARTS, ids=[f"{case[1]}-{case[2]}" for case in BAD_MARTS])
def test_a_bad_mart_passes_only_without_its_check(
    warehouse: duckdb.DuckDBPyConnection, spoil: str, query: str, column: str
) -> None:
    gate = load_marts_suite().queries[query]
    warehouse.execute(spoil)
    caught = [r for r in check_marts(warehouse) if not r.success and r.suite == f"marts.{query}"]
    assert not_passed(caught) == {column}
    assert all(r.blocks or r.severity == "warning" for r in caught)
    assert not_passed(run_gate_query(warehouse, query, without(gate, column))) == set()


def test_the_rows_at_fault_are_named(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("update marts.fct_indicator_value set value = 1.48 where unit = 'tCO2e'")
    [result] = [r for r in check_marts(warehouse) if not r.success]
    assert "territory_level=region smallest_allowed=1000 smallest=1.48" in result.message


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
    assert result.message == "t: n__max values must be less than or equal to 9, found no value"


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
    assert result.exception is not None and "must either be None or of the same type" in result.exception
    assert "the check crashed" in result.message
    assert result.blocks is (severity == "error")


def test_a_crash_of_the_whole_validation_is_surfaced(
    warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the engine is out of order")

    monkeypatch.setattr("expectations.runner._validate", broken)
    with pytest.raises(RuntimeError, match="the engine is out of order"):
        run_table_suite(warehouse, "rpls_commune", RPLS, one_check())


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


def test_a_profile_that_cannot_be_computed_is_no_pass(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(f"alter table {RPLS} drop nb_ls")
    with pytest.raises(duckdb.BinderException, match="nb_ls"):
        run_table_suite(warehouse, "rpls_commune", RPLS, one_check())


@pytest.mark.parametrize(
    ("expectation", "said"),
    [
        ({"type": "expect_column_values_to_be_sane"}, "Great Expectations has no expect_column_values_to_be_sane"),
        ({"type": "expect_column_values_to_be_in_set", "values": [9]}, "values: extra fields not permitted"),
        ({"type": "expect_column_values_to_be_in_set"}, "value_set: field required"),
    ],
)
def test_what_great_expectations_does_not_know_is_an_error_of_the_suite(
    warehouse: duckdb.DuckDBPyConnection, expectation: dict[str, Any], said: str
) -> None:
    suite = TableSuite.model_validate({"expect": [expectation | {"column": "nb_ls__max"}]})
    with pytest.raises(SuiteError, match=f"rpls_commune: .*{re.escape(said)}"):
        run_table_suite(warehouse, "rpls_commune", RPLS, suite)


def test_the_warehouse_may_be_read_only(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    warehouse.execute(f"attach '{path}' as copy; create schema copy.raw_sdes; create table copy.{RPLS} as from {RPLS}")
    warehouse.execute("detach copy")
    with duckdb.connect(str(path), read_only=True) as connection:
        assert all(
            result.success
            for result in run_table_suite(connection, "rpls_commune", RPLS, suite_of("rpls_commune")).results
        )


def test_the_report_shows_what_did_not_pass(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    warehouse.execute(f"update {RPLS} set nb_ls = -1, nb_loues = -21 where commune_code = '01001'")
    checked = run_table_suite(warehouse, "rpls_commune", RPLS, suite_of("rpls_commune"))
    results = [*checked.results, *check_marts(warehouse)]
    told = [(result, expectation_row(result).message_fr) for result in results]
    index = write_report(told, tmp_path / "reports", {result.suite: suite_title(result.suite) for result in results})
    html = index.read_text(encoding="utf-8")
    assert "plus petite valeur de `nb_ls` : au moins 0" in html
    assert "erreur 1" in html
    assert ">Parc locatif social par commune" in html
    pages = {path.name for path in index.parent.iterdir()}
    assert {"index.html", "rpls_commune.html", "marts.provenance.html"} <= pages
    for page in pages:
        text = (index.parent / page).read_text(encoding="utf-8")
        assert "http" not in text, "the report needs no network"
        assert set(re.findall(r'href="([^"]+)"', text)) <= pages


def test_what_no_suite_asks_for_is_not_imported() -> None:
    code = (
        "import inspect, sys; from expectations.runner import _batch_definition; _batch_definition(); inspect.stack();"
        "print({'scipy.stats._stats_py', 'altair.vegalite'} & sys.modules.keys(), end=' ');"
        "print(sys.modules['scipy'].stats.norm.ppf(0.5))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set() 0.0"
