"""Commands for the entries of a territory: ``leviers commitments``, ``groupings`` and ``indicators``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leviers.cli.commands import reporting_unwritable
from leviers.cli.site import opened_or_refuse
from leviers.warehouse.home import leviers_home, next_run, published_file, writing

if TYPE_CHECKING:
    from leviers.entry.form import AddResult, EntryColumn

table_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
template_option = click.option(
    "--template",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Instead, write an empty table with French headers into this .csv or .xlsx, and say what each column holds.",
)
accept_valid_option = click.option("--accept-valid", is_flag=True, help="Add the good rows even where some are bad.")


@click.group()
def commitments() -> None:
    """Commitments of a COP roadmap."""


@click.group()
def groupings() -> None:
    """Groupings of communes: CRTE, SCoT, PNR, own perimeters."""


@click.group()
def indicators() -> None:
    """Observed values that you enter yourself: an inventory of your own, figures received by mail."""


@commitments.command("add")
@table_file
@template_option
@accept_valid_option
def add_commitments_command(file: Path | None, template: Path | None, accept_valid: bool) -> None:
    """Check a roadmap row by row and add it; a commitment that is there gets a new version.

    FILE is a CSV or a workbook with the columns of the --template, under their French or English names.
    Levers and territories go by name or code. Never name a person: who answers for a line is a body or a function.

    \b
    leviers commitments add --template feuille.xlsx
    leviers commitments add feuille.xlsx
    """
    from leviers.entry.commitments import COMMITMENT_COLUMNS, COMMITMENTS, lever_rows
    from leviers.entry.form import add_rows

    if template:
        _write_template(template, COMMITMENT_COLUMNS, {"leviers": lever_rows()})
        return
    _run(file, lambda home, file, published: add_rows(COMMITMENTS, home, file, published, accept_valid=accept_valid))


@groupings.command("add")
@table_file
@template_option
@click.option("--type", "group_type", help="Level name of the groups, such as crte, where the file has no group_type.")
@accept_valid_option
def add_groupings_command(file: Path | None, template: Path | None, group_type: str | None, accept_valid: bool) -> None:
    """Check groupings commune by commune and add them; a group that is there gets a new version.

    FILE is a CSV or a workbook with the columns of the --template, under their French or English names.

    \b
    leviers groupings add crte.csv --type CRTE
    """
    from leviers.entry.groupings import GROUPING_COLUMNS, add_groupings

    if template:
        _write_template(template, GROUPING_COLUMNS, {})
        return
    _run(
        file,
        lambda home, file, published: add_groupings(
            home, file, published, group_type=group_type, accept_valid=accept_valid
        ),
    )


@indicators.command("add")
@table_file
@template_option
@click.option(
    "--remove",
    nargs=2,
    metavar="INDICATOR TERRITORY",
    help="Instead, withdraw the values that were entered of an indicator in a territory.",
)
@accept_valid_option
def add_values_command(
    file: Path | None, template: Path | None, remove: tuple[str, str] | None, accept_valid: bool
) -> None:
    """Check observed values row by row and add them; a value that is there gets a new version.

    FILE is a CSV or a workbook with the columns of the --template, under their French or English names.
    Each value names its source and its licence, and keeps the mark of an entered one. A value that a producer
    publishes stands.

    \b
    leviers indicators add --template serie.xlsx
    leviers indicators add serie.xlsx
    leviers indicators add --remove hub_waste_per_head 243100518
    """
    from leviers.entry.values import VALUE_COLUMNS, add_values, indicator_rows, remove_values

    if template:
        _write_template(template, VALUE_COLUMNS, {"indicateurs": indicator_rows()})
        return
    if remove:
        home = leviers_home()
        with writing(home):
            removed = remove_values(home, *remove)
        click.echo(f"valeurs retirées : {removed.written}. {_next_run(home)}")
        return
    _run(file, lambda home, file, published: add_values(home, file, published, accept_valid=accept_valid))


def _run(file: Path | None, add: Callable[[Path, Path, Path], AddResult]) -> None:
    if file is None:
        raise click.UsageError("give a FILE, or --template")
    home = leviers_home()
    published = published_file(home)
    if published.exists():
        opened_or_refuse(published)
    with writing(home):
        result = add(home, file, published)
    for problem in result.problems:
        click.echo(f"{file.name}, {problem.text(result.headers)}", err=True)
    refused = len({problem.line for problem in result.problems})
    click.echo(f"lignes ajoutées : {result.written}, inchangées : {result.unchanged}, refusées : {refused}")
    if result.path:
        click.echo(f"Écrit dans {result.path}. {_next_run(home)}")
    elif refused:
        click.echo("Rien n'est écrit : corriger le fichier, ou ajouter les bonnes lignes avec --accept-valid.")
    sys.exit(1 if refused and not result.path else 0)


def _write_template(file: Path, columns: Sequence[EntryColumn], lists: Mapping[str, Sequence[Sequence[str]]]) -> None:
    from leviers.entry.template import help_rows, write_template

    if file.suffix.lower() not in (".csv", ".xlsx"):
        message = f"{file}: a template is a .csv or an .xlsx file"
        raise click.BadParameter(message, param_hint="--template")
    if file.exists():
        raise click.BadParameter(f"{file} exists: give another name", param_hint="--template")
    with reporting_unwritable(file, "--template"):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_template(file, columns, lists)
    for label, required, meaning, example, *_others in help_rows(columns)[1:]:
        note = "" if required == "oui" else " (facultatif)"
        click.echo(f"{label}{note} : {meaning}" + (f" ; par exemple : {example}" if example else ""))
    click.echo(f"Écrit dans {file.resolve()}.")


def _next_run(home: Path) -> str:
    return f"Pour le voir dans le fichier publié : {next_run(home, '--offline')}"
