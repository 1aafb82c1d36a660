"""The tables and views of a publication with their documentation, for all files that hold them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from leviers.common.quoting import literal

PUBLISHED_SCHEMAS = ("marts", "quality", "vues")
DATAPACKAGE = "datapackage.json"
PARQUET = "parquet"
# The oldest storage format: an older DuckDB opens it too. docs/architecture.md says which one is tested. The blocks are
# small for the many short tables, and for reads by ranges.
STORAGE = "storage_version 'v1.0.0', block_size 32768"
# Memory and threads to write Parquet and the slim file beside the pages. Each thread that sorts holds a part of the
# memory: with the threads of a large machine, it would not suffice for the whole country.
WRITER_MEMORY, WRITERS = "300MB", 2
FRENCH_LAYER = "vues"
TERRITORY = "territoire_id"  # the key of a territory in the views
# The core of the views, whose keys are constraints, so that tools find how they relate. Each comes after those that it
# names; an index of a key takes more room than its column, too much for all views.
CORE = (
    "dim_territoire", "dim_jeu", "dim_indicateur", "dim_levier", "fait_source", "fait_population", "fait_observation",
    "fait_derniere_valeur", "pont_levier_indicateur", "fait_lecture", "fait_trajectoire", "fait_cible", "fait_part",
    "fait_demande", "fait_emission",
)  # fmt: skip
CORE_KEYS = {
    "territoire_id": "dim_territoire", "jeu_id": "dim_jeu", "indicateur_id": "dim_indicateur",
    "levier_id": "dim_levier", "fichier_id": "fait_source",
}  # fmt: skip
LICENCE_NOTICE = (
    "Chaque table dit les licences et les sources de ses lignes ; chaque valeur mène à son fichier par snapshot_id "
    "(marts.dim_snapshot). Les lignes dont le jeu a share_alike dans marts.dim_dataset (ODbL 1.0) forment dans cet "
    "ensemble une base de données à part, qui reste sous cette licence ; dataset_id permet de les écarter. Le code est "
    "sous licence MIT."
)
# Version of the published tables; docs/contract-changelog.md lists the changes of each version.
CONTRACT_VERSION = "6.0.0"


@dataclass(frozen=True)
class ForeignKey:
    """Columns of a table that refer to the ``fields`` of another table."""

    columns: tuple[str, ...]
    table: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Documentation:
    """Documentation of a published table: texts, keys, values of columns, the datasets that it is made from.

    ``is_star``: the table is part of the star, which the slim file holds.
    """

    description: str
    columns: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    not_null: frozenset[str] = frozenset()
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # all that a column may hold, besides NULL
    foreign_keys: tuple[ForeignKey, ...] = ()
    dataset_ids: frozenset[str] = frozenset()
    is_star: bool = False


@dataclass(frozen=True)
class Relation:
    """A table or view of the published file."""

    schema: str
    name: str
    columns: Mapping[str, str]
    documentation: Documentation

    @property
    def address(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"


def core_keys(name: str, columns: Collection[str]) -> tuple[ForeignKey, ...]:
    """Returns the foreign keys of a table of the core: its columns that name the key of another one."""
    return tuple(
        ForeignKey((column,), other, (column,))
        for column, other in CORE_KEYS.items()
        if name in CORE and column in columns and other != name
    )


def in_order_of_keys(tables: Iterable[Relation]) -> list[Relation]:
    """Returns the tables so that each comes after those that its keys name."""
    return sorted(tables, key=lambda table: CORE.index(table.name) if table.name in CORE else len(CORE))


def write_table(connection: duckdb.DuckDBPyConnection, table: Relation, rows: str) -> None:
    """Writes the rows of a query as a table of the database in use, one of the core with its keys."""
    if table.name not in CORE:
        connection.execute(f"create table {table.address} as {rows}")
        return
    described = [f"{column} {kind}" for column, kind in table.columns.items()]
    described += [f"primary key ({', '.join(table.documentation.key)})"]
    described += [
        f"foreign key ({', '.join(key.columns)}) references {table.schema}.{key.table} ({', '.join(key.fields)})"
        for key in table.documentation.foreign_keys
    ]
    connection.execute(f"create table {table.address} ({', '.join(described)})")
    connection.execute(f"insert into {table.address} {rows}")


def ordered_rows(table: Relation) -> str:
    """Returns the query of the rows of a table of the working file; those of a view by territory and key."""
    order = sorted(table.documentation.key, key=lambda column: column != TERRITORY)
    is_view = table.schema == FRENCH_LAYER
    return f"from working.{table.address}" + (f" order by {', '.join(order) or 'all'}" if is_view else "")


@contextmanager
def bounded_connection(building: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yields a connection with little memory that writes files of a publication. It spills beside them."""
    spilled = str(building / ".tmp")
    with duckdb.connect(
        config={"memory_limit": WRITER_MEMORY, "threads": WRITERS, "temp_directory": spilled}
    ) as connection:
        yield connection


def write_comments(
    connection: duckdb.DuckDBPyConnection, database: str, tables: list[Relation], views: Collection[str] = ()
) -> None:
    """Writes the comment of each table and column of a database; those of the addresses ``views`` are views."""
    for table in tables:
        kind = "view" if table.address in views else "table"
        texts = {f"{kind} {database}.{table.address}": table.documentation.description}
        for column in table.columns:
            texts[f'column {database}.{table.address}."{column}"'] = table.documentation.columns.get(column, "")
        for subject, text in texts.items():
            if text:
                connection.execute(f"comment on {subject} is {literal(text.strip())}")
