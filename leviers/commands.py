"""The group of all commands: what the machine or the person stops ends with one line, whichever command it was."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from ingestion.disk import is_full_disk
from leviers.warehouse.home import HomeBusyError, leviers_home

INTERRUPTED = 130  # as shells report a process that Ctrl-C has ended
_NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS}


class Commands(click.Group):
    """A group of commands whose expected ends are messages; any other exception is a bug and keeps its traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; without colours where ``NO_COLOR`` is set (https://no-color.org)."""
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted: the last published file is untouched, the next run goes on from here", err=True)
            sys.exit(INTERRUPTED)
        except HomeBusyError as error:
            raise click.ClickException(str(error)) from error
        except Exception as error:
            if is_full_disk(error):
                raise click.ClickException(f"the disk is full: {_one_line(error)}") from error
            if isinstance(error, OSError) and error.errno in _NOT_WRITABLE:
                place = error.filename or leviers_home()
                raise click.ClickException(
                    f"{place} may not be read or written ({error.strerror}): check its rights, or set LEVIERS_HOME to "
                    "another folder"
                ) from error
            raise


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:500]
