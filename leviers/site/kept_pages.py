"""Keeps the files of a site between publications if the rows that they show are unchanged."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from html import unescape
from pathlib import Path

from leviers.site.pages import MakeText
from leviers.site.published import PublishedFile, QueryKey

PAGES_FILE = "pages.json"
_CHANGING_TEXT = re.compile(b'<data value="(.*?)">.*?</data>')


class KeptPages:
    """The note of a folder: for each file its queries, and a hash of their rows and of the file.

    ``maker`` stands for everything else that shapes the files. If it differs, all files are made again.
    """

    def __init__(self, folder: Path, opened: PublishedFile, maker: str, changing_texts: Mapping[str, str]) -> None:
        self._folder, self._opened, self._maker, self._changing_texts = folder, opened, maker, changing_texts
        self._last: dict[str, tuple[str, list[QueryKey]]] = {}
        self._now: dict[str, tuple[str, list[QueryKey]]] = {}
        with suppress(OSError, ValueError):
            last = json.loads((folder / PAGES_FILE).read_bytes())
            self._last = last["files"] if last["maker"] == maker else {}

    def text(self, name: str, make: MakeText) -> bytes:
        """Returns a file: the kept one with the changing texts of this edition, or a new one if its rows changed."""
        stamp, reads = self._last.get(name, ("", []))
        path = self._folder / name
        data = path.read_bytes() if stamp and path.is_file() else b""
        names = {unescape(name.decode()) for name in _CHANGING_TEXT.findall(data)}
        if stamp and stamp == self._stamp(reads, data) and names <= self._changing_texts.keys():
            data = _CHANGING_TEXT.sub(lambda match: self._changing_texts[unescape(match[1].decode())].encode(), data)
        else:
            self._opened.reads.clear()
            data = make().encode()
            reads = sorted(self._opened.reads, key=str)
        self._now[name] = self._stamp(reads, data), reads
        return data

    def record(self) -> bytes:
        """Returns the note of the files of this build."""
        return json.dumps({"maker": self._maker, "files": self._now}).encode()

    def _stamp(self, reads: Collection[QueryKey], data: bytes) -> str:
        read = "".join(self._opened.digest(*read) for read in reads)
        return hashlib.sha256(read.encode() + data).hexdigest()
