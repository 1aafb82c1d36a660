"""Commands for what a territory enters itself: ``leviers commitments add`` and ``leviers groupings add``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leviers.warehouse.home import leviers_home, published_file, read_run_state, writing

if TYPE_CHECKING:
    from leviers.inputs import AddResult

CSV = click.Path(exists=True, dir_okay=False, path_type=Path)
accept_valid_option = click.option("--accept-valid", is_flag=True, help="Add the good rows even where some are bad.")


@click.group()
def commitments() -> None:
    """Commitments of a COP roadmap."""


@click.group()
def groupings() -> None:
    """Groupings of communes: CRTE, SCoT, PNR, own perimeters."""


@commitments.command("add")
@click.argument("file", type=CSV)
@accept_valid_option
def add_commitments_command(file: Path, accept_valid: bool) -> None:
    """Check a roadmap row by row and add it; a commitment that is there gets a new version.

    Columns: lever_id, territory_level, territory_code, horizon_year, measure, unit, roadmap, source, one or more of
    asked, done_or_planned, new_ambition, and commitment_id where the roadmap numbers its commitments.
    """
    from leviers.inputs import add_commitments

    _run(lambda home, published: add_commitments(home, file, published, accept_valid=accept_valid))


@groupings.command("add")
@click.argument("file", type=CSV)
@click.option("--type", "group_type", help="Level name of the groups, such as crte, where the file has no group_type.")
@accept_valid_option
def add_groupings_command(file: Path, group_type: str | None, accept_valid: bool) -> None:
    """Check groupings commune by commune and add them; a group that is there gets a new version.

    Columns: group_code, group_name, commune_code and, where one file holds several types, group_type.
    """
    from leviers.inputs import add_groupings

    _run(lambda home, published: add_groupings(home, file, published, group_type=group_type, accept_valid=accept_valid))


def _run(add: Callable[[Path, Path], AddResult]) -> None:
    from leviers.inputs import InputError

    home = leviers_home()
    try:
        with writing(home):
            result = add(home, published_file(home))
    except InputError as error:
        raise click.ClickException(str(error)) from error
    for problem in result.problems:
        click.echo(problem.text, err=True)
    refused = len({problem.line for problem in result.problems})
    click.echo(f"{result.written} rows added, {result.unchanged} unchanged, {refused} refused")
    if result.path:
        click.echo(f"Written to {result.path}. Run '{_next_run(home)}' to see it in the published file.")
    elif refused:
        click.echo("Nothing was written: correct the file, or add the good rows with --accept-valid.")
    sys.exit(1 if refused and not result.path else 0)


def _next_run(home: Path) -> str:
    """The command that publishes what was entered, in the same home and scope as the last run."""
    last = read_run_state(home)
    if last is None:
        return "leviers demo' or 'leviers refresh"
    return "leviers demo" if last.demo else f"leviers refresh --offline --region {last.region}"
