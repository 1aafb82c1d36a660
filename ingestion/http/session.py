"""Requests to a host, by the rules of the policy: redirects are followed by hand, failed attempts repeated."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from ingestion.http.connection import connections
from ingestion.http.errors import FetchError, NotReachedError, RetryableError, UnauthorizedError
from ingestion.http.policy import MAX_WAIT, HostMemory, HostRules, wait_wanted

USER_AGENT = f"Mozilla/5.0 (compatible; leviers/{version('leviers')}; open data warehouse of ecological planning)"
TIMEOUT = (10, 60)
ATTEMPTS = 5
MAX_REDIRECTS = 10
# a body with fewer bytes than this in so many seconds is cut off
SLOW_SECONDS = 60.0
SLOW_BYTES = 60_000
MAX_COMPRESSION_RATIO = 200
_UNAUTHORIZED = 401
_GONE = (404, 410)
_TOKENS = ("Authorization", "X-API-KEY")
NOT_MODIFIED = 304
RANGE_NOT_SATISFIABLE = 416
_RETRIED = {408, 425, 429, 500, 502, 503, 504}
_NO_ANSWER = (requests.ConnectionError, requests.Timeout)
_CUT = (urllib3.exceptions.HTTPError, OSError)
_CHUNK = 1 << 18
_BOM = b"\xef\xbb\xbf"
_backoff = wait_exponential(max=MAX_WAIT)

T = TypeVar("T")
Params = Mapping[str, str | int] | Sequence[tuple[str, str | int]]


class Session:
    """Connections to the hosts of ``rules``, with the pauses that ``memory`` requires.

    ``moved``: addresses with a permanent redirect, and its target.
    """

    def __init__(self, rules: HostRules, memory: HostMemory, sleep: Callable[[float], None]) -> None:
        self._rules = rules
        self._memory = memory
        self._sleep = sleep
        self.moved: dict[str, str] = {}
        self._connections = connections(rules)
        # accounts come from the environment, never from the user's .netrc
        self._connections.auth = lambda request: request
        self._connections.headers["User-Agent"] = USER_AGENT

    def ask(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        file: Path | None = None,
    ) -> requests.Response:
        """Sends a request and returns the answer, whose body is not read yet. A ``file`` is the only field of a form.

        Redirects are followed by hand, so that each host is checked and a token is sent to its own host only.

        Raises:
            FetchError: refused host, an answer that is an error, or too many redirects.
            NotReachedError: the host does not answer, or wants no call now.
            RetryableError: another attempt may help.
        """
        sent = dict(headers or {})
        for hop in range(MAX_REDIRECTS):
            with file.open("rb") if file else nullcontext() as opened:
                form = {"file": (file.name, opened)} if file else None
                response = self._send(method, url, params=params, headers=sent, json=body, files=form)
            if not (response.next and response.next.url):
                return self._accepted(response)
            response.close()
            if response.is_permanent_redirect and hop == 0:
                self.moved[url] = response.next.url
            came_from, url, params = url, response.next.url, None
            if method != "GET":
                self._rules.check(url)
                line = f"HTTP {response.status_code} to {url}"
                raise FetchError(f"{response.url}: {line}: what is posted is not sent on")
            if urlsplit(url).netloc != urlsplit(came_from).netloc:
                sent = {name: value for name, value in sent.items() if name not in _TOKENS}
        raise FetchError(f"{url}: more than {MAX_REDIRECTS} redirects")

    def retry(self, attempt: Callable[[], T], attempts: int | None = None) -> T:
        """Repeats an attempt while it raises ``RetryableError``, up to ``attempts`` times, by default ``ATTEMPTS``.

        Raises:
            NotReachedError: the last attempt failed too.
        """
        attempts = attempts or ATTEMPTS
        retrying = Retrying(
            retry=retry_if_exception_type(RetryableError),
            stop=stop_after_attempt(attempts),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(attempt)
        except RetryableError as error:
            raise NotReachedError(f"{error} ({attempts} attempts)") from error

    def _send(self, method: str, url: str, **sent: Any) -> requests.Response:
        self._rules.check(url)
        self._memory.pace(url, self._rules.intervals.get(urlsplit(url).hostname or "", 0.0), self._sleep)
        try:
            response = self._connections.request(
                method, url, stream=True, timeout=TIMEOUT, allow_redirects=False, **sent
            )
        except _NO_ANSWER as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                why = re.search(r"certificate verify failed: ([^(]+?) \(", str(error))
                line = f"{url}: the certificate is not accepted: {why[1] if why else type(error).__name__}"
                raise FetchError(line, "certificate") from error
            refused = NotReachedError if self._memory.note_silence(url) else RetryableError
            raise refused(f"{url}: no answer: {type(error).__name__}") from error
        except (requests.RequestException, ValueError) as error:
            raise FetchError(f"{url}: this or the address that it leads to cannot be asked: {error}") from error
        self._memory.note_answer(response)
        return response

    def _accepted(self, response: requests.Response) -> requests.Response:
        """Returns the answer, unless it is an error.

        Raises:
            RetryableError: another attempt may succeed.
            UnauthorizedError: the portal wants other credentials.
            NotReachedError: the host asks for a pause longer than ``MAX_WAIT``.
            FetchError: any other error.
        """
        status = response.status_code
        if status < 300 or status in (NOT_MODIFIED, RANGE_NOT_SATISFIABLE):
            return response
        response.close()
        if status not in _RETRIED:
            kind = UnauthorizedError if status == _UNAUTHORIZED else FetchError
            raise kind(f"{response.url}: HTTP {status} {response.reason}", "moved" if status in _GONE else None)
        wait = wait_wanted(response)
        if wait is not None and wait > MAX_WAIT:
            self._memory.close(response.url, wait)
            self._memory.check_open(response.url)
        raise RetryableError(f"{response.url}: HTTP {status}", wait)


def _wait(state: RetryCallState) -> float:
    """Returns the seconds before the next attempt: the pause that the host asked for, else twice the last one."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, RetryableError) and error.retry_after is not None:
        return min(error.retry_after, MAX_WAIT)
    return _backoff(state)


