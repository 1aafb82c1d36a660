"""The asset checks: the expectations on each raw table, the tests of dbt on a model, the gate on the marts."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import dagster as dg

from dagster_project.resources import RefreshResource
from expectations.result import CheckResult
from ingestion.state import DatasetState
from leviers.warehouse.checks.check_row import CheckRow
from leviers.warehouse.steps import Job, why_not_held

EXPECTATIONS = "great_expectations"
TESTS = "dbt_tests"  # one for all: Dagster writes each result alone, so one for each would cost a full run 15 seconds
GATE_ASSETS = (
    "fct_indicator_value",
    "fct_lever_coverage",
    "fct_lever_target",
    "dim_dataset",
    "dim_indicator",
    "dim_snapshot",
    "dim_territory",
)
CORRECTIONS = dg.AssetKey(["quality", "fct_correction"])


def check_result(
    key: dg.AssetKey,
    name: str,
    problems: Collection[str],
    metadata: Mapping[str, Any] | None = None,
    *,
    is_error: bool = False,
) -> dg.AssetCheckResult:
    """Returns the result of a check, which passes without problems. They are a warning unless it ``is_error``."""
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=not problems,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        description="; ".join(problems) or None,
        metadata=metadata,
    )


def raw_check(key: dg.AssetKey, state: DatasetState) -> dg.AssetCheckResult:
    """Returns the check of a raw table: an error if it holds no accepted edition, a warning if a rule fails."""
    why, failing = next(iter(why_not_held([state])), state.wanting), _failing(state.checks)
    problems = [*filter(None, [why]), *failing.values()]
    metadata = {"expectations": len(state.checks)} | failing
    return check_result(key, EXPECTATIONS, problems, metadata, is_error=not state.holds_accepted)


def _failing(checks: Iterable[CheckResult]) -> dict[str, Any]:
    """Returns the rules that the content breaks, each with its message."""
    failing = [check for check in checks if check.status != "passed"]
    return {" ".join(filter(None, (check.suite, check.column, check.expectation))): check.message for check in failing}


def model_check(key: dg.AssetKey, results: Collection[CheckRow]) -> dg.AssetCheckResult:
    """Returns the check of a model: one for all its dbt tests, with a table of those that fail.

    In the table, ``found`` is the number of rows that fail, or the error of the SQL.
    """
    failures = [row for row in results if row.status != "passed"]
    table = [
        dg.TableRecord(
            {
                "test": row.check_name,
                "column": row.column_name or "",
                "found": row.observed or row.message,
                "severity": row.severity,
            }
        )
        for row in failures
    ]
    metadata = {"tests": len(results)} | ({"failing": dg.MetadataValue.table(table)} if table else {})
    is_error = any(row.blocks for row in failures)
    return check_result(key, TESTS, [row.message for row in failures], metadata, is_error=is_error)


def mart_key(name: str) -> dg.AssetKey:
    return dg.AssetKey(["marts", name])


@dg.asset_check(
    name=EXPECTATIONS,
    asset=mart_key(GATE_ASSETS[0]),
    additional_deps=[*(mart_key(name) for name in GATE_ASSETS[1:]), CORRECTIONS],
    blocking=True,
)
def marts_gate(refresh: RefreshResource) -> dg.AssetCheckResult:
    """Runs the gate of Great Expectations on the marts. An error blocks the publication."""
    return gate_result(refresh.job())


def gate_result(job: Job) -> dg.AssetCheckResult:
    """Runs the gate on the marts, and returns the result as an asset check."""
    blocking, failing = job.gate(), _failing(job.expectations)
    metadata = {"expectations": len(job.expectations)} | failing
    problems = blocking or list(failing.values())
    return check_result(mart_key(GATE_ASSETS[0]), EXPECTATIONS, problems, metadata, is_error=bool(blocking))
