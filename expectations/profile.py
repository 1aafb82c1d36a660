"""Profile of a raw table: a single row, computed by DuckDB in one scan, which the suites read instead of the rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from leviers.common.quoting import identifier, literal

if TYPE_CHECKING:
    import duckdb

Profile = dict[str, Any]

ROWS = "rows"
ROWS_CHANGE_PCT = "rows_change_pct"

# Metrics of a column, as SQL over {column}, {status} (its companion), {pattern} and {values}.
COLUMN_METRICS = {
    "null_share": "count(*) filter (where {column} is null) / nullif(count(*), 0)",
    "distinct": "count(distinct {column})",
    "min": "min({column})",
    "max": "max({column})",
    "pattern_misses": "count(*) filter (where not regexp_full_match(cast({column} as varchar), {pattern}))",
    "outside_set": "count(*) filter (where cast({column} as varchar) not in {values})",
    "masked_share": "count(*) filter (where {status} in ('secret', 'below_threshold')) / nullif(count(*), 0)",
}


class Profiled(BaseModel):
    """The patterns, sets and measures that a suite declares for a table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    patterns: dict[str, str] = {}
    sets: dict[str, list[str]] = {}
    measures: dict[str, str] = {}


def column_metric(metric: str, declared: Profiled) -> tuple[str, str]:
    """Returns the kind of a metric, and the column or measure that it is about.

    Raises:
        ValueError: the metric does not exist, or its declaration is missing.
    """
    if metric in (ROWS, ROWS_CHANGE_PCT):
        return "table", metric
    if metric in declared.measures:
        return "measure", metric
    column, separator, kind = metric.rpartition("__")
    if not separator or not column or kind not in COLUMN_METRICS:
        raise ValueError(
            f"unknown metric {metric}: expected {ROWS}, {ROWS_CHANGE_PCT}, one of measures, "
            f"or <column>__ followed by one of {', '.join(COLUMN_METRICS)}"
        )
    if kind == "pattern_misses" and column not in declared.patterns:
        raise ValueError(f"metric {metric} needs patterns.{column}")
    if kind == "outside_set" and column not in declared.sets:
        raise ValueError(f"metric {metric} needs sets.{column}")
    return kind, column


def profile_table(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    metrics: list[str],
    declared: Profiled,
    previous: Profile | None = None,
) -> Profile:
    """Computes the row count and ``metrics`` of ``relation`` (``schema.table``) without writing anything.

    ``rows_change_pct`` compares with the previous accepted profile; it is None if there is none.
    """
    computed = {metric: _metric_sql(metric, declared) for metric in metrics if metric not in (ROWS, ROWS_CHANGE_PCT)}
    selected = ", ".join(
        [f"count(*) as {identifier(ROWS)}", *(f"{sql} as {identifier(m)}" for m, sql in computed.items())]
    )
    table = ".".join(identifier(part) for part in relation.split("."))
    [row] = connection.execute(f"select {selected} from {table}").fetchall()
    values = [float(value) if isinstance(value, Decimal) else value for value in row]
    profile: Profile = dict(zip([ROWS, *computed], values, strict=True))
    if ROWS_CHANGE_PCT in metrics:
        before = previous[ROWS] if previous else 0
        profile[ROWS_CHANGE_PCT] = 100 * (profile[ROWS] - before) / before if before else None
    return profile


def _metric_sql(metric: str, declared: Profiled) -> str:
    kind, column = column_metric(metric, declared)
    if kind == "measure":
        return declared.measures[column]
    return COLUMN_METRICS[kind].format(
        column=identifier(column),
        status=identifier(f"{column}_status"),
        pattern=literal(declared.patterns.get(column, "")),
        values="(" + ", ".join(literal(value) for value in declared.sets.get(column, [])) + ")",
    )


def newest(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Returns the newest value of each column of dates or years of ``relation``, where it has one."""
    types = {name: str(kind) for name, kind, *_ in connection.execute(f"describe {relation}").fetchall()}
    columns = [name for name, kind in types.items() if kind.startswith(("DATE", "TIMESTAMP")) or name.endswith("year")]
    if not columns:
        return {}
    selected = ", ".join(f"cast(max({identifier(name)}) as varchar)" for name in columns)
    [row] = connection.execute(f"select {selected} from {relation}").fetchall()
    return {name: value for name, value in zip(columns, row, strict=True) if value is not None}
