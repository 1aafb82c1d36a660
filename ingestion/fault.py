"""Isolation of faults: an error in a part of a run is reported for that part, and the others go on."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from leviers.common.disk import is_full_disk
from leviers.common.interrupt import is_interrupted
from leviers.common.places import OutsideError

DEFECT = "a defect of the program"
PROJECT = Path(__file__).parents[1]
PACKAGES = {"dagster_project", "expectations", "ingestion", "leviers"}
WRAPPER = "dlt."  # dlt wraps the errors of a reader in its own
LONGEST = 500

_LOG = logging.getLogger(__name__)


class Defect(str):
    """The reason why a part of a run failed through a fault of the program, not of its input."""


class RefusalError(Exception):
    """A fault that is not of the program, in words for a person."""


@contextmanager
def one_fault(note: Callable[[str], object], *passing: type[Exception]) -> Iterator[None]:
    """Catches an error of the context and gives its reason to ``note``, as one line.

    An error is raised again if the disk is full, if a person stops the run, or if it is of a type in ``passing``.
    """
    try:
        yield
    except passing:
        raise
    except Exception as error:
        if is_full_disk(error):
            raise
        if is_interrupted(error):
            raise KeyboardInterrupt from error
        note(why(error))


def why(error: BaseException) -> str:
    """Returns why something failed: the words of a refusal, or a ``Defect`` for any other error.

    The traceback of a defect goes to the log.
    """
    unwrapped: list[BaseException] = [error]
    while type(inner := unwrapped[-1]).__module__.startswith(WRAPPER) and isinstance(
        cause := inner.__cause__ or inner.__context__, Exception
    ):
        unwrapped.append(cause)
    if words := _own_words(inner):
        return words
    _LOG.error("%s", DEFECT, exc_info=error)
    place = next(filter(None, map(_place, reversed(unwrapped))), "?")
    line = one_line(f"{type(inner).__name__}: {inner}")
    return Defect(f"{DEFECT}, at {place}: {line}")


def one_line(error: object) -> str:
    """Returns the message of an error on one line, cut at ``LONGEST`` characters."""
    return " ".join(str(error).split())[:LONGEST]


def _own_words(error: BaseException) -> str | None:
    """Returns the message of a refusal, or of a file that the system cannot read or lock; None for any other error."""
    if isinstance(error, RefusalError | OutsideError):
        return " ".join(str(error).split())
    if held := re.search(r'Could not set lock on file "(?P<file>[^"]+)": .*\(PID (?P<pid>\d+)\)', str(error)):
        return f"{held['file']} is held by another process, {held['pid']}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be read: {error.strerror}"
    return None


def _place(error: BaseException) -> str | None:
    """Returns the last line of the project in the traceback of an error."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path != Path(__file__) and path.is_relative_to(PROJECT) and path.relative_to(PROJECT).parts[0] in PACKAGES:
            return f"{path.relative_to(PROJECT)}:{frame.lineno}"
    return None
