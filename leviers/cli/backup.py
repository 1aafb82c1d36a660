"""The commands that copy a home and restore it: ``leviers backup`` and ``leviers restore``."""

from __future__ import annotations

import sys
from gettext import gettext as _
from pathlib import Path

import click

from leviers.cli.commands import reporting_unwritable
from leviers.text.language import echo
from leviers.text.message import Counted, Message, Text
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
        raise click.BadParameter(_("{file} exists: give another name").format(file=file), param_hint=_("FILE"))
    with reporting_unwritable(file, _("FILE")):
        stored = back_up(leviers_home(), file)
    echo(Message("kept in {file}, {size} MB", file=file.resolve(), size=round(file.stat().st_size / 1e6)))
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
    echo(Message("restored: {home}; to build the rest: {command}", home=home, command=next_run(home, "--offline")))
    sys.exit(3 if damaged else 0)


def print_stored_files(count: int, damaged: list[Text]) -> bool:
    """Prints a line per damaged file, then the counts. Returns whether a file is damaged."""
    for line in damaged:
        echo(line)
    echo(Counted("{count} stored files hashed, {damaged} damaged", count=count, damaged=len(damaged)))
    return bool(damaged)
