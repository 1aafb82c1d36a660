"""The one HTTP client: verified HTTPS to the hosts of the catalogue, at their pace. Attempts that fail are repeated."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential
from urllib3 import Retry
from urllib3.exceptions import InvalidHeader, ProtocolError

from ingestion.fault import RefusalError

USER_AGENT = f"Mozilla/5.0 (compatible; leviers/{version('leviers')}; open data warehouse of ecological planning)"
TIMEOUT = (10, 60)
ATTEMPTS = 5
MAX_WAIT = 60.0  # a host that asks for a longer pause is not called before its end, nor later on this day
MAX_CLOSED = 24 * 3600.0
SILENT_SECONDS = 600.0  # a host that accepts no connection is not called again for so long
CONNECT_PAUSES = (0.0, 5.0, 10.0)
MAX_JSON_BYTES = 1 << 28
MAX_FILE_BYTES = 4 << 30
LOOPBACK = "127.0.0.1"
_NOT_MODIFIED = 304
_UNAUTHORIZED = 401
_RETRIED = {408, 425, 429, 500, 502, 503, 504}
_NO_ANSWER = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)
_CHUNK = 1 << 18
_BOM = b"\xef\xbb\xbf"
_backoff = wait_exponential(max=MAX_WAIT)

T = TypeVar("T")
Params = Mapping[str, str | int] | Sequence[tuple[str, str | int]]
Progress = Callable[[int, int | None], None]


class FetchError(RefusalError):
    """A download that failed, in one line with the address."""


class NotReachedError(FetchError):
    """The portal does not answer, or wants no call now. Nothing is known of its data."""


class UnauthorizedError(FetchError):
    """The host asks for credentials, and does not accept the ones it got (HTTP 401)."""


class _RetryableError(Exception):
    """An attempt that may succeed when it is repeated, after ``wait`` seconds if the host names them.

    ``is_silent``: the host accepted no connection.
    """

    def __init__(self, message: str, wait: float | None = None, *, is_silent: bool = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.is_silent = is_silent


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


class HostMemory:
    """The last call to each host, and until when it is not called. All clients of a process share one memory."""

    def __init__(self) -> None:
        self._last_call: dict[str, float] = {}
        self._closed_until: dict[str, float] = {}

    def pace(self, url: str, interval: float, sleep: Callable[[float], None]) -> None:
        """Waits until ``interval`` seconds have passed since the last call to the host, and notes the call.

        Raises:
            NotReachedError: the host is closed.
        """
        host = urlsplit(url).netloc
        closed = self._closed_until.get(host, 0.0)
        if closed > time.time():
            until = datetime.fromtimestamp(closed, UTC).isoformat(timespec="seconds")
            raise NotReachedError(f"{url}: the host is not called again before {until}")
        wait = self._last_call.get(host, -math.inf) + interval - time.monotonic()
        if wait > 0:
            sleep(wait)
        self._last_call[host] = time.monotonic()

    def close(self, url: str, seconds: float) -> None:
        """Notes that the host is not called for some seconds, a day at most."""
        self._closed_until[urlsplit(url).netloc] = time.time() + min(seconds, MAX_CLOSED)


_PROCESS_MEMORY = HostMemory()


class _Adapter(HTTPAdapter):
    """Sends a request, also that to which a redirect leads, if ``allow`` raises nothing for its address."""

    def __init__(self, allow: Callable[[str], None]) -> None:
        self._allow = allow
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self._allow(str(request.url))
        return super().send(request, *args, **options)


class HttpClient:
    """A client that connects to the allowed hosts only, over HTTPS.

    ``insecure_loopback`` allows plain HTTP to 127.0.0.1, for a local server. ``host_intervals`` has the least seconds
    between two calls to a host. ``now`` is the clock that tells whether an announced date is in the future.
    ``progress`` is called with the bytes received of a file and the bytes announced.

    ``notes`` are for a person, on what is no failure.
    """

    def __init__(
        self,
        hosts: frozenset[str],
        *,
        insecure_loopback: bool = False,
        host_intervals: Mapping[str, float] | None = None,
        memory: HostMemory = _PROCESS_MEMORY,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        progress: Progress | None = None,
    ) -> None:
        self.sleep = sleep
        self.now = now
        self.notes: list[str] = []
        self._hosts = hosts
        self._insecure_loopback = insecure_loopback
        self._intervals = host_intervals or {}
        self._memory = memory
        self._progress = progress
        self._session = requests.Session()
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _Adapter(self._allow))
        self._session.auth = lambda request: request  # accounts come from the environment, never from the user's .netrc
        self._session.headers["User-Agent"] = USER_AGENT
        self._session.max_redirects = 10

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

    def unreachable(self, urls: Iterable[str]) -> set[str]:
        """Returns the addresses whose host accepts no connection, each time that it is asked after a pause."""
        silent = set(urls)
        for pause in CONNECT_PAUSES:
            if silent:
                self.sleep(pause)
                with ThreadPool(len(silent)) as pool:
                    silent.difference_update(*pool.map(self._answering, silent))
        return silent

    def get_json(self, url: str, params: Params | None = None, headers: Mapping[str, str] | None = None) -> Any:
        """Returns a JSON answer.

        Raises:
            FetchError: refused host, HTTP error after the attempts, or no JSON.
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
        """Returns the status and the JSON of an answer. A ``file`` is the only field of a form.

        A request that writes has one attempt, since the write may have happened although the answer is lost.

        Raises:
            FetchError: as ``get_json``.
        """

        def attempt() -> tuple[int, Any]:
            content = BytesIO()
            with file.open("rb") if file else nullcontext() as opened:
                form = {"file": (file.name, opened)} if file else None
                sent = {"params": params, "headers": headers, "json": body, "files": form}
                response = self._receive(method, url, content, MAX_JSON_BYTES, **sent)
            if content.getvalue().lstrip()[:1] == b"<":
                raise FetchError(f"{response.url}: a page of markup where JSON was expected")
            try:
                return response.status_code, json.loads(content.getvalue())
            except ValueError as error:
                raise _RetryableError(f"{response.url}: the answer is no JSON (cut?): {error}") from error

        return self._repeated(attempt, url, attempts)

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

        Raises:
            FetchError: refused host, HTTP error after the attempts, an HTML page, 304 to a request without conditions,
                or fewer bytes than ``size_floor``.
        """
        marks = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: mark for name, mark in marks.items() if mark}

        def attempt() -> requests.Response:
            with target.open("wb") as file:
                sent = {"params": params, "headers": {**(headers or {}), **conditions}}
                return self._receive("GET", url, file, MAX_FILE_BYTES, pages=pages, **sent)

        response = self._repeated(attempt, url)
        size = target.stat().st_size
        if response.status_code == _NOT_MODIFIED:
            target.unlink()
            if conditions:
                return None
            raise FetchError(f"{response.url}: HTTP 304 to a request without conditions")
        if size < size_floor:
            raise FetchError(f"{response.url}: {size} bytes, expected at least {size_floor}")
        received = response.headers
        return Download(target, response.url, etag=received.get("ETag"), last_modified=received.get("Last-Modified"))

    def _allow(self, url: str) -> None:
        """Checks that a request may be sent to an address, and waits for the pace of its host.

        Raises:
            FetchError: the host is not an allowed one, or the address is not HTTPS.
            NotReachedError: the host is closed.
        """
        parts = urlsplit(url)
        if parts.hostname not in self._hosts:
            raise FetchError(f"{url}: the catalogue does not name the host {parts.hostname}")
        if parts.scheme != "https" and not (self._insecure_loopback and parts.hostname == LOOPBACK):
            raise FetchError(f"{url}: only HTTPS is allowed")
        self._memory.pace(url, self._intervals.get(parts.hostname, 0.0), self.sleep)

    def _receive(
        self, method: str, url: str, into: BinaryIO, limit: int, *, pages: bool = False, **sent: Any
    ) -> requests.Response:
        """Sends a request and writes the body of its answer, up to ``limit`` bytes.

        What is posted is not sent on to another address. A token is not sent to another host.

        Raises:
            FetchError: refused host, an answer that is an error, an HTML page, or too many bytes.
            NotReachedError: the host wants no call now.
            _RetryableError: another attempt may help.
        """
        options: dict[str, Any] = {"stream": True, "timeout": TIMEOUT, "allow_redirects": method == "GET"}
        try:
            with closing(self._session.request(method, url, **options, **sent)) as answer:
                self._check_status(answer)
                for chunk in answer.iter_content(_CHUNK):
                    if into.tell() == 0 and not pages:
                        _refuse_page(answer, chunk)
                    into.write(chunk)
                    if into.tell() > limit:
                        raise FetchError(f"{answer.url}: more than {limit} bytes")
                    if self._progress:
                        self._progress(into.tell(), _announced_size(answer))
                return answer
        except _NO_ANSWER as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise FetchError(f"{url}: the certificate is not accepted") from error
            what = "no answer" if isinstance(error, requests.ConnectionError | requests.Timeout) else "a cut answer"
            line = f"{url}: {what}: {type(error).__name__}"
            raise _RetryableError(line, is_silent=not _is_connected(error)) from error
        except (requests.RequestException, ValueError) as error:
            raise FetchError(f"{url}: this or the address that it leads to cannot be asked: {error}") from error

    def _check_status(self, answer: requests.Response) -> None:
        status, line = answer.status_code, f"{answer.url}: HTTP {answer.status_code} {answer.reason}"
        if status < 300 or status == _NOT_MODIFIED:
            return
        if status not in _RETRIED:
            raise (UnauthorizedError if status == _UNAUTHORIZED else FetchError)(line)
        wait = _wait_wanted(answer)
        if wait is not None and wait > MAX_WAIT:
            self._memory.close(answer.url, wait)
            raise NotReachedError(f"{line}: the host wants a pause of more than {MAX_WAIT:.0f} seconds")
        raise _RetryableError(line, wait)

    def _repeated(self, attempt: Callable[[], T], url: str, attempts: int | None = None) -> T:
        """Repeats an attempt that may succeed when it is repeated.

        Raises:
            NotReachedError: the last attempt failed too.
        """
        attempts = attempts or ATTEMPTS
        retrying = Retrying(
            retry=retry_if_exception_type(_RetryableError),
            stop=stop_after_attempt(attempts),
            wait=_wait,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            return retrying(attempt)
        except _RetryableError as error:
            if error.is_silent:
                self._memory.close(url, SILENT_SECONDS)
            raise NotReachedError(f"{error} ({attempts} attempts)") from error

    def _answering(self, url: str) -> set[str]:
        """Returns the address in a set if its host accepts a connection, else an empty set."""
        try:
            self._session.head(url, timeout=TIMEOUT, allow_redirects=False)
        except NotReachedError:
            return set()
        except requests.RequestException as error:
            return {url} if _is_connected(error) else set()
        return {url}


def full_url(url: str, params: Params | None = None) -> str:
    """Returns the address with its query, as it is requested."""
    return requests.Request("GET", url, params=params).prepare().url or url


def _is_connected(error: requests.RequestException) -> bool:
    """Returns whether a host accepted the connection, although it did not answer or its certificate is bad."""
    if isinstance(error, requests.exceptions.SSLError) or not isinstance(error, requests.ConnectionError):
        return True
    return bool(error.args) and isinstance(error.args[0], ProtocolError)


def _wait_wanted(answer: requests.Response) -> float | None:
    """Returns the seconds to wait, from ``Retry-After``; None if it is not there, or no time."""
    try:
        return Retry().parse_retry_after(answer.headers.get("Retry-After", ""))
    except (InvalidHeader, ValueError, OverflowError):  # OverflowError: a date out of range
        return None


def _wait(state: RetryCallState) -> float:
    """Returns the seconds before the next attempt: the pause that the host asked for, else twice the last one."""
    error = state.outcome.exception() if state.outcome else None
    return error.wait if isinstance(error, _RetryableError) and error.wait is not None else _backoff(state)


def _announced_size(answer: requests.Response) -> int | None:
    """Returns the size of the file, if the answer announces it; the length of a compressed body is not that."""
    length = answer.headers.get("Content-Length", "")
    return int(length) if length.isdigit() and "Content-Encoding" not in answer.headers else None


def _refuse_page(answer: requests.Response, head: bytes) -> None:
    """Checks the start of a body.

    Raises:
        FetchError: it is an HTML page, as portals under maintenance send it with the status 200.
    """
    start = head.removeprefix(_BOM).lstrip()[:15].lower()
    if start.startswith((b"<!doctype html", b"<html")) or "text/html" in answer.headers.get("Content-Type", ""):
        raise FetchError(f"{answer.url}: an HTML page where data was due")
