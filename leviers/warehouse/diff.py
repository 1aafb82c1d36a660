"""Compares two published files: rows added, removed and changed, by table or view and by indicator."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from leviers.common.quoting import literal
from leviers.text.message import Bilingual, Counted, Joined, Message, detail
from leviers.warehouse.history import CHANGES, CHANGES_IN_FRENCH, PUBLICATIONS, TOLERANCE
from leviers.warehouse.home import DATABASE
from leviers.warehouse.relations import DATAPACKAGE, PUBLISHED_SCHEMAS

BY_INDICATOR = "indicator_id"
INDICATORS = "marts.dim_indicator"
# Each run writes these columns and tables anew: they tell of the run and not of the data.
RUN_COLUMNS = frozenset({"checked_at", "retrieved_at", "retrieved_at_utc"})
RUN_TABLES = frozenset({PUBLICATIONS.address, CHANGES.address, CHANGES_IN_FRENCH.address})


class DiffError(Exception):
    """Two files that cannot be compared: says which and why."""


@dataclass(frozen=True)
class Difference:
    """A difference in a table, or in an indicator of it.

    A row is *changed* when its key is in both files and another column differs; a table without a key has none.
    ``columns``: the columns that differ in the changed rows. ``note``: the table or columns that one file lacks.
    ``label_en``, ``label_fr``: the names of the indicator, if a file has them.
    """

    table: str
    indicator_id: str | None
    added: int
    removed: int
    changed: int
    columns: tuple[str, ...] = ()
    note: str | None = None
    label_en: str | None = None
    label_fr: str | None = None

    @property
    def line(self) -> str:
        """The sentence for a person."""
        where = [self.table, self._indicator] if self.indicator_id else [self.table]
        parts: list[str] = []
        if self.added:
            parts.append(Counted("{count} added", count=self.added))
        if self.removed:
            parts.append(Counted("{count} removed", count=self.removed))
        if self.changed:
            changed = Counted("{count} changed", count=self.changed)
            columns = [f" ({', '.join(self.columns)})"] if self.columns else []
            parts.append(Joined("", (changed, *columns)))
        if self.note:
            parts.append(self.note)
        return Joined(": ", (*where, Joined(", ", parts)))

    @property
    def _indicator(self) -> str:
        """The id of the indicator and what it is called."""
        if self.label_en is None:
            return str(self.indicator_id)
        return Bilingual(f"{self.indicator_id} ({self.label_en})", f"{self.indicator_id} ({self.label_fr})")


def compare(
    old: Path, new: Path, ignored: Collection[str] = (), tables: Collection[str] | None = None
) -> list[Difference]:
    """The differences of two publications, each a home, a published folder or a DuckDB file; none when they are equal.

    The keys are those of the data package beside the newer file, or beside the older one. Numbers of rows with a key
    are equal where they differ by less than one part in 10^12; columns that only tell when a run was made are left out,
    as are the ``ignored`` ones. ``tables``, as schema.table, are those to compare, by default all.

    Raises:
        DiffError: a path holds no publication, or one that is damaged; no package beside them names the keys; or an
            ignored column is nowhere.
    """
    files = [_database(path) for path in (old, new)]
    keys = _keys(files)
    with duckdb.connect() as connection:
        for name, file in zip(("old", "new"), files, strict=True):
            try:
                connection.execute(f"attach {literal(file)} as {name} (read_only, type duckdb)")
            except duckdb.Error as error:  # a damaged file raises no error of a class of its own
                why = detail(str(error))
                raise DiffError(
                    Message("{path}: no DuckDB file that can be read: {why}", path=file, why=why)
                ) from error
        return list(_differences(connection, keys, RUN_COLUMNS.union(ignored), tables))


def _database(path: Path) -> Path:
    database = next((p for p in (path, path / DATABASE, path / "published" / DATABASE) if p.is_file()), None)
    if database is None:
        raise DiffError(Message("{path}: no {file} here", path=path, file=DATABASE))
    return database


def _keys(files: list[Path]) -> dict[str, list[str]]:
    """The primary keys by table, from the package beside the newer file, else beside the older one."""
    for file in reversed(files):
        package = file.resolve().with_name(DATAPACKAGE)
        if package.is_file():
            resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
            return {resource["name"]: resource["schema"].get("primaryKey", []) for resource in resources}
    raise DiffError(
        Message(
            "no {file} beside {old} or {new}: it names the keys of the tables",
            file=DATAPACKAGE,
            old=files[0],
            new=files[1],
        )
    )


def _differences(
    connection: duckdb.DuckDBPyConnection,
    keys: dict[str, list[str]],
    ignored: Collection[str],
    tables: Collection[str] | None,
) -> Iterator[Difference]:
    columns = {name: _columns(connection, name) for name in ("old", "new")}
    known = RUN_COLUMNS.union(*(names for tables in columns.values() for names in tables.values()))
    if unknown := sorted(set(ignored) - known):
        raise DiffError(Message("no such column: {columns}", columns=", ".join(unknown)))
    labels = {key: value for name in ("old", "new") for key, value in _labels(connection, name, columns[name]).items()}
    for table in sorted(name for name in columns["old"] | columns["new"] if tables is None or name in tables):
        if table not in columns["old"]:
            yield Difference(table, None, _count(connection, f"new.{table}"), 0, 0, note=Message("a new table"))
        elif table not in columns["new"]:
            yield Difference(table, None, 0, _count(connection, f"old.{table}"), 0, note=Message("the table is gone"))
        else:
            for difference in _table(connection, table, columns["old"][table], columns["new"][table], keys, ignored):
                label_en, label_fr = labels.get(difference.indicator_id, (None, None))
                yield replace(difference, label_en=label_en, label_fr=label_fr)


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        """
        select table_schema || '.' || table_name, column_name, data_type from information_schema.columns
        where table_catalog = ? and list_contains(?, table_schema)
        order by ordinal_position
        """,
        [database, list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        if table not in RUN_TABLES:
            tables.setdefault(table, {})[column] = kind
    return tables


def _labels(
    connection: duckdb.DuckDBPyConnection, database: str, columns: dict[str, dict[str, str]]
) -> dict[str | None, tuple[str, str]]:
    """The names of the indicators of a file, in English and in French, by id."""
    if not {BY_INDICATOR, "label_en", "label_fr"} <= columns.get(INDICATORS, {}).keys():
        return {}
    rows = connection.execute(f"select {BY_INDICATOR}, label_en, label_fr from {database}.{INDICATORS}").fetchall()
    return {indicator_id: (label_en, label_fr) for indicator_id, label_en, label_fr in rows}


def _table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    old: dict[str, str],
    new: dict[str, str],
    keys: dict[str, list[str]],
    ignored: Collection[str],
) -> Iterator[Difference]:
    if gained := [name for name in new if name not in old]:
        yield Difference(table, None, 0, 0, 0, note=Message("new column {columns}", columns=", ".join(gained)))
    if lost := [name for name in old if name not in new]:
        yield Difference(table, None, 0, 0, 0, note=Message("column gone: {columns}", columns=", ".join(lost)))
    for name in (name for name in new if name in old and new[name] != old[name]):
        note = Message("{column} is {new}, was {old}", column=name, new=new[name], old=old[name])
        yield Difference(table, None, 0, 0, 0, note=note)
    shared = [name for name in new if name in old and name not in ignored]
    key = keys.get(table.partition(".")[2], [])
    if key and set(key) <= set(shared):
        yield from _by_key(connection, table, key, [name for name in shared if name not in key], old, new)
        return
    names = _list(shared)
    added, removed = (
        _count(connection, f"(select {names} from {side}.{table} except all select {names} from {other}.{table})")
        for side, other in (("new", "old"), ("old", "new"))
    )
    if added or removed:
        yield Difference(table, None, added, removed, 0)


def _by_key(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    key: list[str],
    values: list[str],
    old: dict[str, str],
    new: dict[str, str],
) -> Iterator[Difference]:
    group = f'coalesce(n."{BY_INDICATOR}", o."{BY_INDICATOR}")' if BY_INDICATOR in key else "null"
    joined = " and ".join(f'n."{name}" is not distinct from o."{name}"' for name in key)
    differs = {name: _differs(name, old[name], new[name]) for name in values}
    changed = " or ".join(f"({condition})" for condition in differs.values()) or "false"
    counts = "".join(
        f", count(*) filter (where o._there and n._there and ({condition}))" for condition in differs.values()
    )
    rows = connection.execute(
        f"""
        select
            {group} as grouped,
            count(*) filter (where o._there is null),
            count(*) filter (where n._there is null),
            count(*) filter (where o._there and n._there and ({changed}))
            {counts}
        from (select *, true as _there from old.{table}) as o
        full join (select *, true as _there from new.{table}) as n on {joined}
        group by grouped
        order by grouped
        """
    ).fetchall()
    for grouped, added, removed, changes, *by_column in rows:
        if added or removed or changes:
            columns = tuple(name for name, count in zip(values, by_column, strict=True) if count)
            yield Difference(table, grouped, added, removed, changes, columns)


def _differs(name: str, old: str, new: str) -> str:
    if old == new == "DOUBLE":
        distance = f'abs(o."{name}" - n."{name}") > {TOLERANCE} * greatest(abs(o."{name}"), abs(n."{name}"))'
        apart = f'o."{name}" <> n."{name}" and {distance}'
        return f'coalesce({apart}, (o."{name}" is null) <> (n."{name}" is null))'
    if old != new:
        return f'cast(o."{name}" as varchar) is distinct from cast(n."{name}" as varchar)'
    return f'o."{name}" is distinct from n."{name}"'


def _list(columns: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _count(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    return int(connection.execute(f"select count(*) from {source}").fetchall()[0][0])
