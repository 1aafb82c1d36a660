"""The group of all commands. A command that is stopped, or meets an expected error, ends with one line."""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from ingestion.fault import RefusalError, one_line, why
from leviers.common.disk import is_full_disk
from leviers.common.interrupt import handle_ctrl_c, is_interrupted, on_ctrl_c
from leviers.common.places import OutsideError
from leviers.warehouse.home import NotStartedError, is_corrupt, leviers_home
from leviers.warehouse.runs.record import COMMAND_LINE, EXIT_STATUS, End

RUNS = ("refresh", "demo")  # the home notes that one of these could not begin
NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS}
NO_PLACE = NOT_WRITABLE | {errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR}


@contextmanager
def reporting_unwritable(out: Path | None, option: str) -> Iterator[None]:
    """Reports in one line that the path of an ``option`` cannot be written; other errors pass."""
    try:
        yield
    except OSError as error:
        if out is None or error.errno not in NO_PLACE or not error.filename:
            raise
        place = Path(error.filename)
        if not (out.is_relative_to(place) or place.is_relative_to(out) or place.parent == out.parent):
            raise
        message = f"{out} cannot be written: {error.strerror}"
        raise click.BadParameter(message, param_hint=option) from error


@contextmanager
def reporting_defect(file: Path | None) -> Iterator[None]:
    """Reports in one line why a file could not be made, with the place in the code; a refusal passes."""
    try:
        yield
    except Exception as error:
        if isinstance(error, (OSError, click.ClickException, RefusalError)):
            raise
        if is_full_disk(error) or is_corrupt(error) or is_interrupted(error):
            raise
        text = ": ".join((str(file), why(error)) if file else (why(error),))
        raise click.ClickException(text) from error


def _end_interrupted() -> NoReturn:
    click.echo("interrupted: the last published file is untouched, the next run goes on from here", err=True)
    sys.exit(EXIT_STATUS[End.INTERRUPTED])


def set_encoding(encoding: str | None = None) -> None:
    """Sets the encoding of the output, by default that of the machine. A letter that it lacks becomes "?"."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors="replace")


class Commands(click.Group):
    """A group of commands that turns expected errors into messages. Any other exception keeps its traceback."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Runs the command line."""
        # a defect is printed as a line; its traceback goes to the log of a run only
        logging.getLogger("ingestion").addHandler(logging.NullHandler())
        set_encoding()
        # SIGTERM comes from a container that is stopped, a shutdown, `timeout`
        signal.signal(signal.SIGTERM, on_sigterm)
        handle_ctrl_c()
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; an error that is told in one line ends it."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            _end_interrupted()
        except click.UsageError as error:
            _note_not_started(ctx, error.format_message(), error.exit_code)
            raise
        except NotStartedError as error:
            _note_not_started(ctx, error.args[0], EXIT_STATUS[End.NEVER_STARTED])
            raise click.ClickException(error.args[0]) from error
        except (OutsideError, RefusalError) as error:
            raise click.ClickException(error.args[0]) from error
        except Exception as error:
            if is_interrupted(error):
                _end_interrupted()
            if is_corrupt(error):
                raise click.ClickException(
                    f"a published file is damaged, the next refresh makes it again: {one_line(error)}"
                ) from error
            if is_full_disk(error):
                raise click.ClickException(f"the disk is full: {one_line(error)}") from error
            if isinstance(error, OSError) and _is_of_the_home(error):
                place = error.filename or leviers_home()
                raise click.ClickException(
                    f"{place} may not be read or written ({error.strerror}): check its rights, or set "
                    "LEVIERS_HOME to another folder"
                ) from error
            raise


def on_sigterm(_: int, frame: FrameType | None) -> None:
    """Acts as Ctrl-C, even if a shell lets its background jobs ignore Ctrl-C."""
    handler = signal.getsignal(signal.SIGINT)
    (handler if callable(handler) else on_ctrl_c)(signal.SIGINT, frame)


def _note_not_started(ctx: click.Context, why: str, status: int) -> None:
    if ctx.invoked_subcommand in RUNS:
        from leviers.warehouse.runs.run_end import never_started

        never_started(leviers_home(), COMMAND_LINE, why, status)


def _is_of_the_home(error: OSError) -> bool:
    """Returns whether an error says that a file may not be written, or that the home cannot be made."""
    is_home = error.filename is not None and leviers_home().is_relative_to(os.fsdecode(error.filename))
    return error.errno in NOT_WRITABLE or (error.errno in NO_PLACE and is_home)
