"""``leviers try``: builds the demo with the rows of one dataset, and prints them from the published file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import duckdb

from ingestion.catalog import load_catalog
from ingestion.fetch import claimed_files
from ingestion.options import Options
from leviers.cli.run import refresh
from leviers.cli.verify import verify_record
from leviers.warehouse.checks.check_row import CheckRow
from leviers.warehouse.home import leviers_home
from leviers.warehouse.project import DEFAULT_REGION

TRIAL_HOME = "try"
SQL = Path(__file__).with_name("sql")
TRIED_INDICATORS, TRIED_VALUES, TRIED_CHECKS = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8") for name in ("tried_indicators", "tried_values", "tried_checks")
)


@click.command("try")
@click.argument("dataset_id")
@click.option(
    "--mirror",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that holds DATASET_ID/ with its files.",
)
@click.option(
    "--verify",
    "to_verify",
    is_flag=True,
    help="Instead, write into the record which files of the producer are loaded, as evidence; its checks then bind.",
)
def try_command(dataset_id: str, mirror: Path | None, to_verify: bool) -> None:
    """Show the rows of one dataset in a published file, beside the figures that ship with the project.

    The demo is built in a home of its own, LEVIERS_HOME/try, with DATASET_ID from the mirror; no network, no other
    producer's files. Of a dataset of which figures ship, the files of the mirror replace them. The demo knows the
    territories of Occitanie: rows of others are set aside.

    --verify is for a checkout of the project, and for the producer's own files, not for copies that somebody made of
    them.
    """
    if to_verify:
        verify_record(dataset_id)
        return
    if mirror is None:
        raise click.UsageError("give --mirror FOLDER, or --verify")
    options = Options(
        home=leviers_home() / TRIAL_HOME, mirror=mirror.resolve(), offline=True, demo=True, tried=dataset_id
    )
    if why := options.why_left_out(dataset_id):
        raise click.BadParameter(why, param_hint="DATASET_ID")
    if not (mirror / dataset_id).is_dir():
        raise click.BadParameter(f"it has no folder {dataset_id}/", param_hint="--mirror")
    dataset = load_catalog()[dataset_id]
    if not claimed_files(dataset, mirror / dataset_id):
        read = ", ".join(sorted({table.file_pattern for table in dataset.tables}))
        message = "{folder} has no file of a name that the record reads: {names}"
        raise click.BadParameter(message.format(folder=mirror / dataset_id, names=read), param_hint="--mirror")
    result = refresh(options, DEFAULT_REGION, click.echo)
    if result.published:
        print_tried(result.published, dataset_id)
    sys.exit(result.exit_status)


def print_tried(published: Path, dataset_id: str) -> None:
    """Prints the content of a dataset in the published file: counts by indicator, first rows, checks that failed."""
    with duckdb.connect(str(published), read_only=True) as connection:
        counts = connection.execute(TRIED_INDICATORS, {"dataset_id": dataset_id}).fetchall()
        click.echo()
        if counts:
            _show_values(dataset_id, counts, connection.execute(TRIED_VALUES, {"dataset_id": dataset_id}).fetchall())
        else:
            click.echo(
                f"{dataset_id} has no row in marts.fct_indicator_value: a nomenclature or a list has none; of "
                "what measures something, its record names the series, and make generate writes them for dbt"
            )
        tables = load_catalog()[dataset_id].table_names
        for row in connection.execute(TRIED_CHECKS, {"tables": tables}).fetchall():
            click.echo(CheckRow(*row).graded_sentence)


def _show_values(dataset_id: str, counts: list[tuple[Any, ...]], values: list[tuple[Any, ...]]) -> None:
    """Prints the rows of ``TRIED_INDICATORS``, then the rows of ``TRIED_VALUES``."""
    total = sum(row_count for _, _, _, row_count, *_ in counts)
    click.echo(f"{dataset_id}: {total} rows in marts.fct_indicator_value")
    by_indicator = [
        (*known, str(first) if first == last else f"{first} to {last}", unit) for *known, first, last, unit in counts
    ]
    for line in _table(("indicator", "name", "level", "rows", "with a value", "years", "unit"), by_indicator):
        click.echo(line)
    click.echo(f"\nthe first {len(values)} rows:")
    first_rows = [(name, level, code, str(year), *known) for name, level, code, year, *known in values]
    for line in _table(("name", "level", "code", "year", "value", "unit", "kind of value"), first_rows):
        click.echo(line)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str | float | None]]) -> list[str]:
    """Returns the lines of a table: numbers to the right, an unknown value is empty."""
    numbers = [any(isinstance(cell, int | float) for cell in column) for column in zip(*rows, strict=True)]
    lines = [list(headings), *(list(map(_cell, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(line, widths, numbers, strict=True)
        ).rstrip()
        for line in lines
    ]


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:,.15g}"
