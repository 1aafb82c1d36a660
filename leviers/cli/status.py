"""The state of a LEVIERS_HOME, from the states of the datasets and the published file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import duckdb

from ingestion.catalog import Dataset, load_catalog
from ingestion.snapshots import SnapshotStore
from ingestion.state import DamagedFileError, DatasetState
from leviers.common.words import first_of
from leviers.warehouse.home import last_run, leviers_home, next_run, published_file
from leviers.warehouse.runs.problems import SILENT_TRIES
from leviers.warehouse.runs.record import LIGHT_STATUS, DatasetRow, End, Kind, RunRecord, label
from leviers.warehouse.runs.run_end import present_record
from leviers.warehouse.seeds import LEVELS

SQL = Path(__file__).with_name("sql")
COVERAGE, QUARANTINE, QUARANTINE_BY_FILE, PARTIAL_YEARS = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("coverage", "quarantine", "quarantine_by_file", "partial_years")
)


def quarantine_lines(published: Path) -> list[str]:
    """Returns a line per dataset, file, column and reason of the rows that were set aside."""
    with duckdb.connect(str(published), read_only=True) as connection:
        return [
            f"quarantine: {dataset_id}: {file_name}: {count} rows, "
            f"{'territory' if column == 'territory_code' else f'column {column}'}, such as {example!r}: {reason}"
            for dataset_id, file_name, reason, column, count, example in connection.execute(
                QUARANTINE_BY_FILE
            ).fetchall()
        ]


def partial_year_lines(published: Path) -> Iterator[str]:
    """Yields a line per dataset and year that is incomplete, and per year whose values alone fall by a third."""
    with duckdb.connect(str(published), read_only=True) as connection:
        for dataset_id, year, is_incomplete, fall, indicators in connection.execute(PARTIAL_YEARS).fetchall():
            line = f"{dataset_id}: {year}: {_fall(fall, is_incomplete=is_incomplete)}: {first_of(indicators)}"
            if is_incomplete:
                yield f"incomplete: {line}; out of verdicts, keys and latest values"
            else:
                yield f"warning: {line}"


def _fall(fall: dict[str, Any], *, is_incomplete: bool) -> str:
    """Returns the fall of a year against the year or the edition that it is compared with."""
    if fall["is_part_of_year"]:
        return "not over in the source"
    when = "in the edition before" if fall["compared_with"] == "edition" else f"in {fall['year_before']}"
    if is_incomplete:
        return f"{fall['members']} members against {fall['members_before']} {when}"
    before, after = (f"{fall[name]:.4g}" for name in ("value_sum_before", "value_sum"))
    return f"no members are missing, the values fall from {before} to {after} {when}"


def status_of(home: Path, why_no_start: str | None = None) -> tuple[RunRecord, dict[str, Any]]:
    """Returns the record of runs as it is now, and its values with the coverage of the levers and the quarantine."""
    record, run = present_record(home, why_no_start), last_run(home)
    status: dict[str, Any] = {
        "light": record.light,
        "exit_status": LIGHT_STATUS[record.light],
        **record.model_dump(mode="json", include={"version", "runs", "incidents"}),
        "last_run": run.model_dump(exclude_none=True) if run else {},
        "datasets": [_dataset(home, row) for row in record.datasets if row.dataset_id in load_catalog()],
        "coverage": [],
        "quarantine": [],
    }
    is_damaged = any(incident.kind == Kind.DAMAGED for incident in record.open_incidents)
    if published_file(home).exists() and not (is_damaged or why_no_start):
        with duckdb.connect(str(published_file(home)), read_only=True) as connection:
            status["coverage"] = connection.sql(COVERAGE, params={"levels": LEVELS}).to_arrow_table().to_pylist()
            status["quarantine"] = connection.sql(QUARANTINE).to_arrow_table().to_pylist()
    return record, status


def _dataset(home: Path, row: DatasetRow) -> dict[str, Any]:
    """Returns a dataset as values: those on record, and its state if that can be read."""
    dataset, state = load_catalog()[row.dataset_id], DatasetState()
    with suppress(DamagedFileError):
        state = SnapshotStore(home).state(row.dataset_id)
    return row.model_dump(mode="json") | {
        "files": len(state.last_good.files) if state.last_good else 0,
        "rows": state.rows_loaded,
        "maturity": _maturity(dataset),
        "refused": state.reason,
        "warnings": state.warnings,
        "why_older": row.why_older,
    }


def _maturity(dataset: Dataset) -> str:
    return "verified" if dataset.verified else "not verified"


def _outcome_lines(record: RunRecord) -> Iterator[str]:
    """Yields the traffic light, how the last run ended, and a line for each problem, with the next action.

    If the last run met a full disk, the first line says once there is room again. A file that failed once or twice, or
    was altered in the store, is no incident: it has a line if the last run had faults.
    """
    light, last = label(record.light), record.last_run
    if last and last.end and last.ended_at:
        sentences = [f"the last run: {label(last.end)}, {last.ended_at.isoformat(timespec='seconds')}"]
        if last.exit_status is not None:
            sentences.append(f"exit status {last.exit_status}")
        if last.is_disk_full and all(incident.kind != Kind.DISK for incident in record.open_incidents):
            sentences.append("the disk was full, and there is room again: start the run again")
        yield f"{light}: {'; '.join(sentences)}"
    else:
        remedy = "" if record.open_incidents else f"; type: {next_run(leviers_home())}"
        yield f"{light}: no run is on record{remedy}"
    for run in record.runs:
        if run.end is None:
            yield f"a run is under way since {run.started_at.isoformat(timespec='seconds')}: wait for its end"
    for incident in record.open_incidents:
        kind = label(incident.kind)
        if incident.since:
            kind = f"{kind}, since {incident.since.isoformat(timespec='seconds')}"
        yield f"{kind}: {incident.text}"
    for row in record.datasets if last and last.end == End.FAULTS else ():
        if row.state in ("loaded", "not_fetched") and row.failed_fetches < SILENT_TRIES and row.why:
            yield f"not fetched: {row.dataset_id}: {row.why}; the next run asks again"
    for failure in last.alerts_failed if last else ():
        yield f"alerts: {failure}"


def print_status(record: RunRecord, status: dict[str, Any]) -> None:
    for line in _outcome_lines(record):
        click.echo(line)
    if run := status["last_run"]:
        click.echo(f"last published run: {run.get('at', 'none')}, region {run['region']}")
    else:
        click.echo("last published run: none, region -")
    for dataset in status["datasets"]:
        click.echo(_dataset_line(dataset))
    for row in status["coverage"]:
        known = f"{row['levers_with_series']} of {row['levers']}"
        click.echo(f"levers with a series at {row['territory_level']}: {known}")
    for row in status["quarantine"]:
        click.echo(f"quarantine: {row['dataset_id']}: {row['rows']} rows: {row['reason']}")


def _dataset_line(dataset: dict[str, Any]) -> str:
    accepted, observed = dataset["accepted_at"], dataset["last_observed"]
    loaded = f"{dataset['rows']} rows from {dataset['files']} file(s)"
    since = f"accepted {accepted}" if accepted else "never accepted"
    line = f"{dataset['dataset_id']}: {loaded}, {since}, {dataset['maturity']}"
    newest = [f"newest observation {observed}"] if observed else []
    late = ["late"] if dataset["is_late"] else []
    refused = [f"refused: {dataset['refused']}"] if dataset["refused"] else []
    older = [dataset["why_older"]] if dataset["why_older"] else []
    return "; ".join((line, *newest, *late, *older, *refused))
