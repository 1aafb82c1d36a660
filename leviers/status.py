"""The state of a LEVIERS_HOME, from the states of the datasets and the published file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import duckdb

from ingestion.catalog import load_catalog
from ingestion.snapshots import SnapshotStore
from leviers.warehouse.home import published_file, read_run_state

COVERAGE = """
select territory_level, count(*) filter (where has_series), count(*)
from marts.fct_lever_coverage
inner join marts.dim_lever using (lever_id)
where is_quantified
group by territory_level
order by array_position(['pays', 'region', 'departement', 'epci', 'commune'], territory_level)
"""
QUARANTINE = """
select dataset_id, reason, sum(row_count)
from quality.fct_quarantined_row
group by dataset_id, reason
order by dataset_id, reason
"""


QUARANTINE_BY_FILE = """
select
    q.dataset_id,
    coalesce(s.file_name, q.snapshot_id) as file_name,
    q.reason,
    q.column_name,
    sum(q.row_count) as row_count,
    min(q.value) as example
from quality.fct_quarantined_row as q
left join marts.dim_snapshot as s on q.snapshot_id = s.snapshot_id
group by all
order by all
"""


def quarantine_lines(published: Path) -> list[str]:
    """One line per dataset, file, column and reason of the rows that were set aside."""
    with duckdb.connect(str(published), read_only=True) as connection:
        return [
            f"quarantine: {dataset_id}: {file_name}: {count} rows, column {column}, such as {example!r}: {reason}"
            for dataset_id, file_name, reason, column, count, example in connection.execute(
                QUARANTINE_BY_FILE
            ).fetchall()
        ]


PARTIAL_YEARS = """
select
    dataset_id,
    year,
    is_incomplete,
    arg_max(
        case
            when is_part_of_year then 'not over in the source'
            when is_incomplete then format('{} members against {}', members, members_before)
            else format('no members are missing, the values fall from {:.4g} to {:.4g}', value_sum_before, value_sum)
        end
        || case
            when is_part_of_year then ''
            when compared_with = 'edition' then ' in the edition before'
            else ' in ' || year_before
        end,
        coalesce(members_before - members, 0)
    ) as fall,
    list(indicator_id order by indicator_id) as indicators
from quality.fct_partial_year
group by dataset_id, year, is_incomplete
order by dataset_id, year, is_incomplete desc
"""


def partial_year_lines(published: Path) -> list[str]:
    """One line per dataset and year that is not all there, and one per year whose values alone fall by a third."""
    lines = []
    with duckdb.connect(str(published), read_only=True) as connection:
        for dataset_id, year, is_incomplete, fall, indicators in connection.execute(PARTIAL_YEARS).fetchall():
            named = ", ".join(indicators[:3]) + (f" and {len(indicators) - 3} more" if len(indicators) > 3 else "")
            kind = "incomplete" if is_incomplete else "warning"
            end = "; out of verdicts, keys and latest values" if is_incomplete else ""
            lines.append(f"{kind}: {dataset_id}: {year}: {fall}: {named}{end}")
    return lines


def status_of(home: Path) -> dict[str, Any]:
    """Last run, datasets, coverage and quarantine, as plain values."""
    store = SnapshotStore(home)
    datasets = []
    for dataset in load_catalog().values():
        state = store.state(dataset.dataset_id)
        last = state.last_good
        if last or state.reason:
            datasets.append(
                {
                    "dataset_id": dataset.dataset_id,
                    "accepted_at": (last.at or None) if last else None,
                    "files": len(last.files) if last else 0,
                    "rows": state.rows_loaded,
                    "maturity": ("verified" if dataset.verified else "not verified")
                    + (f", retired since {dataset.retired_since}" if dataset.retired_since else ""),
                    "refused": state.reason,
                    "warnings": state.warnings,
                }
            )
    run = read_run_state(home)
    last_run = run.model_dump(exclude_none=True) if run else {}
    status: dict[str, Any] = {"last_run": last_run, "datasets": datasets, "coverage": [], "quarantine": []}
    published = published_file(home)
    if published.exists():
        with duckdb.connect(str(published), read_only=True) as connection:
            status["coverage"] = [
                {"territory_level": level, "levers_with_series": series, "levers": levers}
                for level, series, levers in connection.execute(COVERAGE).fetchall()
            ]
            status["quarantine"] = [
                {"dataset_id": dataset_id, "reason": reason, "rows": int(rows)}
                for dataset_id, reason, rows in connection.execute(QUARANTINE).fetchall()
            ]
    return status


def print_status(status: dict[str, Any]) -> None:
    """Prints a status for a person."""
    run = status["last_run"]
    click.echo(f"last published run: {run.get('at', 'none')}, region {run.get('region', '-')}")
    for dataset in status["datasets"]:
        refused = f"; refused: {dataset['refused']}" if dataset["refused"] else ""
        click.echo(
            f"{dataset['dataset_id']}: {dataset['rows']} rows from {dataset['files']} file(s), accepted "
            f"{dataset['accepted_at']}, {dataset['maturity']}{refused}"
        )
    for row in status["coverage"]:
        click.echo(f"levers with a series at {row['territory_level']}: {row['levers_with_series']} of {row['levers']}")
    for row in status["quarantine"]:
        click.echo(f"quarantine: {row['dataset_id']}: {row['rows']} rows: {row['reason']}")
