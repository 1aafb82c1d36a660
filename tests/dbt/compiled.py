"""The tables of a warehouse made anew by the SQL of their models, as dbt has compiled it: a tenth of what dbt takes.

The types of the columns stand for dbt's contract: they do not depend on the rows of a table.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from leviers.warehouse.dbt import dbt_manifest

TYPES = """
select schema_name || '.' || table_name as address, list((column_name, data_type) order by column_name)
from duckdb_columns()
where schema_name in ('intermediate', 'marts', 'quality') and not internal
group by address
"""


def types(warehouse: Path) -> dict[str, Any]:
    """The columns of each table of the models, with their types, in no order: a contract has an order of its own."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return dict(connection.execute(TYPES).fetchall())


def make_anew(warehouse: Path, results: list[dict[str, Any]]) -> None:
    """Makes each table of the results of a build again, in their order; views and seeds stand."""
    nodes = json.loads(dbt_manifest().read_text())["nodes"]
    # The tables are small: a second thread costs more than it brings.
    with duckdb.connect(str(warehouse), config={"threads": 1}) as connection:
        for result in results:
            if nodes[result["unique_id"]]["config"]["materialized"] == "kept_table":
                _make(connection, result, nodes[result["unique_id"]]["language"])


def _make(connection: duckdb.DuckDBPyConnection, result: dict[str, Any], language: str) -> None:
    code = result["compiled_code"]
    if language == "python":
        model: dict[str, Any] = {}
        exec(code, model)  # noqa: S102 - what dbt has made of a model of this project
        made = model["model"](model["dbtObj"](lambda name: connection.table(name.replace('"', ""))), connection)
        connection.register("made", made)
        code = "from made"
    connection.execute(f"create or replace table {result['relation_name']} as {code}")
