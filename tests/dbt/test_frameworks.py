"""A second framework with targets: published tables that tell of the one in force stay as they are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from leviers.warehouse.dbt import dbt_manifest, run_dbt
from leviers.warehouse.publication.diff import RUN_TABLES
from tests.conftest import FinishedRun

pytestmark = [pytest.mark.warehouse, pytest.mark.xdist_group("demo")]
IN_FORCE, OTHER = "COP-2023", "FNV-2022"
TABLES = """
    select
        table_schema || '.' || table_name as name,
        table_type = 'BASE TABLE',
        bool_or(column_name = 'framework_version'),
        coalesce(list(column_name) filter (where data_type = 'DOUBLE'), [])
    from information_schema.columns join information_schema.tables using (table_catalog, table_schema, table_name)
    where table_schema in ('marts', 'quality', 'vues')
    group by all
"""


class Table(NamedTuple):
    """A table of the warehouse, or a view, with its columns of DOUBLE."""

    name: str
    is_stored: bool
    has_framework: bool
    amounts: list[str]


def test_rows_of_another_framework_change_nothing(demo: FinishedRun, tmp_path: Path) -> None:
    """All that has targets, a reading or a part has it a second time, with numbers three times as large."""
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copyfile(demo.home.path / "warehouse.duckdb", warehouse)
    with duckdb.connect(str(warehouse)) as connection:
        tables = [Table(*row) for row in connection.execute(TABLES).fetchall()]
        shown = sorted({table.name for table in tables if not table.has_framework} - set(RUN_TABLES))
        before = {name: _content(connection, name) for name in shown}
        for table in tables:
            if table.has_framework and table.is_stored and table.name != "marts.dim_framework":
                copied = ", ".join(
                    [f"'{OTHER}' as framework_version", *(f"3 * {name} as {name}" for name in table.amounts)]
                )
                connection.execute(
                    f"insert into {table.name} select * replace ({copied}) from {table.name} "
                    f"where framework_version = '{IN_FORCE}'"
                )
    readers = _readers(tables)
    assert readers
    built = run_dbt(tmp_path, "76", "run", "--full-refresh", nodes=readers)
    assert {result["status"] for result in built} == {"success"}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert [name for name in shown if _content(connection, name) != before[name]] == []


def _readers(tables: list[Table]) -> list[str]:
    """The models of stored tables without a framework that read a table with one."""
    nodes = json.loads(dbt_manifest().read_text())["nodes"]
    models = {name: node for name, node in nodes.items() if node["resource_type"] == "model"}
    by_name = {table.name: table for table in tables}
    table_of = {name: by_name.get(f"{node['schema']}.{node['alias']}") for name, node in models.items()}
    dated = {name for name, table in table_of.items() if table and table.has_framework}
    return [
        name
        for name, table in table_of.items()
        if table and table.is_stored and not table.has_framework and dated & set(models[name]["depends_on"]["nodes"])
    ]


def _content(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int]:
    return connection.execute(f"select count(*), sum(hash(rows)) from {table} as rows").fetchall()[0]
