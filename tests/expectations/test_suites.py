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
    expect:
      - code__pattern_misses: {max: 0}
"""
IN_SET = "type: expect_column_values_to_be_in_set, column: rows, value_set: [9]"
PLACE = "tables.test_dataset.expect.0"


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
        ("{max: 0}", "{max: 0, severity: fatal}", [f"{PLACE}.metric.code__pattern_misses.severity", "'error'"]),
        ("{max: 0}", "{max: 0, maximum: 1}", [f"{PLACE}.metric.code__pattern_misses.maximum", "not permitted"]),
        ("{max: 0}", "{max: '0'}", [f"{PLACE}.metric.code__pattern_misses.max", "valid integer"]),
        ("{max: 0}", "{severity: warning}", [f"{PLACE}.metric.code__pattern_misses: has neither min nor max"]),
        ("{max: 0}", "0", [f"{PLACE}.metric.code__pattern_misses", "valid dictionary"]),
        ("{max: 0}", "{max: 0}\n        rows: {min: 1}", [f"{PLACE}.metric", "at most 1 item"]),
        ("- code__pattern_misses: {max: 0}", "[]", [f"{PLACE[:-2]}", "at least 1 item"]),
        ("- code", f"- {{{IN_SET.replace('expect', 'check')}}}\n      - code", [f"{PLACE}.type.type", "match pattern"]),
        ("- code", f"- {{{IN_SET.replace('column:', 'columns:')}}}\n      - code", ["expect.0", "names no column"]),
        (
            "- code",
            "- {type: expect_column_values_to_be_between, column: rows, min_value: 1}\n      - code",
            [f"{PLACE}.type: bounds are written `metric: {{min: ..., max: ...}}`"],
        ),
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


def test_bounds_are_one_expectation_each_in_the_order_of_the_file(tmp_path: Path) -> None:
    several = (
        "- rows: {min: 1000, why: a cut file}\n"
        f"      - {{{IN_SET}}}\n"
        "      - rows: {min: 0.5, max: 2000, severity: warning, structure: true}\n"
        "      - code"
    )
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "test_dataset.yml").write_text(GOOD.replace("- code", several))
    suite = load_table_suite("test_dataset", "test_dataset", tmp_path)
    found = [(e.type, e.arguments, e.severity, e.structure, e.why) for e in suite.expectations]
    between = "expect_column_values_to_be_between"
    assert found == [
        (between, {"column": "rows", "min_value": 1000}, "error", False, "a cut file"),
        ("expect_column_values_to_be_in_set", {"column": "rows", "value_set": [9]}, "error", False, None),
        (between, {"column": "rows", "min_value": 0.5, "max_value": 2000}, "warning", True, None),
        (between, {"column": "code__pattern_misses", "max_value": 0}, "error", False, None),
    ]
    assert suite.metrics == ["rows", "code__pattern_misses"]


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"test_dataset\.yml: no such suite file"):
        load_table_suite("test_dataset", "test_dataset", tmp_path)


def test_the_suites_of_the_project_are_well_formed() -> None:
    """They all load, so that none holds bounds in the long form, which is refused."""
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
