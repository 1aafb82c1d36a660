"""Every portable table that Spark makes, held row for row against that of DuckDB; dbt's tests of them on Spark."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from leviers.spark.build import SparkBuild
from tests.conftest import Ran

pytestmark = pytest.mark.spark
# Differences of sums that nearly are the same: equal within 1e-9 of the column's largest value. All other doubles are
# equal within 1e-9 of themselves, and what is no double is equal.
FLOORS = {
    f"{table}.{column}"
    for table in ("intermediate.int_levels_reconciled", "quality.fct_reconciliation")
    for column in ("difference", "difference_pct")
}
TOLERANCE = 1e-9


@pytest.mark.xdist_group("demo")
def test_the_demo_is_the_same_on_spark(demo: Ran, tmp_path: Path) -> None:
    hold_against_duckdb(demo.home.path, tmp_path)


@pytest.mark.xdist_group("real")
def test_the_real_files_are_the_same_on_spark(real: Ran, tmp_path: Path) -> None:
    hold_against_duckdb(real.home.path, tmp_path)


def hold_against_duckdb(home: Path, folder: Path) -> None:
    """Prints the table of equality; fails where a row differs, or a test of dbt does."""
    build = SparkBuild(home, folder, "76")
    build.run()
    rows: dict[str, int] = {}
    differ: dict[str, dict[str, int]] = {}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        for node in build.models:
            table = f"{node.schema}.{node.alias}"
            made = folder / "tables" / f"{node.schema}.db" / node.alias
            if node.config.materialized == "view":
                build.session.table(table).write.parquet(str(made))
            rows[table], differ[table] = differences(warehouse, table, made)
            print(f"{table:60} {rows[table]:>9} rows, {differ[table] or 'equal'}")
    empty = sorted(table for table, count in rows.items() if not count)
    print(f"{len(rows)} tables, {sum(rows.values())} rows; {len(empty)} empty, of which this proves nothing: {empty}")
    assert not {table: columns for table, columns in differ.items() if columns}


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
    found = warehouse.execute(f"select {counted} from duck join spark using (row_of_order)").fetchone() or ()
    return counts[0], {name: count for name, count in zip([*others, *doubles], found, strict=True) if count}
