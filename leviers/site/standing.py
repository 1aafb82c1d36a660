"""Files of a site are kept between publications if the rows that they show are unchanged."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from html import unescape
from pathlib import Path

from leviers.site.pages import Text
from leviers.site.published import PublishedFile, Read

PAGES_FILE = "pages.json"
_MOVING = re.compile(b'<data value="(.*?)">.*?</data>')


class Standing:
    """The record of a folder: for each file the queries that it read, and a hash of their rows and of the file.

    ``maker`` stands for everything else that shapes the files. If it differs, all files are made again.
    """

    def __init__(self, folder: Path, opened: PublishedFile, maker: str, moving: Mapping[str, str]) -> None:
        self._folder, self._opened, self._maker, self._moving = folder, opened, maker, moving
        self._last: dict[str, tuple[str, list[Read]]] = {}
        self._now: dict[str, tuple[str, list[Read]]] = {}
        with suppress(OSError, ValueError):
            last = json.loads((folder / PAGES_FILE).read_bytes())
            self._last = last["files"] if last["maker"] == maker else {}

    def text(self, name: str, make: Text) -> bytes:
        """Returns a file: the kept one with the moving texts of this edition, or a new one if its rows changed."""
        stamp, reads = self._last.get(name, ("", []))
        path = self._folder / name
        data = path.read_bytes() if stamp and path.is_file() else b""
        names = {unescape(name.decode()) for name in _MOVING.findall(data)}
        if stamp and stamp == self._stamp(reads, data) and names <= self._moving.keys():
            data = _MOVING.sub(lambda found: self._moving[unescape(found[1].decode())].encode(), data)
        else:
            self._opened.reads.clear()
            data = make().encode()
            reads = sorted(self._opened.reads, key=str)
        self._now[name] = self._stamp(reads, data), reads
        return data

    def record(self) -> bytes:
        """Returns the record of the files that were asked for."""
        return json.dumps({"maker": self._maker, "files": self._now}).encode()

    def _stamp(self, reads: Collection[Read], data: bytes) -> str:
        read = "".join(self._opened.digest(*read) for read in reads)
        return hashlib.sha256(read.encode() + data).hexdigest()
