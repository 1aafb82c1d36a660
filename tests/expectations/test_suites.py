from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from expectations.runner import run_table_suite
from expectations.suites import SUITES, SuiteError, load_marts_suite, load_table_suite

GOOD = """
tables:
  test_dataset:
    patterns: {code: '[0-9]+'}
    expectations:
      - {type: expect_column_values_to_be_between, column: code__pattern_misses, max_value: 0}
"""


def load(directory: Path, text: str) -> None:
    (directory / "raw").mkdir()
    (directory / "raw" / "test_dataset.yml").write_text(text)
    load_table_suite("test_dataset", "test_dataset", directory)


def test_a_good_file_loads(tmp_path: Path) -> None:
    load(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("found", "replaced_by", "said"),
    [
        ("test_dataset:", "another_table:", ["no suite for table test_dataset", "another_table"]),
        ("patterns:", "paterns:", ["tables.test_dataset.paterns", "not permitted"]),
        ("{code: '[0-9]+'}", "{}", ["tables.test_dataset", "code__pattern_misses needs patterns.code"]),
        ("{code: '[0-9]+'}", "{code: x, name: y}", ["tables.test_dataset: patterns", "no expectation uses name"]),
        ("code__pattern_misses", "code__typo", ["tables.test_dataset", "unknown metric code__typo"]),
        ("max_value: 0}", "max_value: 0, severity: fatal}", ["tables.test_dataset.expectations.0.severity", "'error'"]),
        ("expect_column", "check_column", ["tables.test_dataset.expectations.0.type"]),
        ("column: code__pattern_misses, ", "", ["expectations.0", "names no column"]),
        ("tables:", "tables: [", ["not valid YAML", "line"]),
        (GOOD, "tables: {}", ["tables"]),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, found: str, replaced_by: str, said: list[str]) -> None:
    assert found in GOOD
    with pytest.raises(SuiteError) as refused:
        load(tmp_path, GOOD.replace(found, replaced_by))
    for words in ["test_dataset.yml", *said]:
        assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"test_dataset\.yml: no such suite file"):
        load_table_suite("test_dataset", "test_dataset", tmp_path)


def test_the_suites_of_the_project_are_well_formed() -> None:
    for path in (SUITES / "raw").glob("*.yml"):
        with pytest.raises(SuiteError, match="no suite for table nothing"):
            load_table_suite(path.stem, "nothing")
    assert load_marts_suite().queries


def test_bundled_datasets_share_a_file_by_layout() -> None:
    figures = load_table_suite("bundled_rpls_commune", "bundled_rpls_commune")
    assert load_table_suite("bundled_agreste_census", "bundled_agreste_census") == figures
    assert load_table_suite("bundled_sgpe_cop_simulator", "bundled_sgpe_cop_simulator") != figures


@pytest.mark.xdist_group("great_expectations")
def test_two_files_of_all_years_are_refused() -> None:
    """A file of Agence Bio holds all years: an older one beside it would be added up."""
    table = "agence_bio_commune__areas"
    suite = load_table_suite("agence_bio_commune", table)
    with duckdb.connect() as warehouse:
        warehouse.execute("create schema raw_agence_bio")
        warehouse.execute(
            f"create table raw_agence_bio.{table} as select 2024 as year, '31555' as commune_code, "
            "10.0 as certified_area, 2.0 as conversion_area, 12.0 as organic_area, 'observed' as organic_area_status, "
            "snapshot_id from (values ('agence_bio_commune:1'), ('agence_bio_commune:2')) as t(snapshot_id)"
        )
        results = run_table_suite(warehouse, table, f"raw_agence_bio.{table}", suite).results
    assert "years_in_two_files" in {result.column for result in results if not result.success and result.blocks}
