"""The commands that copy a home and restore it: ``leviers backup`` and ``leviers restore``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from leviers.cli.commands import reporting_unwritable
from leviers.warehouse.home import leviers_home, next_run
from leviers.warehouse.runs.backup import back_up, restore


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_command(file: Path) -> None:
    """Write into FILE what a refresh could not make again: the files received, what was entered, the publication.

    FILE is a tar archive with gzip. A refresh may go on meanwhile. Ends with 3 when a stored file is damaged.

    \b
    leviers backup leviers-2026-11.tar.gz
    """
    if file.exists():
        raise click.BadParameter(f"{file} exists: give another name", param_hint="FILE")
    with reporting_unwritable(file, "FILE"):
        stored = back_up(leviers_home(), file)
    click.echo(f"kept in {file.resolve()}, {round(file.stat().st_size / 1e6)} MB")
    sys.exit(3 if print_stored_files(*stored) else 0)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_command(file: Path) -> None:
    """Bring a home back from FILE into LEVIERS_HOME, which must be empty, and hash what comes.

    What was published is back at once. The next refresh loads and builds the rest from the files. Ends with 3 when a
    stored file is damaged: a refresh fetches it again.

    \b
    LEVIERS_HOME=data leviers restore leviers-2026-11.tar.gz
    """
    home = leviers_home()
    damaged = print_stored_files(*restore(file, home))
    click.echo(f"restored: {home}; to build the rest: {next_run(home, '--offline')}")
    sys.exit(3 if damaged else 0)


def print_stored_files(count: int, damaged: list[str]) -> bool:
    """Prints a line per damaged file, then the counts. Returns whether a file is damaged."""
    for line in damaged:
        click.echo(line)
    click.echo(f"{count} stored files hashed, {len(damaged)} damaged")
    return bool(damaged)
