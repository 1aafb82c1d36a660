"""A file on its way: the bytes received, and their version, outlive the process that was writing them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path


class PartialFile:
    """The part of the file at ``url`` that lies in ``folder``.

    ``etag`` and ``last_modified`` are the marks of its version, ``expected`` the size of the whole. A part of a known
    version is found again by the next process; any other one starts anew.
    """

    def __init__(self, folder: Path, url: str) -> None:
        name = hashlib.sha256(url.encode()).hexdigest()[:16]
        self.path = folder / name
        self._note = _note_of(self.path)
        self.etag: str | None = None
        self.last_modified: str | None = None
        self.expected: int | None = None
        try:
            known = json.loads(self._note.read_text())
            self.etag, self.last_modified, self.expected = known["etag"], known["last_modified"], known["expected"]
        except (OSError, ValueError, KeyError, TypeError):
            self.discard()

    @property
    def validator(self) -> str | None:
        """The condition on which a server sends the rest: the same strong ETag, which is quoted, else the same date."""
        return self.etag if self.etag and self.etag.startswith('"') else self.last_modified

    @property
    def size(self) -> int:
        """The bytes received."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def is_resumable(self) -> bool:
        """Whether a version of the file is known, so that its rest cannot be taken for the rest of another file."""
        return self.size > 0 and (self.validator is not None or self.expected is not None)

    @property
    def is_whole(self) -> bool:
        """Whether the file, which a server can be asked about, has been received to its last byte."""
        return self.validator is not None and self.size == self.expected

    def start(self, etag: str | None, last_modified: str | None, expected: int | None) -> None:
        """Begins anew, with a file of these marks and size."""
        self.discard()
        self.etag, self.last_modified, self.expected = etag, last_modified, expected
        if self.validator:
            self._note.write_text(json.dumps({"etag": etag, "last_modified": last_modified, "expected": expected}))

    def discard(self) -> None:
        """Forgets what was received."""
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def put(self, target: Path, *, keep: bool) -> None:
        """Puts the whole file where it is wanted; with ``keep`` here too, where that takes no room."""
        if keep:
            try:
                os.link(self.path, target)
                return
            except OSError:  # not every file system has links
                pass
        shutil.move(self.path, target)
        self.discard()


def remove_parts(folder: Path, before: float) -> None:
    """Removes the parts that no download can resume, and those last written before that time."""
    for path in folder.glob("*"):
        part = path.with_suffix("")
        known = part.exists() and _note_of(part).exists()
        if not known or part.stat().st_mtime < before:
            path.unlink()


def _note_of(part: Path) -> Path:
    return part.with_suffix(".json")
