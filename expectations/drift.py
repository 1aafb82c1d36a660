"""Content of a raw table in an edition, and its changes in the next one, in plain words.

The constants below define noise. A number of distinct values that changes as the number of rows does is noise too. The
weight of a change is the share of the whole that changed, from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from expectations.profile import Profiled, profile_table
from leviers.common.words import first_of

if TYPE_CHECKING:
    import duckdb

ROWS_NOISE = 0.01  # share of the rows, in each count of rows: all, empty, masked, with numbers that appear or vanish
AMOUNT_NOISE = 0.05  # share of the larger of two measures or counts of distinct values; for ends, of the range
# departements are categories; a column with more values, or fewer than two rows per value, has no categories
MAX_CATEGORIES = 120
MAX_NAMED = 5

_LINEAGE = "snapshot_id"
_ORDERED = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "DATE", "TIMESTAMP")
_FRACTIONAL = ("FLOAT", "DOUBLE", "DECIMAL")


class ColumnContent(BaseModel):
    """The content of a column: shares of the rows, range of numbers and dates, rows by category."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    null_share: float | None
    distinct: int
    min: float | str | None = None
    max: float | str | None = None
    masked_share: float | None = None
    categories: dict[str, int] | None = None


class TableContent(BaseModel):
    """The content of a raw table, with the measures of its suite: numbers, or texts such as a range of years."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    columns: dict[str, ColumnContent]
    measures: dict[str, float | str | None]


@dataclass(frozen=True)
class Change:
    """A difference between two editions of a table that is more than noise; ``line`` is its sentence."""

    table: str
    subject: str
    weight: float
    line: str


def table_content(connection: duckdb.DuckDBPyConnection, relation: str, measures: Mapping[str, Any]) -> TableContent:
    """Reads the content of ``relation`` (``schema.table``), one column at a time to save memory."""
    types = {name: str(kind) for name, kind, *_ in connection.execute(f"describe {relation}").fetchall()}
    [(rows,)] = connection.execute(f"select count(*) from {relation}").fetchall()
    columns = {
        name: _column_content(connection, relation, name, kind, rows, f"{name}_status" in types)
        for name, kind in types.items()
        if name != _LINEAGE
    }
    plain = {name: value if isinstance(value, float | int | None) else str(value) for name, value in measures.items()}
    return TableContent(rows=rows, columns=columns, measures=plain)


def _column_content(
    connection: duckdb.DuckDBPyConnection, relation: str, name: str, kind: str, rows: int, has_status: bool
) -> ColumnContent:
    metrics = ["null_share", "distinct"]
    metrics += ["min", "max"] if kind.startswith(_ORDERED) else []
    metrics += ["masked_share"] if has_status else []
    profile = profile_table(connection, relation, [f"{name}__{metric}" for metric in metrics], Profiled())
    measured = {metric: profile[f"{name}__{metric}"] for metric in metrics}
    if kind.startswith(("DATE", "TIMESTAMP")):
        measured |= {end: str(measured[end])[:10] for end in ("min", "max") if measured[end] is not None}
    if not kind.startswith(_FRACTIONAL) and measured["distinct"] <= min(MAX_CATEGORIES, rows / 2):
        counted = f'select cast("{name}" as varchar), count(*) from {relation} where "{name}" is not null group by all'
        measured["categories"] = dict(sorted(connection.execute(counted).fetchall()))
    return ColumnContent.model_validate(measured)


def changes(before: Mapping[str, TableContent], after: Mapping[str, TableContent]) -> list[Change]:
    """Returns the changes beyond noise from one edition of a dataset to the next, the heaviest first."""
    appeared, vanished = "the table has rows, none before", "the table has no rows any more"
    differences = [Change(table, "table", 1, appeared) for table in after.keys() - before.keys()]
    differences += [Change(table, "table", 1, vanished) for table in before.keys() - after.keys()]
    for table in before.keys() & after.keys():
        differences += _of_table(table, before[table], after[table])
        for name in before[table].columns.keys() & after[table].columns.keys():
            differences += _of_column(table, name, before[table], after[table])
    return sorted(differences, key=lambda change: (-change.weight, change.table, change.subject, change.line))


def why_older(before: Mapping[str, TableContent], after: Mapping[str, TableContent]) -> str | None:
    """Returns the warning that an edition ends before the last one: a year or date is older, and none is newer."""
    ends = [
        (name, known.max, column.max)
        for table in sorted(before.keys() & after.keys())
        for name, column in after[table].columns.items()
        if (known := before[table].columns.get(name)) and (isinstance(column.max, str) or name.endswith("year"))
    ]
    moved = [(name, old, new) for name, old, new in ends if old is not None and new is not None and old != new]
    if not moved or any(_position(new) > _position(old) for _, old, new in moved):
        return None
    name, *last = moved[0]
    old, new = (str(end).removesuffix(".0") for end in last)
    return f"older than the edition before: its newest {name} is {new}, {old} there"


def _of_table(table: str, before: TableContent, after: TableContent) -> Iterator[Change]:
    weight = _relative(before.rows, after.rows)
    if weight > ROWS_NOISE:
        yield Change(table, "rows", weight, f"{_moved(before.rows, after.rows)} rows")
    for name in sorted(after.columns.keys() - before.columns.keys()):
        yield Change(table, name, 1, f"the column {name} is new")
    for name in sorted(before.columns.keys() - after.columns.keys()):
        yield Change(table, name, 1, f"the column {name} is gone")
    for name in sorted(before.measures.keys() & after.measures.keys()):
        old, new = before.measures[name], after.measures[name]
        weight = _relative(old, new)
        if weight > AMOUNT_NOISE:
            line = f"{name} is {_moved(old, new)}"
            yield Change(table, name, weight, line)


def _of_column(table: str, name: str, before: TableContent, after: TableContent) -> Iterator[Change]:
    old, new = before.columns[name], after.columns[name]
    for state, share_before, share_after in (
        ("empty", old.null_share, new.null_share),
        ("masked", old.masked_share, new.masked_share),
    ):
        if share_before is not None and share_after is not None:
            weight = abs(share_after - share_before)
            if weight > ROWS_NOISE:
                line = f"{name} is {state} in {share_after:.1%} of the rows, {share_before:.1%} before"
                yield Change(table, name, weight, line)
    if old.categories is not None and new.categories is not None:
        noise = 0 if new.min is None or isinstance(new.min, str) else ROWS_NOISE
        for verbs, here, there, rows in (
            (("appears", "appear"), new.categories, old.categories, after.rows),
            (("vanishes", "vanish"), old.categories, new.categories, before.rows),
        ):
            yield from _of_categories(table, name, verbs, here, there, rows, noise)
        return
    weight = _relative(old.distinct, new.distinct)
    follows_the_rows = _relative(old.distinct * after.rows, new.distinct * before.rows) <= AMOUNT_NOISE
    if weight > AMOUNT_NOISE and not follows_the_rows:
        moved = _moved(old.distinct, new.distinct)
        yield Change(table, name, weight, f"{name} has {moved} distinct values")
    yield from _of_range(table, name, old, new)


def _of_categories(
    table: str, name: str, verbs: tuple[str, str], here: dict[str, int], there: dict[str, int], rows: int, noise: float
) -> Iterator[Change]:
    """Yields the change by categories that are in ``here`` and not in ``there``; it names those with most rows."""
    alone = sorted(here.keys() - there.keys(), key=lambda value: (-here[value], value))
    row_count = sum(here[value] for value in alone)
    if alone and row_count / rows > noise:
        line = f"{name}: {first_of(alone, MAX_NAMED)} {verbs[len(alone) > 1]} ({row_count:,} of {rows:,} rows)"
        yield Change(table, name, row_count / rows, line)


def _of_range(table: str, name: str, old: ColumnContent, new: ColumnContent) -> Iterator[Change]:
    if old.min is None or old.max is None or new.min is None or new.max is None:
        return
    whole = max(_position(old.max), _position(new.max)) - min(_position(old.min), _position(new.min))
    for word, end_before, end_after in (
        ("smallest", old.min, new.min),
        ("largest", old.max, new.max),
    ):
        weight = abs(_position(end_after) - _position(end_before)) / whole if whole else 0
        if weight > AMOUNT_NOISE:
            line = f"the {word} {name} is {_measure_in_words(end_after)}, {_measure_in_words(end_before)} before"
            yield Change(table, name, weight, line)


def _relative(before: float | str | None, after: float | str | None) -> float:
    """Returns the difference as a share of the larger value; 1 if a value differs and one is unknown or a text."""
    if not isinstance(before, float | int) or not isinstance(after, float | int):
        return float(before != after)
    return min(1.0, abs(after - before) / max(abs(before), abs(after))) if before != after else 0.0


def _position(end: float | str) -> float:
    return date.fromisoformat(end).toordinal() if isinstance(end, str) else end


def _moved(before: float | str | None, after: float | str | None) -> str:
    moved = f"{_measure_in_words(after)} against {_measure_in_words(before)}"
    if not before or not isinstance(before, float | int) or not isinstance(after, float | int):
        return moved
    return f"{moved} ({(after - before) / abs(before):+.1%})"


def _measure_in_words(value: float | str | None) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.6g}"
