"""The asset checks: the expectations on raw tables, the tests of dbt on a subject, the gate on the marts."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import dagster as dg

from dagster_project.failure import Results, in_words
from dagster_project.resources import RefreshResource
from dagster_project.subjects import Subjects
from expectations.result import CheckResult
from ingestion.state import DatasetState
from leviers.warehouse.checks.check_row import CheckRow
from leviers.warehouse.steps import Job, stop, why_not_held

EXPECTATIONS = "great_expectations"
TESTS = "dbt_tests"
GATE_ON = "fct_indicator_value"
GATE_READS = (
    "fct_correction",
    "fct_lever_coverage",
    "fct_lever_target",
    "dim_dataset",
    "dim_indicator",
    "dim_snapshot",
    "dim_territory",
)


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


def raw_check(key: dg.AssetKey, states: Mapping[str, DatasetState]) -> dg.AssetCheckResult:
    """Returns the check of a producer: an error if a dataset holds no accepted edition, a warning if a rule fails."""
    problems: list[str] = []
    failing: dict[str, Any] = {}
    for name, state in states.items():
        rules = _failing(state.checks)
        failing |= rules
        why = next(iter(why_not_held([state])), state.wanting)
        problems += [f"{name}: {line}" for line in filter(None, [why, *rules.values()])]
    metadata = {"expectations": sum(len(state.checks) for state in states.values())} | failing
    is_error = not all(state.holds_accepted for state in states.values())
    return check_result(key, EXPECTATIONS, problems, metadata, is_error=is_error)


def _failing(checks: Iterable[CheckResult]) -> dict[str, Any]:
    """Returns the rules that the content breaks, each with its message."""
    failing = [check for check in checks if check.status != "passed"]
    return {" ".join(filter(None, (check.suite, check.column, check.expectation))): check.message for check in failing}


def tests_check(key: dg.AssetKey, results: Collection[CheckRow]) -> dg.AssetCheckResult:
    """Returns the check of a subject: one for all its dbt tests, with a table of those that fail.

    In the table, ``found`` is the number of rows that fail, or the error of the SQL.
    """
    failures = [row for row in results if row.status != "passed"]
    table = [
        dg.TableRecord(
            {
                "model": row.subject,
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


def gate(all_subjects: Subjects) -> dg.AssetChecksDefinition:
    """Returns the gate: the expectations on the marts. An error blocks the publication."""
    [key] = all_subjects.holding(GATE_ON)
    others = [other for other in all_subjects.holding(*GATE_READS) if other != key]

    @dg.multi_asset_check(
        name="gate",
        specs=[
            dg.AssetCheckSpec(
                EXPECTATIONS,
                asset=key,
                additional_deps=others,
                blocking=True,
                description="The expectations on the marts. A failing one stops the publication.",
            )
        ],
    )
    def gate_check(refresh: RefreshResource) -> Results:
        yield from in_words(gate_results(key, refresh.job()))

    return gate_check


def gate_results(key: dg.AssetKey, job: Job) -> Results:
    """Runs the gate on the marts.

    Raises:
        StepError: nothing may be published.
    """
    blocking, failing = job.gate(), _failing(job.expectations)
    metadata = {"expectations": len(job.expectations)} | failing
    problems = blocking or list(failing.values())
    yield check_result(key, EXPECTATIONS, problems, metadata, is_error=bool(blocking))
    if blocking:
        stop(blocking)
