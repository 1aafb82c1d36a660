"""Names that become paths, and the only way to write a file below a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EEXIST
from pathlib import Path
from uuid import uuid4

# Letters of any language, with composed or combining accents, digits and a few marks; a letter or digit at the start,
# no blank or full stop at the end. Characters with a meaning in file patterns or addresses are not allowed.
FILE_NAME = r"\w([\w\u0300-\u036f .()+,;!='\u2019&@%~°§\u2013\u2014-]*[\w\u0300-\u036f()+=~°!-])?"
# The code of a grouping, which is part of file names and addresses. The expression is valid in RE2 too.
CODE = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?"
# The name of a device on Windows, with any extension.
DEVICE = r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])([ .].*)?"
LONGEST = 200  # bytes: file systems allow 255, and a half-written file has a longer name


class OutsideError(ValueError):
    """A name that no file may have, or that leads out of its folder."""


def is_file_name(name: str) -> bool:
    """Returns whether a name is a plain file name on every system."""
    return (
        len(name.encode(errors="replace")) <= LONGEST
        and re.fullmatch(FILE_NAME, name) is not None
        and re.fullmatch(DEVICE, name) is None
    )


def leads_out(path: Path, folder: Path) -> bool:
    """Returns whether a path is outside a folder once links are followed. A loop of links is not outside."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def place(folder: Path, name: str) -> Path:
    """Returns the path of a name below a folder. The name may hold the names of folders, with slashes between them.

    Raises:
        OutsideError: a part is no file name, or a link on the way leads out of the folder.
    """
    path = folder / name
    if not all(map(is_file_name, name.split("/"))):
        raise OutsideError(f"{name[:LONGEST]!r} cannot be the name of a file")
    if leads_out(path, folder):
        raise OutsideError(f"{name!r} leads out of its folder")
    return path


def write(folder: Path, name: str, content: bytes) -> Path:
    """Writes a file below a folder, whole or not at all. If folders on the way are missing, it makes them.

    If the name is a hard link to an older file, the link is replaced and the older file stays.

    Raises:
        OutsideError: as ``place``.
    """
    path = place(folder, name)
    with swapped_in(path) as partial:
        partial.write_bytes(content)
    return path


@contextmanager
def swapped_in(path: Path) -> Iterator[Path]:
    """Yields an empty file to write, which replaces ``path`` at the end. Readers of the old file keep it open.

    Raises:
        OSError: the file cannot be written, or ``path`` is a device or a pipe, which is not replaced.
    """
    if path.exists() and not path.is_file():
        raise FileExistsError(EEXIST, "not a file", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{uuid4().hex[:8]}.partial")
    try:
        partial.touch()
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
