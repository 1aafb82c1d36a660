"""A web server of one folder on the loopback, with ranges or without, and what was asked of it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO

from leviers.warehouse.project import REPOSITORY

# The policy that a web server sends with each page; the policy in the page itself holds too.
NGINX = (REPOSITORY / "deploy" / "nginx.conf").read_text(encoding="utf-8")
POLICY = re.findall(r'add_header Content-Security-Policy "([^"]+)"', NGINX)[0]
Asked = list[tuple[str, str, int]]  # method, path, bytes of the answer; none where the reader has the file already


class Plain(SimpleHTTPRequestHandler):
    """Gives whole files, or says that they have not changed."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, asked: Asked, **named: Any) -> None:
        self._asked = asked
        super().__init__(*arguments, **named)

    def log_message(self, *_: object) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        data = source.read()
        self._asked.append((self.command, self.path, len(data)))
        outputfile.write(data)


class Ranges(Plain):
    """Gives a part of a file to those who ask for it."""

    def send_head(self) -> BinaryIO | io.BytesIO | None:
        asked, path = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")), self.translate_path(self.path)
        if not asked or not Path(path).is_file():
            return super().send_head()
        data = Path(path).read_bytes()
        first, last = int(asked[1]), min(int(asked[2] or len(data) - 1), len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Length", str(last - first + 1))
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.end_headers()
        return io.BytesIO(data[first : last + 1])


@contextmanager
def serving(folder: Path, handler: type[Plain]) -> Iterator[tuple[str, Asked]]:
    """Serves a folder: its address, and the list of what is asked of it, which grows."""
    asked: Asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder), asked=asked))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
