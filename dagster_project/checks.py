"""The results of all guards in one shape: expectations on raw tables and marts, dbt tests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb

from ingestion.catalog import load_catalog
from ingestion.disk import tells_full_disk
from ingestion.refresh import Options, check_loaded
from ingestion.snapshots import SnapshotStore
from leviers.first_contact import guesses
from leviers.project import dbt_target, run_dbt

if TYPE_CHECKING:
    import dagster as dg

    from expectations.runner import CheckResult

DBT_ERRORS = "Errors parsed from dbt logs:"
DBT_STATUS = {"pass": "passed", "fail": "failed", "warn": "failed", "error": "crashed", "runtime error": "crashed"}


def run_gate(options: Options) -> list[CheckResult]:
    """Runs the gate on the marts and keeps its results for the publication."""
    from expectations.runner import check_marts

    with duckdb.connect(str(options.warehouse), read_only=True) as connection:
        results = check_marts(connection)
    content = json.dumps([asdict(result) for result in results], ensure_ascii=False, default=str)
    _gate_file(options.home).write_text(content)
    return results


def collect_checks(home: Path) -> list[dict[str, Any]]:
    """One row per check on what is in the working file now (columns of ``quality.fct_check_result``)."""
    store = SnapshotStore(home)
    rows: list[dict[str, Any]] = []
    for dataset in load_catalog().values():
        rows += [_expectation_row(check) for check in store.state(dataset.dataset_id).checks]
    if _gate_file(home).exists():
        rows += [_expectation_row(check) for check in json.loads(_gate_file(home).read_text())]
    at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    return [{"checked_at": at} | row for row in [*rows, *_dbt_rows(home)]]


def check_everything(options: Options, region: str) -> list[dict[str, Any]]:
    """Runs every guard on what is loaded; the rows have the columns of ``quality.fct_check_result``."""
    store = SnapshotStore(options.home)
    rows: list[dict[str, Any]] = []
    for dataset in load_catalog().values():
        state = store.state(dataset.dataset_id)
        if state.accepted and state.accepted[-1]["files"]:
            results, _ = check_loaded(options.warehouse, dataset, state.profiles)
            rows += [_expectation_row(asdict(result)) for result in results]
    with duckdb.connect(str(options.warehouse), read_only=True) as connection:
        from expectations.runner import check_marts

        rows += [_expectation_row(asdict(result)) for result in check_marts(connection)]
    with TemporaryDirectory(prefix="leviers-check-") as scratch:
        run_dbt(options.home, region, "test", "--exclude", "test_type:unit", target=Path(scratch))
        return [*rows, *_dbt_results(Path(scratch)).values()]


def write_report(home: Path) -> Path | None:
    """The HTML data-quality report of the expectations, in a folder of the home."""
    from expectations.report import write_report as write_html

    folder = home / "reports"
    results = [
        check for dataset in load_catalog().values() for check in SnapshotStore(home).state(dataset.dataset_id).checks
    ]
    if _gate_file(home).exists():
        results += json.loads(_gate_file(home).read_text())
    write_html(results, folder)
    return folder


def _gate_file(home: Path) -> Path:
    return home / "gate.json"


def _expectation_row(check: dict[str, Any]) -> dict[str, Any]:
    status = "crashed" if check["success"] is None else "passed" if check["success"] else "failed"
    return {
        "guard": "great_expectations",
        "check_name": check["expectation"],
        "subject": check["suite"],
        "column_name": check["column"],
        "status": status,
        "severity": check["severity"],
        "expected": check["expected"],
        "observed": check["observed"],
        "message": check["message"],
    }


def _dbt_rows(home: Path) -> list[dict[str, Any]]:
    """The last result of every dbt test; a partial build renews the tests that it ran."""
    kept_file = home / "dbt_tests.json"
    kept: dict[str, dict[str, Any]] = json.loads(kept_file.read_text()) if kept_file.exists() else {}
    nodes = json.loads((dbt_target(home) / "manifest.json").read_text())["nodes"]
    kept |= _dbt_results(dbt_target(home))
    kept = {unique_id: row for unique_id, row in kept.items() if unique_id in nodes}
    kept_file.write_text(json.dumps(kept, ensure_ascii=False))
    return list(kept.values())


def _dbt_results(target: Path) -> dict[str, dict[str, Any]]:
    """The results of the tests of the dbt run that wrote into ``target``."""
    run_results = target / "run_results.json"
    if not run_results.exists():
        return {}
    nodes = json.loads((target / "manifest.json").read_text())["nodes"]
    results = json.loads(run_results.read_text())["results"]
    tests = {r["unique_id"]: r for r in results if nodes.get(r["unique_id"], {}).get("resource_type") == "test"}
    return {unique_id: _dbt_row(nodes[unique_id], result) for unique_id, result in tests.items()}


def _dbt_row(node: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    subject = (node.get("attached_node") or node["unique_id"]).split(".")[-1]
    return {
        "guard": "dbt",
        "check_name": node["name"],
        "subject": subject,
        "column_name": node.get("column_name"),
        "status": DBT_STATUS.get(result["status"], result["status"]),
        "severity": "warning" if result["status"] == "warn" else node["config"]["severity"].lower(),
        "expected": "no failing row",
        "observed": f"{result['failures'] or 0} failing rows",
        "message": f"{subject}: {node['name']}: {_first_line(result.get('message') or 'no failing row')}",
    }


def disk_full_line(results: Iterable[dg.ExecuteInProcessResult]) -> str | None:
    """What a step said that failed on a full disk, in one line."""
    for event in (event for result in results for event in result.all_events if event.is_step_failure):
        error = event.step_failure_data.error
        while error is not None:
            if told := next((line.strip() for line in error.message.splitlines() if tells_full_disk(line)), None):
                return f"{event.step_key}: {told}"
            error = error.cause or error.context
    return None


def problem_lines(home: Path, results: Iterable[dg.ExecuteInProcessResult], log: Path) -> list[str]:
    """A line per check that did not pass, but for those of the first contact, and per step that failed."""
    told_apart = guesses(home)
    lines = [
        f"{row['severity']}: {row['message']}"
        for row in collect_checks(home)
        if row["status"] in ("failed", "crashed") and row["message"] not in told_apart
    ]
    for event in (event for result in results for event in result.all_events):
        if event.is_step_failure:
            error = event.step_failure_data.error
            cause = (error.cause or error).message if error else ""
            why = _first_line(cause.rpartition(DBT_ERRORS)[2])
            lines.append(f"step {event.step_key} failed: {why} (more in {log})")
    return lines


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
