"""The results of all guards in one shape: expectations on raw tables and marts, dbt tests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from pydantic import TypeAdapter

from expectations.result import CheckResult
from ingestion.catalog import load_catalog
from ingestion.load import check_loaded
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from leviers.warehouse.project import dbt_target

DBT_STATUS = {"pass": "passed", "fail": "failed", "warn": "failed", "error": "crashed", "runtime error": "crashed"}
_RESULTS = TypeAdapter(list[CheckResult])


@dataclass(frozen=True)
class CheckRow:
    """A check on what is in the working file now: a row of ``quality.fct_check_result``."""

    guard: str
    check_name: str
    subject: str
    column_name: str | None
    status: str
    severity: str
    expected: str
    observed: str | None
    message: str


_DBT_ROWS = TypeAdapter(dict[str, CheckRow])


def run_gate(options: Options) -> list[CheckResult]:
    """Runs the gate on the marts and keeps its results for the publication."""
    results = _check_marts(options.warehouse)
    _gate_file(options.home).write_bytes(_RESULTS.dump_json(results))
    return results


def collect_checks(home: Path) -> list[CheckRow]:
    """The last result of every check on what is in the working file."""
    return [*map(_expectation_row, _kept_expectations(home)), *_dbt_rows(home)]


def check_everything(options: Options, region: str) -> list[CheckRow]:
    """Runs every guard on what is loaded."""
    store = SnapshotStore(options.home)
    results: list[CheckResult] = []
    for dataset in load_catalog().values():
        state = store.state(dataset.dataset_id)
        if state.has_data:
            results += check_loaded(options.warehouse, dataset, state.profiles)[0]
    results += _check_marts(options.warehouse)
    from leviers.warehouse.dbt import run_dbt

    with TemporaryDirectory(prefix="leviers-check-") as scratch:
        target = Path(scratch)
        run_dbt(options.home, region, "test", "--exclude", "test_type:unit", target=target).is_successful()
        return [*map(_expectation_row, results), *_dbt_results(target).values()]


def write_report(home: Path) -> Path:
    """The HTML data-quality report of the expectations, in a folder of the home."""
    from expectations.report import write_report as write_html

    folder = home / "reports"
    write_html(_kept_expectations(home), folder)
    return folder


def _check_marts(warehouse: Path) -> list[CheckResult]:
    from expectations.runner import check_marts

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return check_marts(connection)


def _kept_expectations(home: Path) -> list[CheckResult]:
    """The results of the suites on what is loaded, and of the last gate."""
    store, gate = SnapshotStore(home), _gate_file(home)
    results = [check for name in load_catalog() for check in store.state(name).checks]
    return results + (_RESULTS.validate_json(gate.read_bytes()) if gate.exists() else [])


def _gate_file(home: Path) -> Path:
    return home / "gate.json"


def _expectation_row(check: CheckResult) -> CheckRow:
    return CheckRow(
        guard="great_expectations",
        check_name=check.expectation,
        subject=check.suite,
        column_name=check.column,
        status=check.status,
        severity=check.severity,
        expected=check.expected,
        observed=check.observed,
        message=check.message,
    )


def _dbt_rows(home: Path) -> Iterable[CheckRow]:
    """The last result of every dbt test; a partial build renews the tests that it ran."""
    kept_file = home / "dbt_tests.json"
    kept = _DBT_ROWS.validate_json(kept_file.read_bytes()) if kept_file.exists() else {}
    nodes = json.loads((dbt_target(home) / "manifest.json").read_text())["nodes"]
    kept |= _dbt_results(dbt_target(home))
    kept = {unique_id: row for unique_id, row in kept.items() if unique_id in nodes}
    kept_file.write_bytes(_DBT_ROWS.dump_json(kept))
    return kept.values()


def _dbt_results(target: Path) -> dict[str, CheckRow]:
    """The results of the tests of the dbt run that wrote into ``target``."""
    run_results = target / "run_results.json"
    if not run_results.exists():
        return {}
    nodes = json.loads((target / "manifest.json").read_text())["nodes"]
    results = json.loads(run_results.read_text())["results"]
    tests = {r["unique_id"]: r for r in results if nodes.get(r["unique_id"], {}).get("resource_type") == "test"}
    return {unique_id: _dbt_row(nodes[unique_id], result) for unique_id, result in tests.items()}


def _dbt_row(node: dict[str, Any], result: dict[str, Any]) -> CheckRow:
    subject = (node.get("attached_node") or node["unique_id"]).split(".")[-1]
    return CheckRow(
        guard="dbt",
        check_name=node["name"],
        subject=subject,
        column_name=node.get("column_name"),
        status=DBT_STATUS.get(result["status"], result["status"]),
        severity="warning" if "warn" in (result["status"], node["config"]["severity"].lower()) else "error",
        expected="no failing row",
        observed=f"{result['failures'] or 0} failing rows",
        message=f"{subject}: {node['name']}: {first_line(result.get('message') or 'no failing row')}",
    )


def first_line(text: str) -> str:
    """The first line that is not blank, or nothing."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
