"""Every portable table that Spark makes, held row for row against DuckDB's; dbt's tests of them on Spark."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from ingestion.options import Options
from leviers.cli.run import refresh
from leviers.spark.build import SparkBuild
from tests.conftest import FinishedRun, without_pages
from tests.fakes.country import CORSICA, enter, small_country, write_figures, write_mirror

pytestmark = pytest.mark.spark
# Differences of sums that nearly are the same: equal within 1e-9 of the column's largest value. All other doubles are
# equal within 1e-9 of themselves, and what is no double is equal.
FLOORS = {
    f"{table}.{column}"
    for table in ("intermediate.int_levels_reconciled", "quality.fct_reconciliation")
    for column in ("difference", "difference_pct")
}
TOLERANCE = 1e-9
# Tables that neither the bundled figures nor the small country fill: their equality would prove nothing.
EMPTY = {
    "intermediate.int_emission_keys_measured": "it wants five regions",
    "intermediate.int_emission_estimates_derived": "of the same",
    "marts.fct_emission_estimate": "of the same",
    "vues.fait_emission_cle": "of the same",
    "intermediate.int_rate_jumps_detected": "it wants a long series of a rate",
    "quality.fct_site_disagreement": "its sites are in no postal code of these territories",
}


@dataclass(frozen=True)
class Comparison:
    """The tables and the tests of dbt that Spark has otherwise than DuckDB, and the tables without a row."""

    different_tables: dict[str, dict[str, int]]
    different_tests: dict[str, str]
    empty: set[str]

    def assert_is_equal(self) -> None:
        assert (self.different_tables, self.different_tests) == ({}, {})


@pytest.fixture(scope="module")
def demo_on_spark(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return compare(demo.home.path, tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def country_on_spark(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A small country. Every dataset is there, and what a person has entered."""
    folder = tmp_path_factory.mktemp("country")
    home, mirror = folder / "home", folder / "mirror"
    write_mirror(fixtures, mirror)
    write_figures(folder / "figures")
    enter(mirror, home)
    with small_country(folder / "figures"), without_pages():
        assert refresh(Options(home, mirror=mirror, offline=True), CORSICA, print).exit_status == 0
    return compare(home, folder)


@pytest.mark.xdist_group("demo")
def test_the_demo_is_the_same_on_spark(demo_on_spark: Comparison) -> None:
    demo_on_spark.assert_is_equal()


@pytest.mark.xdist_group("country")
def test_a_small_country_is_the_same_on_spark(country_on_spark: Comparison) -> None:
    country_on_spark.assert_is_equal()


@pytest.mark.xdist_group("real")
def test_the_real_files_are_the_same_on_spark(real: FinishedRun, tmp_path: Path) -> None:
    """They fill the tables that small data leave empty."""
    comparison = compare(real.home.path, tmp_path)
    comparison.assert_is_equal()
    assert comparison.empty.isdisjoint(EMPTY)


@pytest.mark.xdist_group("country")
def test_no_table_is_empty_everywhere(demo_on_spark: Comparison, country_on_spark: Comparison) -> None:
    """The listed tables are the exceptions, and each of them is empty everywhere."""
    assert demo_on_spark.empty & country_on_spark.empty == set(EMPTY)


def compare(home: Path, folder: Path) -> Comparison:
    """Builds the tables of a home on Spark and compares them with DuckDB's. Prints the table of equality."""
    start = time.monotonic()
    build = SparkBuild(home, folder, "76")
    rows: dict[str, int] = {}
    differ: dict[str, dict[str, int]] = {}
    try:
        failures = build.run()
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
            for node in build.models:
                table = f"{node.schema}.{node.alias}"
                made = folder / "tables" / f"{node.schema}.db" / node.alias
                if node.config.materialized == "kept_view":
                    build.session.table(table).write.parquet(str(made))
                rows[table], differ[table] = differences(warehouse, table, made)
                print(f"{table:60} {rows[table]:>9} rows, {differ[table] or 'equal'}")
    finally:
        build.session.stop()  # the next has its tables elsewhere
    none = {table for table, count in rows.items() if not count}
    minutes = (time.monotonic() - start) / 60
    print(f"{len(rows)} tables, {sum(rows.values())} rows in {minutes:.0f} minutes; {len(none)} empty: {sorted(none)}")
    recorded = json.loads((home / "dbt_tests.json").read_text(encoding="utf-8"))
    print(f"{len(failures)} tests, of which {sum(count > 0 for count in failures.values())} have failing rows")
    observed = {test: f"{count} failing row{'s' * (count != 1)}" for test, count in failures.items()}
    return Comparison(
        different_tables={table: columns for table, columns in differ.items() if columns},
        different_tests={test: text for test, text in observed.items() if text != recorded[test]["observed"]},
        empty=none,
    )


def differences(warehouse: duckdb.DuckDBPyConnection, table: str, made: Path) -> tuple[int, dict[str, int]]:
    """The rows of a table, and by column how many of them Spark has otherwise; ``rows`` where it has more or fewer."""
    types = dict(warehouse.execute(f"select column_name, column_type from (describe {table})").fetchall())
    doubles = [name for name, type_ in types.items() if type_.startswith(("DOUBLE", "DECIMAL"))]
    others = [name for name in types if name not in doubles]
    casts = ", ".join(f"cast({name} as {type_}) as {name}" for name, type_ in types.items())
    order = ", ".join([*(f"cast({name} as varchar)" for name in others), *doubles])
    sides = {"duck": f"select * from {table}", "spark": f"select {casts} from read_parquet('{made}/*.parquet')"}
    for side, query in sides.items():
        placed = f"select *, row_number() over (order by {order}) as row_of_order from ({query})"
        warehouse.execute(f"create or replace temp table {side} as {placed}")
    counts = [warehouse.table(side).count("*").fetchall()[0][0] for side in sides]
    if counts[0] != counts[1]:
        return counts[0], {"rows": counts[1] - counts[0]}
    unequal = [f"duck.{name} is distinct from spark.{name}" for name in others]
    for name in doubles:
        floor = f"(select coalesce(max(abs({name})), 0) from duck)" if f"{table}.{name}" in FLOORS else "0"
        unequal.append(
            f"duck.{name} is distinct from spark.{name} and coalesce(abs(duck.{name} - spark.{name})"
            f" > {TOLERANCE} * greatest(abs(duck.{name}), abs(spark.{name}), {floor}), true)"
        )
    counted = ", ".join(f"count(*) filter (where {condition})" for condition in unequal)
    numbers = warehouse.execute(f"select {counted} from duck join spark using (row_of_order)").fetchone() or ()
    return counts[0], {name: count for name, count in zip([*others, *doubles], numbers, strict=True) if count}
