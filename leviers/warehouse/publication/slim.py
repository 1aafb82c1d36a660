"""The slim file of a publication: the star alone, for BI tools and for reads over the network."""

from __future__ import annotations

from pathlib import Path

import duckdb

from leviers.common.quoting import literal
from leviers.warehouse.home import DATABASE, SLIM
from leviers.warehouse.publication.relations import (
    FRENCH_LAYER,
    STORAGE,
    TERRITORY,
    Relation,
    bounded_connection,
    write_comments,
)

# The long table, and the schema of its compact form in the slim file: each text is stored once, the texts of a
# territory are in the dimension only, and the rows of an indicator are side by side.
LONG_TABLE, COMPACT = f"{FRENCH_LAYER}.fait_observation", f"{FRENCH_LAYER}_compact"
LATEST, IS_LATEST = f"{FRENCH_LAYER}.fait_derniere_valeur", "est_la_derniere"  # rows of the long table
TERRITORIES = f"{FRENCH_LAYER}.dim_territoire"
LONG_ORDER = "indicateur_id, annee, territoire_id"


def write_slim(building: Path, tables: list[Relation]) -> None:
    """Writes the star as tables into a file of its own.

    The long table is a view of a compact table, the latest values are a view of that one.
    """
    (building / SLIM).unlink(missing_ok=True)
    star = [table for table in tables if table.documentation.is_star]
    with bounded_connection(building) as connection:
        connection.execute("set force_compression = 'dictionary'")  # the texts of short tables take half the space
        connection.execute(f"attach {literal(building / DATABASE)} as published (read_only)")
        connection.execute(f"attach {literal(building / SLIM)} as slim ({STORAGE})")
        connection.begin()
        connection.execute(f"create schema slim.{FRENCH_LAYER}")
        for table in star:
            if table.address not in (LONG_TABLE, LATEST):
                connection.execute(f"create table slim.{table.address} as from published.{table.address}")
        for table in star:
            if table.address == LONG_TABLE:
                _write_compact(connection, table)
                connection.execute(f"create view {LATEST} as from {LONG_TABLE} where {IS_LATEST}")
        write_comments(connection, "slim", star, (LONG_TABLE, LATEST))
        connection.commit()
        connection.execute("use memory")
        connection.execute("detach slim")


def _write_compact(connection: duckdb.DuckDBPyConnection, table: Relation) -> None:
    """Writes the long table with each text once, and a view with its columns as published."""
    connection.execute(f"create schema slim.{COMPACT}")
    connection.execute("use slim")
    of_territories = connection.execute(f"select column_name from (describe {TERRITORIES})").fetchall()
    kept_columns: list[str] = []
    shown_columns: list[str] = []
    for column, kind in table.columns.items():
        if (column,) in of_territories and column != TERRITORY:
            shown_columns.append(f"territories.{column}")
        elif kind == "VARCHAR":
            texts = f"select {column} from published.{table.address} where {column} is not null union select ''"
            connection.execute(f"create type {COMPACT}.{column} as enum (from ({texts}) order by all)")
            kept_columns.append(f"cast({column} as {COMPACT}.{column}) as {column}")
            shown_columns.append(f"cast(observed.{column} as varchar) as {column}")
        else:
            kept_columns.append(column)
            shown_columns.append(f"observed.{column}")
    connection.execute(
        f"create table {COMPACT}.{table.name} as "
        f"select {', '.join(kept_columns)} from published.{table.address} order by {LONG_ORDER}"
    )
    connection.execute(f"comment on table {COMPACT}.{table.name} is 'Ce que lit {table.address}.'")
    connection.execute(
        f"create view {table.address} as select {', '.join(shown_columns)} from {COMPACT}.{table.name} as observed "
        f"left join {TERRITORIES} as territories on cast(observed.{TERRITORY} as varchar) = territories.{TERRITORY}"
    )
