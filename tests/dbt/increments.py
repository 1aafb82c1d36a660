"""A raw table is changed, and each table that the build leaves alone is held against its SQL."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from leviers.warehouse.dbt import dbt_manifest, run_dbt
from leviers.warehouse.project import DEFAULT_REGION
from leviers.warehouse.steps import KEPT

UNCOUNTED = ("BIGINT", "DOUBLE")
BUILD = ("build", "--resource-type", "model")


def change(warehouse: Path, table: str) -> None:
    """Takes a row from a raw table, and moves the numbers of every other one by a half."""
    with duckdb.connect(str(warehouse)) as connection:
        columns = connection.execute(f"describe {table}").fetchall()
        numbers = [name for name, kind, *_ in columns if kind in UNCOUNTED and "year" not in name]
        connection.execute(f"delete from {table} where rowid = (select max(rowid) from {table})")
        if numbers:
            moved = ", ".join(f'"{name}" = "{name}" * 1.5' for name in numbers)
            connection.execute(f"update {table} set {moved} where rowid % 2 = 0")


def build(home: Path, *arguments: str, region: str = DEFAULT_REGION) -> dict[str, dict[str, str]]:
    """Builds what has to be; the result of each node by its id.

    Raises:
        AssertionError: a node was not built.
    """
    results = {result["unique_id"]: result for result in run_dbt(home, region, *BUILD, *arguments)}
    assert {name for name, result in results.items() if result["status"] not in ("success", "pass")} == set()
    return results


def stale(warehouse: Path, results: dict[str, dict[str, str]]) -> list[str]:
    """The tables that were left alone although their SQL now gives other rows; models in Python are not asked."""
    nodes = json.loads(dbt_manifest().read_text())["nodes"]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = {
            f'"{catalog}"."{schema}"."{name}"'
            for catalog, schema, name in connection.execute(
                "select database_name, schema_name, table_name from duckdb_tables()"
            ).fetchall()
        }
        return [
            name
            for name, result in results.items()
            if result["message"] == KEPT
            and nodes[name]["language"] == "sql"
            and (table := result["relation_name"]) in tables
            if _differ(connection, table, result["compiled_code"])
        ]


def kept(results: dict[str, dict[str, str]]) -> set[str]:
    """The nodes that were left alone."""
    return {name for name, result in results.items() if result["message"] == KEPT}


def _differ(connection: duckdb.DuckDBPyConnection, table: str, sql: str) -> bool:
    columns = connection.execute(f"describe {table}").fetchall()
    typed = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind, *_ in columns)
    stands, now = (
        connection.execute(f"select count(*), sum(cast(hash(one_row) as hugeint)) from {rows} as one_row").fetchall()
        for rows in (table, f"(select {typed} from ({sql}))")
    )
    return bool(stands != now)
