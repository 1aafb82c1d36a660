"""The HTTP client of the portals: JSON answers, downloads, the first bytes of a file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3

from ingestion.http.connection import connections
from ingestion.http.errors import FetchError, RetryableError
from ingestion.http.policy import LOOPBACK, PROCESS_MEMORY, HostMemory, HostRules
from ingestion.http.session import (
    ATTEMPTS,
    USER_AGENT,
    Params,
    Session,
    announced_size,
    body_of,
    full_url,
    refuse_html,
)
from ingestion.http.transfer import Download, Progress, Transfer
from ingestion.partial_file import PartialFile

MAX_JSON_BYTES = 1 << 28
# a host that does not answer is asked again after these pauses, with a short timeout each time
CONNECTIVITY_PAUSES = (0.0, 5.0, 10.0)
CONNECTIVITY_TIMEOUT = (10, 15)
# unreachable: no connection; silent: a connection without an answer
Connectivity = Literal["answers", "silent", "unreachable"]


class Start(NamedTuple):
    """The first bytes of a file, its announced size, and when it was changed (``Last-Modified``)."""

    head: bytes
    size: int | None
    changed: str | None


class HttpClient:
    """A client that connects to the allowed hosts only.

    ``insecure_loopback`` and ``host_intervals`` are those of ``HostRules``. ``memory`` has the earlier calls to the
    hosts. ``now`` is the clock that tells whether an announced date is in the future. ``progress`` is called with the
    bytes received and the bytes announced. ``parts`` is a folder for unfinished downloads, which stays when the process
    ends.

    ``notes`` are for a person, on what is no failure. ``moved`` has the addresses that lead elsewhere for good, and
    where they lead.
    """

    def __init__(
        self,
        hosts: frozenset[str],
        *,
        insecure_loopback: bool = False,
        host_intervals: Mapping[str, float] | None = None,
        memory: HostMemory = PROCESS_MEMORY,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        progress: Progress | None = None,
        parts: Path | None = None,
    ) -> None:
        self.sleep = sleep
        self.now = now
        self.notes: list[str] = []
        self._rules = HostRules(hosts, insecure_loopback, host_intervals or {})
        self._session = Session(self._rules, memory, sleep)
        self.moved = self._session.moved
        self._progress = progress
        self._parts = parts
        self._received: list[PartialFile] = []

    @classmethod
    def of(cls, url: str, progress: Progress | None = None) -> HttpClient:
        """Returns a client for the host of one address, over HTTPS; plain HTTP is allowed to this machine.

        Raises:
            FetchError: the address names no host.
        """
        try:
            host = urlsplit(url).hostname
        except ValueError:
            host = None
        if not host:
            raise FetchError(f"{url}: names no host")
        return cls(frozenset({host}), insecure_loopback=host == LOOPBACK, memory=HostMemory(), progress=progress)

    def connectivity(self, urls: Iterable[str]) -> dict[str, Connectivity]:
        """Checks at once whether each host answers; the memory of the hosts does not change.

        At most it takes the pauses and timeouts of ``CONNECTIVITY_*`` together, and the time to resolve the names.
        """
        answers: dict[str, Connectivity] = dict.fromkeys(urls, "unreachable")
        for pause in CONNECTIVITY_PAUSES:
            if again := [url for url, answer in answers.items() if answer != "answers"]:
                self.sleep(pause)
                with ThreadPool(len(again)) as pool, connections(self._rules) as session:
                    answers |= zip(again, pool.map(partial(self._connectivity, session), again), strict=True)
        return answers

    def get_json(self, url: str, params: Params | None = None, headers: Mapping[str, str] | None = None) -> Any:
        """Returns a JSON answer.

        Raises:
            FetchError: refused host, HTTP error after the retries, or no JSON.
        """
        return self.ask("GET", url, params=params, headers=headers)[1]

    def post_json(self, url: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        """Returns the JSON answer to a JSON question.

        Raises:
            FetchError: as ``get_json``.
        """
        return self.ask("POST", url, headers=headers, body=body)[1]

    def ask(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        file: Path | None = None,
        attempts: int = ATTEMPTS,
    ) -> tuple[int, Any]:
        """Returns the status and the JSON of an answer.

        A request that writes has one attempt, since the write may have happened although the answer is lost.

        Raises:
            FetchError: as ``get_json``.
        """

        def attempt() -> tuple[int, Any]:
            content = bytearray()
            request = self._session.ask(method, url, params=params, headers=headers, body=body, file=file)
            with closing(request) as response:
                for chunk in body_of(response):
                    content += chunk
                    if len(content) > MAX_JSON_BYTES:
                        raise FetchError(f"{response.url}: an answer of more than {MAX_JSON_BYTES} bytes")
            if content.lstrip()[:1] == b"<" or "text/html" in response.headers.get("Content-Type", ""):
                raise FetchError(f"{response.url}: a page of markup where JSON was expected", "page")
            try:
                return response.status_code, json.loads(content)
            except ValueError as error:
                raise RetryableError(f"{response.url}: the answer is no JSON (cut?): {error}") from error

        return self._session.retry(attempt, attempts)

    def download(
        self,
        url: str,
        target: Path,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        size_floor: int = 200,
        pages: bool = False,
    ) -> Download | None:
        """Downloads to ``target``; None when the server says that nothing changed (304). ``pages``: HTML is wanted too.

        After a cut, the download resumes if the server accepts ranges and the file is still the same. With a folder of
        ``parts``, the next process resumes the download of one that was killed, if the server sends version marks.

        Raises:
            FetchError: refused host, HTTP error after the retries, an HTML page, 304 to a request without conditions,
                or fewer bytes than ``size_floor``.
        """
        part = PartialFile(self._parts or target.parent, full_url(url, params))
        transfer = Transfer(self._session, url, params, part, headers or {}, etag, last_modified, self.report, pages)
        download = transfer.run(target)
        if download is None:
            return None
        if (size := part.size) < size_floor:
            part.discard()
            raise FetchError(f"{download.url}: {size} bytes, expected at least {size_floor}")
        part.put(target, keep=self._parts is not None and part.is_whole)
        self._received.append(part)
        return download

    def forget_parts(self) -> None:
        """Removes the parts of the files that are stored, which the next process need not resume."""
        while self._received:
            self._received.pop().discard()

    def peek(
        self, url: str, params: Params | None = None, size: int = 1 << 16, headers: Mapping[str, str] | None = None
    ) -> Start:
        """Returns the first bytes of a file, with the size and date in the header of the answer.

        Raises:
            FetchError: as ``download``.
        """

        def attempt() -> Start:
            with closing(self._session.ask("GET", url, params=params, headers=headers)) as response:
                head = b""
                for chunk in body_of(response):
                    head += chunk
                    if len(head) >= size:
                        break
                refuse_html(response, head)
                return Start(head[:size], announced_size(response), response.headers.get("Last-Modified"))

        return self._session.retry(attempt)

    def report(self, size: int, total: int | None = None) -> None:
        """Reports the progress of a file: the bytes received, and the bytes announced."""
        if self._progress:
            self._progress(size, total)

    def _connectivity(self, session: requests.Session, url: str) -> Connectivity:
        try:
            self._rules.check(url)
            session.head(url, headers={"User-Agent": USER_AGENT}, timeout=CONNECTIVITY_TIMEOUT, allow_redirects=False)
        except requests.exceptions.SSLError:
            return "answers"  # the fetch reports a bad certificate
        except (requests.ReadTimeout, requests.exceptions.ChunkedEncodingError):
            return "silent"
        except requests.ConnectionError as error:
            cut = error.args and isinstance(error.args[0], urllib3.exceptions.ProtocolError)
            return "silent" if cut else "unreachable"
        except (requests.RequestException, FetchError):
            return "unreachable"
        return "answers"
