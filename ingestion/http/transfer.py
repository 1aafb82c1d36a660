"""Download of one file: conditional, whole or resumed after a cut, until it is complete."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import requests

from ingestion.http.errors import FetchError, NotReachedError, RetryableError
from ingestion.http.session import (
    ATTEMPTS,
    NOT_MODIFIED,
    RANGE_NOT_SATISFIABLE,
    Params,
    Session,
    announced_size,
    body_of,
    is_encoded,
    refuse_html,
)
from ingestion.partial_file import PartialFile

# a download that was cut is resumed as long as each round of attempts receives this many bytes
PROGRESS_BYTES = 1 << 20
_PARTIAL_CONTENT = 206

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Download:
    """A downloaded file, not yet in the snapshot store."""

    path: Path
    url: str
    vintage: str | None = None
    etag: str | None = None
    last_modified: str | None = None

    @property
    def file_name(self) -> str:
        """The name under which the store keeps it."""
        return self.path.name


@dataclass
class Transfer:
    """The download of the file at an address; each attempt adds bytes to ``part``.

    ``headers`` are sent with each request. ``etag`` and ``last_modified`` are those of the caller's edition, if it has
    one. ``progress`` is called with the bytes received and the bytes announced. An HTML page is refused, except with
    ``pages``.
    """

    session: Session
    url: str
    params: Params | None
    part: PartialFile
    headers: Mapping[str, str]
    etag: str | None
    last_modified: str | None
    progress: Progress
    pages: bool = False
    _attempts: int = 0  # made in this round
    _size_before: int = 0  # bytes of the file when this round began, 0 once it began anew
    _is_resumed: bool = False  # whether the last answer was the rest of the file

    def run(self, target: Path) -> Download | None:
        """Downloads the whole file into the part; None if the server says that the caller's edition is the latest.

        Rounds of attempts follow one another as long as each receives ``PROGRESS_BYTES``.

        Raises:
            FetchError: as ``HttpClient.download``.
        """
        while True:
            self._attempts, self._size_before = 0, self.part.size
            try:
                response = self.session.retry(self._attempt)
                return _delivered(target, response, self.part) if response is not None else None
            except NotReachedError:
                if not self._is_resumed or self.part.size < self._size_before + PROGRESS_BYTES:
                    raise

    def _attempt(self) -> requests.Response | None:
        """Sends a request and writes its answer to the part; None if nothing changed since the last edition."""
        self._attempts += 1
        is_whole, start = self.part.is_whole, self._start()
        conditions = self._conditions(start)
        with closing(self._answer(start, conditions)) as response:
            not_modified = response.status_code == NOT_MODIFIED
            if not_modified and not conditions:
                raise FetchError(f"{response.url}: HTTP 304 to a request without conditions")
            self._is_resumed = start > 0 and response.status_code == _PARTIAL_CONTENT
            has_no_rest = self._is_resumed and not _continues(response, start, self.part)
            if response.status_code == RANGE_NOT_SATISFIABLE or has_no_rest or (start and not_modified):
                self.part.discard()
                raise RetryableError(f"{response.url}: {start} bytes received, and the rest is not to be had")
            if not_modified:
                return response if is_whole else None
            if not self._is_resumed:
                self._size_before = 0
            self._receive(response)
            return response

    def _start(self) -> int:
        """Returns the first byte to ask for: 0 for the whole file, or to ask whether it changed."""
        received_nothing = self.part.size == self._size_before
        # the server may refuse ranges: the last attempt of a round that received nothing asks for the whole file
        gives_up_range = 1 < self._attempts == ATTEMPTS and received_nothing
        if self.part.is_whole or not self.part.is_resumable or gives_up_range:
            return 0
        return self.part.size

    def _conditions(self, start: int) -> Mapping[str, str]:
        """Returns the headers with the wanted bytes and their version."""
        if start:
            same_version = {"If-Range": self.part.validator} if self.part.validator else {}
            return {"Range": f"bytes={start}-", **same_version}
        if self.part.is_whole:
            return _conditions(self.part.etag, self.part.last_modified)
        return _conditions(self.etag, self.last_modified)

    def _answer(self, start: int, conditions: Mapping[str, str]) -> requests.Response:
        """Returns the answer. If a request for a range fails, the part is discarded and the whole file is asked for."""
        try:
            return self.session.ask("GET", self.url, params=self.params, headers={**self.headers, **conditions})
        except FetchError as error:
            if isinstance(error, NotReachedError) or not start:
                raise
            self.part.discard()
            raise RetryableError(str(error)) from error

    def _receive(self, response: requests.Response) -> None:
        """Writes a body: the rest of the part, or a whole file that replaces it unless it is an HTML page."""
        part = self.part
        body = body_of(response)
        first = next(body, b"")
        if not self._is_resumed:
            if not self.pages:
                refuse_html(response, first)
            part.start(*_marks(response), announced_size(response))
        with part.path.open("ab") as file:
            self.progress(file.tell(), part.expected)
            for chunk in chain([first], body):
                file.write(chunk)
                self.progress(file.tell(), part.expected)
        if part.expected is not None and part.size != part.expected:
            raise RetryableError(f"{response.url}: {part.size} of {part.expected} bytes received")


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in conditions.items() if value}


def _marks(response: requests.Response) -> tuple[str | None, str | None]:
    """Returns ETag and date of the version; none for a compressed body, whose ranges are not those of the file."""
    if is_encoded(response):
        return None, None
    return response.headers.get("ETag"), response.headers.get("Last-Modified")


def _continues(response: requests.Response, start: int, part: PartialFile) -> bool:
    """Returns whether a partial answer begins where the part ends, and is of the same size and version."""
    etag, last_modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    other_tag = part.etag and part.etag != etag and (etag or part.etag == part.validator)
    other_date = part.last_modified and last_modified and part.last_modified != last_modified
    range_ = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
    if is_encoded(response) or other_tag or other_date or range_ is None or int(range_[1]) != start:
        return False
    if part.expected is None and range_[2] != "*":
        part.expected = int(range_[2])
    return range_[2] in ("*", str(part.expected))


def _delivered(target: Path, response: requests.Response, part: PartialFile) -> Download:
    """Returns the file with its marks; if the answer for the rest has none, those of the first answer."""
    return Download(
        path=target,
        url=response.url,
        etag=response.headers.get("ETag") or part.etag,
        last_modified=response.headers.get("Last-Modified") or part.last_modified,
    )
