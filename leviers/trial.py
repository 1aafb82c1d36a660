"""``leviers try``: the rows of one dataset in a published file, beside the figures that ship with the project."""

from __future__ import annotations

import sys
from dataclasses import fields
from gettext import gettext as _
from pathlib import Path

import click
import duckdb

from expectations.message import said
from ingestion.catalog import load_catalog
from ingestion.fetch import claimed_files
from ingestion.options import Options
from leviers.language import echo
from leviers.run import refresh
from leviers.warehouse.checks import CheckRow
from leviers.warehouse.home import leviers_home
from leviers.warehouse.project import DEFAULT_REGION

FOLDER = "try"
FIRST_ROWS = 10

BY_INDICATOR = """
select
    indicator_id,
    territory_level,
    count(*) as rows,
    count(value) as known,
    min(year) as first_year,
    max(year) as last_year,
    any_value(unit) as unit
from marts.fct_indicator_value
where dataset_id = $dataset_id
group by all
order by all
"""
VALUES = f"""
select indicator_id, territory_level, territory_code, year, value, unit, value_status
from marts.fct_indicator_value
where dataset_id = $dataset_id
order by all
limit {FIRST_ROWS}
"""
NOT_PASSED = f"""
select {", ".join(field.name for field in fields(CheckRow))}
from quality.fct_check_result
where status != 'passed' and guard = 'great_expectations' and subject in (select unnest($tables))
order by severity, message
"""


@click.command("try")
@click.argument("dataset_id")
@click.option(
    "--mirror",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that holds DATASET_ID/ with its files.",
)
def try_command(dataset_id: str, mirror: Path) -> None:
    """Show the rows of one dataset in a published file, beside the figures that ship with the project.

    The demo is built in a home of its own, LEVIERS_HOME/try, with DATASET_ID from the mirror; no network, no other
    producer's files. Of a dataset of which figures ship, the files of the mirror replace them. The demo knows the
    territories of Occitanie: rows of others are set aside.
    """
    options = Options(home=leviers_home() / FOLDER, mirror=mirror.resolve(), offline=True, demo=True, tried=dataset_id)
    if why := options.why_left_out(dataset_id):
        raise click.BadParameter(said(why), param_hint=_("DATASET_ID"))
    if not (mirror / dataset_id).is_dir():
        raise click.BadParameter(_("it has no folder {dataset}/").format(dataset=dataset_id), param_hint="--mirror")
    dataset = load_catalog()[dataset_id]
    if not claimed_files(dataset, mirror / dataset_id):
        read = ", ".join(sorted({table.file_pattern for table in dataset.tables}))
        message = _("{folder} has no file of a name that the record reads: {names}")
        raise click.BadParameter(message.format(folder=mirror / dataset_id, names=read), param_hint="--mirror")
    result = refresh(options, DEFAULT_REGION, echo)
    if result.published:
        _show(result.published, dataset_id)
    sys.exit(result.exit_status)


def _show(published: Path, dataset_id: str) -> None:
    """Prints what the published file holds of a dataset: counts by indicator, first rows, checks that did not pass."""
    with duckdb.connect(str(published), read_only=True) as connection:
        counts = connection.sql(BY_INDICATOR, params={"dataset_id": dataset_id})
        if len(counts):
            click.echo()
            click.echo(_("{dataset} in marts.fct_indicator_value, and its first rows:").format(dataset=dataset_id))
            counts.show(max_rows=len(counts))
            connection.sql(VALUES, params={"dataset_id": dataset_id}).show()
        else:
            click.echo()
            click.echo(
                _(
                    "{dataset} has no row in marts.fct_indicator_value: a nomenclature has none; of what measures "
                    "something, dbt/seeds/indicators/series.csv names the series"
                ).format(dataset=dataset_id)
            )
        tables = load_catalog()[dataset_id].table_names
        for row in connection.execute(NOT_PASSED, {"tables": tables}).fetchall():
            echo(CheckRow(*row).line)