def full_url(url: str, params: Params | None = None) -> str:
    """Returns the address with its query, as it is requested."""
    return requests.Request("GET", url, params=params).prepare().url or url


def body_of(response: requests.Response) -> Iterator[bytes]:
    """Yields the body in chunks, decompressed.

    Raises:
        RetryableError: the connection is cut or too slow.
        FetchError: the answer unpacks to far more bytes than it has.
    """
    since, recent, received = time.monotonic(), 0, 0
    try:
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            recent += len(chunk)
            received += len(chunk)
            if is_encoded(response) and received > MAX_COMPRESSION_RATIO * max(response.raw.tell(), _CHUNK):
                raise FetchError(f"{response.url}: {response.raw.tell()} bytes unpack to {received} or more")
            yield chunk
            if time.monotonic() > since + SLOW_SECONDS:
                if recent < SLOW_BYTES:
                    raise RetryableError(f"{response.url}: {recent} bytes in {SLOW_SECONDS:.0f} s, too slow")
                since, recent = time.monotonic(), 0
    except _CUT as error:
        raise RetryableError(f"{response.url}: the connection was cut after {received} bytes") from error


def is_encoded(response: requests.Response) -> bool:
    """Returns whether the body is compressed, so that its length is not that of the file."""
    return response.headers.get("Content-Encoding", "identity") != "identity"


def announced_size(response: requests.Response) -> int | None:
    """Returns the size of the file, if the answer announces it."""
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() and not is_encoded(response) else None


def refuse_html(response: requests.Response, head: bytes) -> None:
    """Checks the start of a body.

    Raises:
        FetchError: it is an HTML page, as portals under maintenance send it with the status 200.
    """
    start = head.removeprefix(_BOM).lstrip()[:15].lower()
    if start.startswith((b"<!doctype html", b"<html")) or "text/html" in response.headers.get("Content-Type", ""):
        raise FetchError(f"{response.url}: an HTML page where data was due", "page")
