"""A partly downloaded file: its bytes and their version stay on disk if the process dies."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path


class PartialFile:
    """The downloaded part, in ``folder``, of the file at ``url``.

    ``etag`` and ``last_modified`` are the marks of its version, ``expected`` is the size of the whole file. The next
    process resumes a part of known version, and starts any other one anew.
    """

    def __init__(self, folder: Path, url: str) -> None:
        name = hashlib.sha256(url.encode()).hexdigest()[:16]
        self.path = folder / name
        self._note = _note_of(self.path)
        self.etag: str | None = None
        self.last_modified: str | None = None
        self.expected: int | None = None
        try:
            note = json.loads(self._note.read_text())
            self.etag, self.last_modified, self.expected = note["etag"], note["last_modified"], note["expected"]
        except (OSError, ValueError, KeyError, TypeError):
            self.discard()

    @property
    def validator(self) -> str | None:
        """The mark that must be unchanged for a resume: a strong ETag, which is quoted, else the date."""
        return self.etag if self.etag and self.etag.startswith('"') else self.last_modified

    @property
    def size(self) -> int:
        """The bytes received."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def is_resumable(self) -> bool:
        """Whether the version of the file is known, so that the rest of another file cannot be appended."""
        return self.size > 0 and (self.validator is not None or self.expected is not None)

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are received, and the file has a mark to ask the server about."""
        return self.validator is not None and self.size == self.expected

    def start(self, etag: str | None, last_modified: str | None, expected: int | None) -> None:
        """Starts anew, with these marks and this size."""
        self.discard()
        self.etag, self.last_modified, self.expected = etag, last_modified, expected
        if self.validator:
            self._note.write_text(json.dumps({"etag": etag, "last_modified": last_modified, "expected": expected}))

    def discard(self) -> None:
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def put(self, target: Path, *, keep: bool) -> None:
        """Moves the whole file to ``target``. With ``keep`` it is linked instead, if the file system has links."""
        if keep:
            try:
                os.link(self.path, target)
                return
            except OSError:  # not every file system has links
                pass
        shutil.move(self.path, target)
        self.discard()


def remove_parts(folder: Path, before: float) -> None:
    """Removes the parts that cannot be resumed, and the parts last written before a time."""
    for path in folder.glob("*"):
        part = path.with_suffix("")
        has_note = part.exists() and _note_of(part).exists()
        if not has_note or part.stat().st_mtime < before:
            path.unlink()


def _note_of(part: Path) -> Path:
    return part.with_suffix(".json")
