"""``leviers try``: builds the demo with the rows of one dataset, and prints them from the published file."""

from __future__ import annotations

import sys
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click
import duckdb

from ingestion.catalog import load_catalog
from ingestion.fetch import claimed_files
from ingestion.options import Options
from leviers.cli.run import refresh
from leviers.cli.verify import verify_record
from leviers.text.language import echo, table
from leviers.text.message import Bilingual, Counted, Message, localized
from leviers.warehouse.checks.check_row import CheckRow
from leviers.warehouse.home import leviers_home
from leviers.warehouse.project import DEFAULT_REGION
from leviers.warehouse.seeds import labelled

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
        raise click.BadParameter(localized(why), param_hint=_("DATASET_ID"))
    if not (mirror / dataset_id).is_dir():
        raise click.BadParameter(_("it has no folder {dataset}/").format(dataset=dataset_id), param_hint="--mirror")
    dataset = load_catalog()[dataset_id]
    if not claimed_files(dataset, mirror / dataset_id):
        read = ", ".join(sorted({table.file_pattern for table in dataset.tables}))
        message = _("{folder} has no file of a name that the record reads: {names}")
        raise click.BadParameter(message.format(folder=mirror / dataset_id, names=read), param_hint="--mirror")
    result = refresh(options, DEFAULT_REGION, echo)
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
                _(
                    "{dataset} has no row in marts.fct_indicator_value: a nomenclature or a list has none; of what "
                    "measures something, its record names the series, and make generate writes them for dbt"
                ).format(dataset=dataset_id)
            )
        tables = load_catalog()[dataset_id].table_names
        for row in connection.execute(TRIED_CHECKS, {"tables": tables}).fetchall():
            echo(CheckRow(*row).graded_sentence)


def _show_values(dataset_id: str, counts: list[tuple[Any, ...]], values: list[tuple[Any, ...]]) -> None:
    """Prints the rows of ``TRIED_INDICATORS``, then the rows of ``TRIED_VALUES``, with the labels of their codes."""
    indicator, name, level, unit = Message("indicator"), Message("name"), Message("level"), Message("unit")
    total = sum(row_count for _, _, _, _, row_count, *_ in counts)
    echo(Counted("{dataset}: {count} rows in marts.fct_indicator_value", dataset=dataset_id, count=total))
    by_indicator = [
        (
            indicator_id,
            Bilingual(label_en, label_fr),
            labelled("territory_level", its_level),
            row_count,
            known,
            str(first) if first == last else Message("{first} to {last}", first=first, last=last),
            Bilingual(its_unit, unit_label),
        )
        for indicator_id, label_en, label_fr, its_level, row_count, known, first, last, its_unit, unit_label in counts
    ]
    headings = (indicator, name, level, Message("rows"), Message("with a value"), Message("years"), unit)
    for line in table(headings, by_indicator):
        click.echo(line)
    click.echo()
    echo(Counted("the first {count} rows:", count=len(values)))
    first_rows = [
        (
            Bilingual(label_en, label_fr),
            labelled("territory_level", its_level),
            code,
            str(year),
            value,
            Bilingual(its_unit, unit_label),
            labelled("value_status", status),
        )
        for label_en, label_fr, its_level, code, year, value, its_unit, unit_label, status in values
    ]
    headings = (name, level, Message("code"), Message("year"), Message("value"), unit, Message("kind of value"))
    for line in table(headings, first_rows):
        click.echo(line)
