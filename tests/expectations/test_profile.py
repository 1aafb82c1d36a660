from __future__ import annotations

import duckdb
import pytest

from expectations.profile import Profiled, newest, profile_table

DECLARED = Profiled(
    patterns={"code": r"\d{2}"},
    sets={"kind": ["a", "it's"]},
    measures={"total": "sum(value)", "mean": "cast(avg(value) as decimal(18, 2))"},
)


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("""
        create schema raw_test;
        create table raw_test.odd as
        select * from (values
            ('09', 'a', 1.0, 'observed'),
            ('9', 'b', null, 'secret'),
            (null, 'it''s', 3.0, 'observed'),
            ('31', null, null, 'missing')
        ) as t (code, kind, value, value_status)
    """)
    return connection


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("rows", 4),
        ("code__null_share", 0.25),
        ("code__distinct", 3),
        ("code__min", "09"),
        ("value__max", 3.0),
        ("code__pattern_misses", 1),
        ("kind__outside_set", 1),
        ("value__masked_share", 0.25),
        ("total", 4.0),
        ("mean", 2.0),
    ],
)
def test_a_metric_of_a_profile_has_its_value(
    connection: duckdb.DuckDBPyConnection, metric: str, expected: object
) -> None:
    assert profile_table(connection, "raw_test.odd", [metric], DECLARED)[metric] == expected


def test_only_what_is_asked_is_computed(connection: duckdb.DuckDBPyConnection) -> None:
    assert set(profile_table(connection, "raw_test.odd", ["code__distinct"], DECLARED)) == {"rows", "code__distinct"}


def test_change_needs_an_earlier_profile(connection: duckdb.DuckDBPyConnection) -> None:
    asked = ["rows_change_pct"]
    assert profile_table(connection, "raw_test.odd", asked, DECLARED)["rows_change_pct"] is None
    assert profile_table(connection, "raw_test.odd", asked, DECLARED, {})["rows_change_pct"] is None
    assert profile_table(connection, "raw_test.odd", asked, DECLARED, {"rows": 5})["rows_change_pct"] == -20


def test_an_empty_table_has_counts_and_no_shares(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("delete from raw_test.odd")
    profile = {"rows": 0, "code__pattern_misses": 0, "code__null_share": None, "value__min": None}
    assert profile_table(connection, "raw_test.odd", [*profile][1:], DECLARED) == profile


def test_the_newest_dates_and_years_of_a_table_are_found(connection: duckdb.DuckDBPyConnection) -> None:
    rows = "2025 as year, date '2026-01-31' as day, 7 as n, null::date as gone"
    connection.execute(f"create table raw_test.t as select {rows}")
    connection.execute("insert into raw_test.t values (2024, '2026-02-01', 9, null)")
    assert newest(connection, "raw_test.t") == {"year": "2025", "day": "2026-02-01"}
    assert newest(connection, "raw_test.odd") == {}
