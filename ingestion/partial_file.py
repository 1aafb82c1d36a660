"""A file on its way: what was received of it, and of which version, outlives the process that was writing it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path


class PartialFile:
    """The part of the file at ``url`` that lies in ``folder``.

    ``validator`` is the version mark that makes a server send the rest only of the same file, ``expected`` the size
    of the whole. A part of a known version is found again by the next process; any other one starts anew.
    """

    def __init__(self, folder: Path, url: str) -> None:
        name = hashlib.sha256(url.encode()).hexdigest()[:16]
        self.path = folder / name
        self._note = folder / f"{name}.json"
        self.validator: str | None = None
        self.expected: int | None = None
        try:
            known = json.loads(self._note.read_text())
            self.validator, self.expected = known["validator"], known["expected"]
        except (OSError, ValueError, KeyError):
            self.discard()

    @property
    def size(self) -> int:
        """The bytes received."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def is_resumable(self) -> bool:
        """Whether something is known of the file that tells its rest from that of another."""
        return self.size > 0 and (self.validator is not None or self.expected is not None)

    def start(self, validator: str | None, expected: int | None) -> None:
        """Begins anew, with a file of this version and size."""
        self.discard()
        self.validator, self.expected = validator, expected
        if validator:
            self._note.write_text(json.dumps({"validator": validator, "expected": expected}))

    def discard(self) -> None:
        """Forgets what was received."""
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        """Puts the whole file where it is wanted."""
        shutil.move(self.path, target)
        self._note.unlink(missing_ok=True)
