"""Before a real file was read, a suite's checks of the content warn; its checks of structure refuse all the same."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from expectations.result import CheckResult
from expectations.runner import run_table_suite
from expectations.suites import TableSuite

pytestmark = pytest.mark.xdist_group("great_expectations")

SUITE = TableSuite.model_validate(
    {
        "patterns": {"code": r"\d{2}"},
        "sets": {"kind": ["a", "b"]},
        "measures": {"repeated": "count(*) - count(distinct (code, year))", "total": "sum(value)"},
        "expect": [
            {"rows": {"min": 100}},
            {"code__pattern_misses": {"max": 0}},
            {"kind__outside_set": {"max": 0}},
            {"repeated": {"max": 0, "structure": True}},
            {"value__max": {"max": 150}},
            {"total": {"max": 15_000, "severity": "warning"}},
        ],
    }
)


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("""
        create schema raw_test;
        create table raw_test.t as
        select printf('%02d', i % 50) as code, 2000 + i // 50 as year, 'a' as kind, 1.0::double as value
        from range(200) as r (i)
    """)
    return connection


def run(
    connection: duckdb.DuckDBPyConnection, *, binding: bool = False, **options: Any
) -> dict[str | None, CheckResult]:
    """The failed checks, by column."""
    results = run_table_suite(connection, "t", "raw_test.t", SUITE, binding=binding, **options).results
    return {result.column: result for result in results if not result.success}


@pytest.mark.parametrize(
    ("spoil", "column"),
    [
        ("delete from raw_test.t where year > 2000", "rows"),
        ("update raw_test.t set code = '987' where code = '07'", "code__pattern_misses"),
        ("update raw_test.t set kind = 'c' where code = '07'", "kind__outside_set"),
        ("update raw_test.t set value = 1782 where code = '07' and year = 2000", "value__max"),
    ],
)
def test_content_warns_until_the_record_is_verified(
    connection: duckdb.DuckDBPyConnection, spoil: str, column: str
) -> None:
    connection.execute(spoil)
    guess, fact = run(connection), run(connection, binding=True)
    assert set(guess) == set(fact) == {column}
    assert (guess[column].severity, guess[column].blocks, guess[column].guess) == ("warning", False, True)
    assert (fact[column].severity, fact[column].blocks, fact[column].guess) == ("error", True, False)
    assert guess[column].message == fact[column].message


@pytest.mark.parametrize(
    ("spoil", "column"),
    [
        ("insert into raw_test.t from raw_test.t where code = '07'", "repeated"),
        ("update raw_test.t set code = 'Test ' || code where code < '03'", "code__pattern_misses"),
    ],
    ids=["a key that comes twice", "a column of something else than codes"],
)
def test_structure_refuses_before_any_real_file(connection: duckdb.DuckDBPyConnection, spoil: str, column: str) -> None:
    connection.execute(spoil)
    checks = run(connection)
    assert set(checks) == {column}
    assert checks[column].blocks
    assert not checks[column].guess


def test_a_warning_of_the_suite_is_no_guess(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("update raw_test.t set value = 100")
    checks = run(connection)
    assert {column: (check.severity, check.guess) for column, check in checks.items()} == {"total": ("warning", False)}


def test_an_empty_table_is_a_line_and_refused_if_it_had_rows(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("delete from raw_test.t")
    never, before = run(connection), run(connection, previous_profile={"rows": 200})
    assert [check.message for check in never.values()] == ["t: the table has rows, found none"]
    assert not never["rows"].blocks
    assert [check.message for check in before.values()] == [
        "t: the table has rows, found none, where the last edition had some"
    ]
    assert before["rows"].blocks
