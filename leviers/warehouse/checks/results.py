"""Runs and keeps the checks: expectations on raw tables and marts, dbt tests."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from pydantic import TypeAdapter

from expectations.result import VALIDATION, CheckResult
from ingestion.catalog import load_catalog
from ingestion.fault import one_fault
from ingestion.load import check_loaded
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from leviers.common.places import write
from leviers.warehouse.checks.check_row import CheckRow, expectation_row
from leviers.warehouse.home import DBT_FILE, GATE_FILE

_RESULTS = TypeAdapter(list[CheckResult])
_DBT_ROWS = TypeAdapter(dict[str, CheckRow])
KEY = "key"  # the field of the hash of SQL and rows with which a test passed


def run_gate(options: Options) -> list[CheckResult]:
    """Runs the gate on the marts and keeps its results for the publication."""
    results = _check_marts(options.warehouse)
    write(options.home, GATE_FILE, _RESULTS.dump_json(results))
    return results


def check_everything(options: Options, tests: Mapping[str, Mapping[str, Any]]) -> list[CheckRow]:
    """Runs every guard on what is loaded; the ``tests`` are nodes of dbt's manifest."""
    store = SnapshotStore(options.home)
    results: list[CheckResult] = []
    faults: list[CheckRow] = []
    with duckdb.connect(str(options.warehouse), read_only=True) as connection:
        for dataset in load_catalog().values():
            state = store.state(dataset.dataset_id)
            if state.has_data:
                with one_fault(partial(_note_unchecked, faults, dataset.dataset_id)):
                    results += check_loaded(connection, dataset, state.profiles)[0]
    results += _check_marts(options.warehouse)
    return [*map(expectation_row, results), *faults, *_run_tests(options.warehouse, tests).values()]


def _note_unchecked(rows: list[CheckRow], dataset_id: str, why: str) -> None:
    """Adds the row of a dataset whose checks could not be run."""
    named = {"guard": "great_expectations", "check_name": VALIDATION, "severity": "error"}
    rows.append(_crashed(dataset_id, why, None, expected="the validation can be computed", **named))


def missing_page(name: str, why: str) -> CheckRow:
    """Returns the row of a page, or of a file beside the pages, that could not be made."""
    named = {"guard": "site", "check_name": "page_is_made", "severity": "warning"}
    return _crashed(name, why, why, expected="the page is made", **named)


def _crashed(subject: str, why: str, observed: str | None, *, check_name: str, **named: str) -> CheckRow:
    return CheckRow(
        subject=subject,
        check_name=check_name,
        column_name=None,
        status="crashed",
        observed=observed,
        message=f"{subject}: {why}",
        **named,
    )


def _check_marts(warehouse: Path) -> list[CheckResult]:
    from expectations.runner import check_marts

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return check_marts(connection)


def stored_gate(home: Path) -> list[CheckResult]:
    """Returns the results of the last gate.

    Raises:
        ValueError: their file cannot be read.
    """
    file = home / GATE_FILE
    return _RESULTS.validate_json(file.read_bytes()) if file.exists() else []


def dbt_tests(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Returns the data tests of a dbt manifest, by id."""
    return {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "test"}


def run_dbt_tests(
    options: Options,
    tests: Mapping[str, Mapping[str, Any]],
    chosen: Collection[str],
    keys: Mapping[str, str],
    *,
    again: bool = False,
) -> dict[str, CheckRow]:
    """Runs the chosen tests, keeps the results in the home, and returns the last result of every test.

    ``keys`` has a hash of all that the result of a test depends on, if that is known. A test that passed with the same
    key is only run if ``again``.
    """
    results = {name: row for name, row in stored_dbt_tests(options.home).items() if name in tests}
    passed_with = {name: key for name, key in _stored_keys(options.home).items() if name in results}
    stand = {name for name, key in passed_with.items() if key == keys.get(name) and not again}
    due = {name: tests[name] for name in chosen if name not in stand}
    results |= _run_tests(options.warehouse, due)
    all_keys = passed_with | {name: keys.get(name) for name in due}
    rows = {name: asdict(row) | {KEY: all_keys.get(name)} for name, row in results.items()}
    write(options.home, DBT_FILE, json.dumps(rows).encode())
    return results


def _stored_keys(home: Path) -> dict[str, str]:
    """Returns the key of each test that has passed."""
    file = home / DBT_FILE
    rows = json.loads(file.read_bytes()) if file.exists() else {}
    return {name: row[KEY] for name, row in rows.items() if row.get(KEY) and row["status"] == "passed"}


def _run_tests(warehouse: Path, tests: Mapping[str, Mapping[str, Any]]) -> dict[str, CheckRow]:
    """Runs the SQL that dbt has compiled. dbt itself takes several times as long for each test."""
    workers = os.cpu_count() or 1
    with duckdb.connect(str(warehouse), read_only=True) as connection, ThreadPoolExecutor(workers) as pool:
        return dict(zip(tests, pool.map(partial(run_test, connection), tests.values()), strict=True))


def run_test(connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any]) -> CheckRow:
    """Runs the SQL of a test of dbt, and returns the result with the number of rows that fail."""
    severity = "warning" if node["config"]["severity"].lower() == "warn" else "error"
    subject = (node.get("attached_node") or node["unique_id"]).split(".")[-1]
    failures = None
    try:
        [(failures,)] = connection.cursor().execute(f"select count(*) from ({node['compiled_code']})").fetchall()
    except duckdb.Error as error:
        status, observed, outcome = "crashed", None, str(error).strip().partition("\n")[0]
    else:
        observed = f"{failures} failing row{'' if failures == 1 else 's'}"
        status, outcome = ("failed", observed) if failures else ("passed", "no failing row")
    return CheckRow(
        guard="dbt",
        check_name=node["name"],
        subject=subject,
        column_name=_columns(node),
        status=status,
        severity=severity,
        expected="no failing row",
        observed=observed,
        message=": ".join(dict.fromkeys((subject, node["name"], outcome))),  # a test of several models names itself
    )


def _columns(node: Mapping[str, Any]) -> str | None:
    """Returns the column of a test, or the columns of a key, separated by commas."""
    arguments = (node.get("test_metadata") or {}).get("kwargs", {})
    return arguments.get("column_name") or ", ".join(arguments.get("columns", ())) or None


def stored_dbt_tests(home: Path) -> dict[str, CheckRow]:
    """Returns the last result of each dbt test. A partial build renews those of the tests that it ran.

    Raises:
        ValueError: their file cannot be read.
    """
    file = home / DBT_FILE
    return _DBT_ROWS.validate_json(file.read_bytes()) if file.exists() else {}
