"""The language of the command line: French if the machine is set to it, by the rules of gettext, else English.

The words are in ``locale/fr/LC_MESSAGES/messages.po``, with those of click: click and the commands look them up in the
default domain of gettext.
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from gettext import bindtextdomain, gettext
from inspect import cleandoc
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn, TypeVar

import click

from leviers.text import french
from leviers.text.catalogue import DOMAIN, FRENCH, compiled, no_break
from leviers.text.message import Bilingual, figure, localized

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
AS_IT_STANDS = "\b\n"  # how click marks a paragraph whose lines are kept
DAY = "%Y-%m-%d"
C = TypeVar("C", bound=click.Command)
P = TypeVar("P", bound=click.Parameter)


class Day(click.DateTime):
    """A day typed in ISO format."""

    def __init__(self) -> None:
        super().__init__([DAY])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Returns the format in the language of the machine."""
        return f"[{gettext('%Y-%m-%d')}]"

    def fail(self, message: str, param: click.Parameter | None = None, ctx: click.Context | None = None) -> NoReturn:
        """Names the format as the help does."""
        super().fail(message.replace(DAY, gettext("%Y-%m-%d")), param, ctx)


@contextmanager
def translating() -> Iterator[None]:
    """Lets gettext find the French words while the command line runs, if the machine is set to French.

    gettext reads compiled catalogues from a folder, here a temporary one. If it cannot be written, the words are
    English.
    """
    with ExitStack() as stack:
        if _machine_language() == FRENCH:
            with suppress(OSError):
                folder = stack.enter_context(TemporaryDirectory(prefix="leviers-"))
                file = Path(folder) / FRENCH / "LC_MESSAGES" / f"{DOMAIN}.mo"
                file.parent.mkdir(parents=True)
                file.write_bytes(compiled(no_break))
                stack.callback(bindtextdomain, DOMAIN, bindtextdomain(DOMAIN))
                bindtextdomain(DOMAIN, folder)
        yield


def _machine_language() -> str:
    """Returns the code of the first language of the first variable that is set, such as ``fr`` of ``fr_FR.UTF-8``."""
    return re.split(r"[:._@]", next(filter(None, map(os.environ.get, VARIABLES)), ""))[0]


def moment_of(at: datetime | str) -> Bilingual:
    """Returns a day or a moment in UTC in ISO format; in French it is written in words."""
    text = at if isinstance(at, str) else at.isoformat(timespec="seconds")
    return Bilingual(text, french.moment(text))


def echo(text: str) -> None:
    """Prints a text in the language of the machine. If it has no French, prints its English."""
    click.echo(localized(text))


def table(headings: Sequence[str], rows: Sequence[Sequence[str | float | None]]) -> list[str]:
    """Returns the lines of a table in the language of the machine: numbers to the right, an unknown value is empty."""
    numbers = [any(isinstance(cell, int | float) for cell in column) for column in zip(*rows, strict=True)]
    lines = [list(map(localized, headings)), *([_cell(cell) for cell in row] for row in rows)]
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
    return localized(value if isinstance(value, str) else figure(f"{value:,.15g}"))


def translated(command: C) -> C:
    """Returns a copy of a command with its help in the language of the machine; of a group, with its commands."""
    command = copy.copy(command)
    command.help = "\n\n".join(mark + gettext(paragraph) for mark, paragraph in help_paragraphs(command.help))
    command.params = [_translated_parameter(parameter) for parameter in command.params]
    click.help_option("--help")(command)  # else click keeps the option in the language of the first call
    if isinstance(command, click.Group):
        command.commands = {name: translated(child) for name, child in command.commands.items()}
        command.subcommand_metavar = gettext("COMMAND [ARGS]...")
    return command


def help_paragraphs(text: str | None) -> Iterator[tuple[str, str]]:
    """Yields each paragraph of a help, after its mark, as the catalogue has it: lines that click wraps are joined."""
    for paragraph in filter(None, cleandoc(text or "").split("\n\n")):
        if paragraph.startswith(AS_IT_STANDS):
            yield AS_IT_STANDS, paragraph.removeprefix(AS_IT_STANDS)
        else:
            yield "", " ".join(paragraph.split())


def _translated_parameter(parameter: P) -> P:
    parameter = copy.copy(parameter)
    parameter.type = copy.copy(parameter.type)
    parameter.type.name = gettext(parameter.type.name)
    if parameter.metavar:
        parameter.metavar = gettext(parameter.metavar)
    elif isinstance(parameter, click.Argument) and not isinstance(parameter.type, click.Choice):
        shown = gettext(parameter.human_readable_name)
        parameter.metavar = shown if parameter.required else f"[{shown}]"
    if isinstance(parameter, click.Option) and parameter.help:
        parameter.help = gettext(parameter.help)
    return parameter
