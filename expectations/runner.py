"""Runs the suites with Great Expectations, and returns each result with a line of what was expected and found.

Great Expectations gets small pandas frames: the one-row profile of a raw table, or an aggregate of the marts. Its
import takes seconds, so it is imported when a suite runs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb

from expectations.profile import ROWS, ROWS_CHANGE_PCT, Profile, profile_table
from expectations.result import NO_VALUE, VALIDATION, CheckResult, Severity
from expectations.suites import Expectation, GateQuery, TableSuite, gate_queries

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.expectations.expectation import Expectation as GxExpectation

os.environ["GX_ANALYTICS_ENABLED"] = "false"

MAX_GATE_ROWS = 10_000
MAX_ROWS_SHOWN = 5
# Great Expectations reports only the rows at fault for an expectation whose name begins so
OF_VALUES = ("expect_column_values_", "expect_column_pair_values_")
MAX_ODD_CODES = 0.05  # if more codes than this share are odd, the column is no column of codes

COLUMN_ARGUMENTS = ("column", "column_A", "column_B")
GX_SEVERITY: dict[Severity, str] = {"error": "critical", "warning": "warning"}


@dataclass(frozen=True)
class TableCheck:
    """The results of the checks of a raw table, and its profile, which the next edition is compared with."""

    results: list[CheckResult]
    profile: Profile


def check_marts(connection: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """Runs the gate on the marts."""
    return [result for name, query in gate_queries().items() for result in run_gate_query(connection, name, query)]


def run_table_suite(
    connection: duckdb.DuckDBPyConnection,
    dataset_id: str,
    table: str,
    suite: TableSuite,
    previous_profile: Profile | None = None,
    binding: bool = True,
) -> TableCheck:
    """Profiles a raw table and validates the profile. Without an earlier profile, the change is not checked.

    A suite that is not ``binding`` was written before any real file was read: its rules on content are guesses and only
    warn, its rules on structure refuse.
    """
    name = table.rpartition(".")[2]
    where = dataset_id if name == dataset_id else f"{dataset_id}: {name}"
    profile = profile_table(connection, table, suite.metrics, suite, previous_profile)
    if not binding and profile[ROWS] == 0:
        return TableCheck([_without_rows(name, where, previous_profile)], profile)
    expectations = [
        e for e in suite.expectations if ROWS_CHANGE_PCT not in e.columns or profile[ROWS_CHANGE_PCT] is not None
    ]

    import pandas as pd

    results = _run(name, where, pd.DataFrame([profile]), expectations, [])
    structure = {(e.type, ", ".join(e.columns)) for e in expectations if binding or _is_structure(e, profile)}
    return TableCheck([r if (r.expectation, r.column) in structure else _as_guess(r) for r in results], profile)


def _without_rows(suite: str, where: str, previous_profile: Profile | None) -> CheckResult:
    """Returns the result for a table without rows: an error if it had rows in the last edition, else a warning."""
    was_there = bool(previous_profile and previous_profile[ROWS])
    expected = "the table has rows"
    return CheckResult(
        suite=suite,
        expectation=ROWS,
        column=ROWS,
        success=False,
        severity="error" if was_there else "warning",
        observed="0",
        expected=expected,
        message=f"{where}: {expected}, found none" + (", where the last edition had some" if was_there else ""),
        guess=not was_there,
    )


def _is_structure(expectation: Expectation, profile: Profile) -> bool:
    """Returns whether an expectation is about structure: a few odd codes are content, a column of them is not."""
    odd = (profile[column] or 0 for column in expectation.columns if column.endswith("__pattern_misses"))
    return expectation.structure or any(count > MAX_ODD_CODES * profile[ROWS] for count in odd)


def _as_guess(result: CheckResult) -> CheckResult:
    """Turns an error into a warning, except for a check that crashed."""
    return replace(result, severity="warning", guess=True) if result.blocks and result.success is False else result


def run_gate_query(connection: duckdb.DuckDBPyConnection, name: str, query: GateQuery) -> list[CheckResult]:
    """Runs a query of the gate. A query without rows fails, except with ``may_be_empty``."""

    def frame() -> pd.DataFrame:
        result = connection.execute(f"select * from ({query.sql}) limit {MAX_GATE_ROWS + 1}").df()
        if len(result) > MAX_GATE_ROWS:
            raise ValueError(f"the query returns more than {MAX_GATE_ROWS} rows: aggregate it")
        return result

    expectations = list(query.expectations)
    if not query.may_be_empty:
        expectations.append(
            Expectation.model_validate({"type": "expect_table_row_count_to_be_between", "min_value": 1})
        )
    suite, where = f"marts.{name}", f"marts: {name}"
    try:
        return _run(suite, where, frame(), expectations, query.key)
    except Exception as error:  # an error within Great Expectations is reported as a crash, never as a pass
        return [_crash(suite, where, error)]


def _run(
    suite: str, where: str, data: pd.DataFrame, expectations: list[Expectation], key: list[str]
) -> list[CheckResult]:
    outcomes = _validate(suite, data, expectations, key)
    if len(outcomes) != len(expectations):
        raise RuntimeError(f"{len(expectations)} expectations were given, {len(outcomes)} were evaluated")
    rows = data.to_dict("records")
    return [_result(suite, where, outcome, rows, key) for outcome in outcomes]


@cache
def batch_definition() -> BatchDefinition[None]:
    """Returns the asset of Great Expectations for the frames to check; the first call imports the library."""
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    return (
        context.data_sources.add_pandas("frames")
        .add_dataframe_asset("frame")
        .add_batch_definition_whole_dataframe("whole")
    )


def _validate(
    suite: str, data: pd.DataFrame, expectations: list[Expectation], key: list[str]
) -> list[ExpectationValidationResult]:
    from great_expectations.core import ExpectationSuite

    batch = batch_definition().get_batch(batch_parameters={"dataframe": data})
    built = ExpectationSuite(name=suite, expectations=[_gx_expectation(e) for e in expectations])
    # the row at fault in a frame of one row is known; a list of such rows takes nearly twice as long
    is_known_row = len(data) == 1 and not key and all(e.type.startswith(OF_VALUES) for e in expectations)
    result_format: dict[str, Any] = {"result_format": "BOOLEAN_ONLY" if is_known_row else "COMPLETE"}
    if key:
        result_format["unexpected_index_column_names"] = key
    return list(batch.validate(built, result_format=result_format).results)


def _gx_expectation(expectation: Expectation) -> GxExpectation:
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.registry import get_expectation_impl

    return get_expectation_impl(expectation.type)(
        **expectation.arguments, notes=expectation.why, severity=FailureSeverity(GX_SEVERITY[expectation.severity])
    )


def _result(
    suite: str, where: str, outcome: ExpectationValidationResult, rows: list[dict[Any, Any]], key: list[str]
) -> CheckResult:
    config = outcome.expectation_config
    assert config is not None  # noqa: S101 - for the type checker, a result has its configuration
    columns = [config.kwargs[name] for name in COLUMN_ARGUMENTS if name in config.kwargs]
    exception = _exception(outcome.exception_info or {})
    expected = _sentence(config)
    success: bool | None
    observed: _Finding
    if exception:
        success, observed = None, _Finding(None)
    elif unknown := [row for row in rows if any(_is_no_value(row[column]) for column in columns)]:
        # Great Expectations lets NULL pass each test of values
        success, observed = False, _rows(unknown, columns, len(rows), key)
    else:
        success, observed = bool(outcome.success), _finding(outcome.result or {}, columns, rows, key)
    result = f"the check crashed: {exception}" if exception else f"found {observed.text}"
    return CheckResult(
        suite=suite,
        expectation=config.type,
        column=", ".join(columns) or None,
        success=success,
        severity="warning" if config.severity == "warning" else "error",
        observed=observed.text,
        expected=expected,
        message=f"{where}: {expected}, {result}",
        why=str(config.notes) if config.notes else None,
        exception=exception,
        min_value=config.kwargs.get("min_value"),
        max_value=config.kwargs.get("max_value"),
        rows=observed.rows,
        total=observed.total,
    )


def _crash(suite: str, where: str, error: Exception) -> CheckResult:
    exception = f"{type(error).__name__}: {(str(error).strip() or 'no message').splitlines()[0]}"
    return CheckResult(
        suite=suite,
        expectation=VALIDATION,
        column=None,
        success=None,
        severity="error",
        observed=None,
        expected="the validation can be computed",
        message=f"{where}: the validation crashed: {exception}",
        exception=exception,
    )


def _exception(info: Mapping[str, Any]) -> str | None:
    """Returns the message of an exception: the information is flat, or has an entry per metric that crashed."""
    entries = [info] if "raised_exception" in info else list(info.values())
    return next((" ".join(str(e["exception_message"]).split()) for e in entries if e["raised_exception"]), None)


def _sentence(config: Any) -> str:
    """Returns an expectation in words."""
    columns = [config.kwargs[name] for name in COLUMN_ARGUMENTS if name in config.kwargs]
    bounds = [
        f"at {most} {_in_words(config.kwargs[name])}"
        for name, most in (("min_value", "least"), ("max_value", "most"))
        if config.kwargs.get(name) is not None
    ]
    what = " and ".join(bounds) or config.type.removeprefix("expect_").replace("_", " ")
    values = f" {', '.join(map(_in_words, config.kwargs['value_set']))}" if "value_set" in config.kwargs else ""
    return f"{' and '.join(columns)}: {what}{values}" if columns else f"rows: {what}"


@dataclass(frozen=True)
class _Finding:
    """The finding of a check in words; for a check on rows, the number at fault and the total."""

    text: str | None
    rows: int | None = None
    total: int | None = None


def _finding(result: Mapping[str, Any], columns: list[str], rows: list[dict[Any, Any]], key: list[str]) -> _Finding:
    if "observed_value" in result:
        return _Finding(_in_words(result["observed_value"]))
    if len(rows) == 1 and not key:
        return _rows(rows, columns, 1, key)
    bad = result.get("unexpected_index_list") or []
    return _rows(bad, columns, len(rows), key) if bad else _Finding(f"{len(rows)} rows", 0, len(rows))


def _rows(rows: list[dict[Any, Any]], columns: list[str], total: int, key: list[str]) -> _Finding:
    """Returns the values of some rows in words. For a frame of a single row, the values alone."""
    if total == 1 and not key:
        return _Finding(", ".join(_in_words(rows[0][column]) for column in columns))
    shown = [" ".join(f"{name}={_in_words(row[name])}" for name in dict.fromkeys([*key, *columns])) for row in rows]
    more = [f"and {len(rows) - MAX_ROWS_SHOWN} more"] if len(rows) > MAX_ROWS_SHOWN else []
    return _Finding(f"{len(rows)} of {total} rows: {'; '.join(shown[:MAX_ROWS_SHOWN] + more)}", len(rows), total)


def _is_no_value(value: Any) -> bool:
    return value is None or value != value


def _in_words(value: Any) -> str:
    if _is_no_value(value):
        return NO_VALUE
    if isinstance(value, bool | str):
        return str(value)
    try:
        return f"{value:.12g}"
    except (TypeError, ValueError):
        return str(value)
