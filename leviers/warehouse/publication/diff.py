"""Compares two published files: rows added, removed and changed, by table or view and by indicator."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from ingestion.fault import RefusalError
from leviers.common.quoting import identifier, literal
from leviers.warehouse.home import DATABASE
from leviers.warehouse.publication.history import CHANGES, PUBLICATIONS, TOLERANCE
from leviers.warehouse.publication.relations import DATAPACKAGE, PUBLISHED_SCHEMAS

INDICATOR_COLUMN = "indicator_id"
INDICATOR_TABLE = "marts.dim_indicator"
SIDES = ("old", "new")
# Each run writes these columns and tables anew: they are about the run, not about the data.
RUN_COLUMNS = frozenset({"checked_at", "retrieved_at", "retrieved_at_utc"})
RUN_TABLES = frozenset({PUBLICATIONS, CHANGES})


class DiffError(RefusalError):
    """Two files that cannot be compared."""


@dataclass(frozen=True)
class Difference:
    """A difference in a table, or in an indicator of a table.

    A row is *changed* if its key is in both files and another column differs; a table without a key has no changed
    rows. ``columns`` differ in the changed rows. ``note`` names the table or columns that a file lacks. ``label_en``
    is the name of the indicator, if a file has it.
    """

    table: str
    indicator_id: str | None
    added: int
    removed: int
    changed: int
    columns: tuple[str, ...] = ()
    note: str | None = None
    label_en: str | None = None

    @property
    def sentence(self) -> str:
        name = f"{self.indicator_id} ({self.label_en})" if self.label_en else self.indicator_id
        where = [self.table, name] if name else [self.table]
        parts: list[str] = []
        if self.added:
            parts.append(f"{self.added} added")
        if self.removed:
            parts.append(f"{self.removed} removed")
        if self.changed:
            changed = f"{self.changed} changed"
            parts.append(f"{changed} ({', '.join(self.columns)})" if self.columns else changed)
        if self.note:
            parts.append(self.note)
        return ": ".join((*where, ", ".join(parts)))


def compare(old: Path, new: Path, ignored: Collection[str] = ()) -> list[Difference]:
    """Returns the differences of two publications, each a home, a published folder or a DuckDB file; empty if they are
    equal.

    The keys are read from the data package beside the newer file, else beside the older one. In tables with a key, two
    numbers are equal if they differ by less than one part in 10^12. Columns with the time of a run are left out, and so
    are the ``ignored`` ones.

    Raises:
        DiffError: a path has no publication, or a damaged one; no data package beside them has the keys; or no table
            has an ignored column.
    """
    files = [_database(path) for path in (old, new)]
    keys = _keys(files)
    with duckdb.connect() as connection:
        for side, file in zip(SIDES, files, strict=True):
            try:
                connection.execute(f"attach {literal(file)} as {side} (read_only, type duckdb)")
            except duckdb.Error as error:  # a damaged file raises no error of a class of its own
                raise DiffError(f"{file}: no DuckDB file that can be read: {error}") from error
        types = [_types(connection, side) for side in SIDES]
        all_columns = RUN_COLUMNS.union(*(columns for side in types for columns in side.values()))
        if unknown := sorted(set(ignored) - all_columns):
            raise DiffError(f"no such column: {', '.join(unknown)}")
        labels: dict[str, str] = {}
        for side, there in zip(SIDES, types, strict=True):
            labels |= _labels(connection, side, there)
        differences: list[Difference] = []
        for table in sorted(types[0] | types[1]):
            before, after = (there.get(table, {}) for there in types)
            key = keys.get(table.partition(".")[2], [])
            differences += _table(connection, table, before, after, key, RUN_COLUMNS.union(ignored))
        return [replace(difference, label_en=labels.get(difference.indicator_id or "")) for difference in differences]


def _database(path: Path) -> Path:
    database = next((p for p in (path, path / DATABASE, path / "published" / DATABASE) if p.is_file()), None)
    if database is None:
        raise DiffError(f"{path}: no {DATABASE} here")
    return database


def _keys(files: list[Path]) -> dict[str, list[str]]:
    """Returns the primary keys by table, from the package beside the newer file, else beside the older one."""
    for file in reversed(files):
        package = file.resolve().with_name(DATAPACKAGE)
        if package.is_file():
            resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
            return {resource["name"]: resource["schema"].get("primaryKey", []) for resource in resources}
    raise DiffError(f"no {DATAPACKAGE} beside {files[0]} or {files[1]}: it names the keys of the tables")


def _types(connection: duckdb.DuckDBPyConnection, side: str) -> dict[str, dict[str, str]]:
    """Returns the type of each column, by published table and column."""
    rows = connection.execute(
        """
        select
            schema_name || '.' || table_name as address,
            map_from_entries(list((column_name, data_type) order by column_index))
        from duckdb_columns()
        where database_name = ? and list_contains(?, schema_name) and not list_contains(?, address)
        group by address
        """,
        [side, list(PUBLISHED_SCHEMAS), list(RUN_TABLES)],
    ).fetchall()
    return dict(rows)


def _labels(connection: duckdb.DuckDBPyConnection, side: str, types: dict[str, dict[str, str]]) -> dict[str, str]:
    """Returns the names of the indicators of a file, by id."""
    if not {INDICATOR_COLUMN, "label_en"} <= types.get(INDICATOR_TABLE, {}).keys():
        return {}
    return dict(connection.execute(f"select {INDICATOR_COLUMN}, label_en from {side}.{INDICATOR_TABLE}").fetchall())


def _table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    old: dict[str, str],
    new: dict[str, str],
    key: list[str],
    ignored: Collection[str],
) -> Iterator[Difference]:
    """Yields the differences of a table. ``old`` and ``new`` are its columns and types, empty if a file lacks it."""

    def count(source: str) -> int:
        return int(connection.execute(f"select count(*) from {source}").fetchall()[0][0])

    if not old or not new:
        note = "the table is gone" if old else "a new table"
        added, removed = (count(f"{side}.{table}") if there else 0 for side, there in (("new", new), ("old", old)))
        yield Difference(table, None, added, removed, 0, note=note)
        return
    if gained := [name for name in new if name not in old]:
        yield Difference(table, None, 0, 0, 0, note=f"new column {', '.join(gained)}")
    if lost := [name for name in old if name not in new]:
        yield Difference(table, None, 0, 0, 0, note=f"column gone: {', '.join(lost)}")
    for name in (name for name in new if name in old and new[name] != old[name]):
        note = f"{name} is {new[name]}, was {old[name]}"
        yield Difference(table, None, 0, 0, 0, note=note)
    shared = [name for name in new if name in old and name not in ignored]
    if key and set(key) <= set(shared):
        differs = {name: _differs(name, old[name], new[name]) for name in shared if name not in key}
        yield from _by_key(connection, table, key, differs)
        return
    names = ", ".join(map(identifier, shared))
    added, removed = (
        count(f"(select {names} from {side}.{table} except all select {names} from {other}.{table})")
        for side, other in (("new", "old"), ("old", "new"))
    )
    if added or removed:
        yield Difference(table, None, added, removed, 0)


def _by_key(
    connection: duckdb.DuckDBPyConnection, table: str, key: list[str], differs: dict[str, str]
) -> Iterator[Difference]:
    """Yields the differences of a table with a key, by indicator. ``differs`` has a condition for each other column."""
    group = f"coalesce(n.{INDICATOR_COLUMN}, o.{INDICATOR_COLUMN})" if INDICATOR_COLUMN in key else "null"
    joined = " and ".join(f'n."{name}" is not distinct from o."{name}"' for name in key)
    conditions = [
        "o._there is null",
        "n._there is null",
        *(
            f"o._there and n._there and ({condition})"
            for condition in (" or ".join(differs.values()) or "false", *differs.values())
        ),
    ]
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in conditions)
    rows = connection.execute(
        f"""
        select {group} as grouped, {counts}
        from (select *, true as _there from old.{table}) as o
        full join (select *, true as _there from new.{table}) as n on {joined}
        group by grouped
        order by grouped
        """
    ).fetchall()
    for grouped, added, removed, changes, *by_column in rows:
        if added or removed or changes:
            columns = tuple(name for name, count in zip(differs, by_column, strict=True) if count)
            yield Difference(table, grouped, added, removed, changes, columns)


def _differs(name: str, old: str, new: str) -> str:
    """Returns SQL of the condition that a column has another value in the newer row."""
    before, after = f'o."{name}"', f'n."{name}"'
    if old != new:
        return f"(cast({before} as varchar) is distinct from cast({after} as varchar))"
    if old == "DOUBLE":
        distance = f"abs({before} - {after}) > {TOLERANCE} * greatest(abs({before}), abs({after}))"
        return f"coalesce({before} <> {after} and {distance}, ({before} is null) <> ({after} is null))"
    return f"({before} is distinct from {after})"
