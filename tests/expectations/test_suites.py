from __future__ import annotations

from pathlib import Path

import pytest

from expectations.suites import CODES, TableSuite
from ingestion.catalog import CatalogError, load_catalog
from tests.ingestion.helpers import PRODUCER

WITH_CHECKS = (
    PRODUCER.replace("    tables:", "    checks: [rows: {min: 1000, why: a cut file}]\n    tables:") + "        checks:"
)
GOOD = """
          - code: {matches: '[0-9]+'}
          - year: {min: 2011, max: 2050}
"""
PLACE = "datasets.0.tables.0.checks.1.year"


def load(directory: Path, checks: str) -> TableSuite:
    (directory / "test.yml").write_text(WITH_CHECKS + checks)
    load_catalog.cache_clear()
    dataset = load_catalog(directory)["test_sales"]
    return dataset.suite(dataset.tables[0])


@pytest.mark.parametrize(
    ("written", "replaced_by", "named"),
    [
        ("{matches: '[0-9]+'}", "{code: canton}", ["tables.0.checks.0.code.code", "'commune'"]),
        ("'}", "', in: [a]}", ["tables.0.checks.0.code: Value error, says matches and in"]),
        ("'}", "', sql: count(*)}", ["tables.0.checks.0.code: Value error, a measure has no matches"]),
        ("year:", "code__typo:", ["test_sales: unknown metric code__typo"]),
        ("year:", "name__pattern_misses:", ["test_sales: metric name__pattern_misses needs patterns.name"]),
        ("2050}", "2050, maximum: 1}", [f"{PLACE}.maximum", "not permitted"]),
        ("{min: 2011, max: 2050}", "{severity: warning}", [f"{PLACE}: Value error, has neither min nor max"]),
        ("2050}", "2050}\n            rows: {min: 1}", ["tables.0.checks.1", "at most 1 item"]),
    ],
)
def test_a_wrong_check_is_refused_with_its_place(
    tmp_path: Path, written: str, replaced_by: str, named: list[str]
) -> None:
    load(tmp_path, GOOD)
    assert written in GOOD
    with pytest.raises(CatalogError) as refused:
        load(tmp_path, GOOD.replace(written, replaced_by))
    for words in ["test.yml", *named]:
        assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_each_form_of_a_line_is_what_great_expectations_is_asked(tmp_path: Path) -> None:
    suite = load(
        tmp_path,
        """
          - commune: {code: commune}
          - region: {matches: '[0-9]+', max: 20, severity: warning}
          - kind: {in: [a, b]}
          - year: {min: 2011, max: 2050, structure: true}
          - total: {sql: sum(value), min: 0.5}
          - total: {max: 9, severity: warning}
          - window: {sql: max(year), in: ['2024']}
          - source__null_share: {max: 0}
""",
    )
    between, in_set = "expect_column_values_to_be_between", "expect_column_values_to_be_in_set"
    assert [(e.type, e.arguments, e.severity, e.structure, e.why) for e in suite.expectations] == [
        (between, {"column": "rows", "min_value": 1000}, "error", False, "a cut file"),
        (between, {"column": "commune__pattern_misses", "max_value": 0}, "error", False, None),
        (between, {"column": "region__pattern_misses", "max_value": 20}, "warning", False, None),
        (between, {"column": "kind__outside_set", "max_value": 0}, "error", False, None),
        (between, {"column": "year__min", "min_value": 2011}, "error", True, None),
        (between, {"column": "year__max", "max_value": 2050}, "error", True, None),
        (between, {"column": "total", "min_value": 0.5}, "error", False, None),
        (between, {"column": "total", "max_value": 9}, "warning", False, None),
        (in_set, {"column": "window", "value_set": ["2024"]}, "error", False, None),
        (between, {"column": "source__null_share", "max_value": 0}, "error", False, None),
    ]
    assert suite.patterns == {"commune": CODES["commune"], "region": "[0-9]+"}
    assert (suite.sets, suite.measures) == ({"kind": ["a", "b"]}, {"total": "sum(value)", "window": "max(year)"})
