"""The one HTTP client: verified HTTPS, hosts of the catalogue only, retries, conditional and resumed downloads."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from itertools import chain
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from ingestion.partial_file import PartialFile

TIMEOUT = (10, 60)
ATTEMPTS = 5
MAX_WAIT = 60.0
SILENT_SECONDS = 120.0
SILENT_HOSTS = 3
# a host that does not answer is greeted again after these pauses, with a short patience each time
GREETING_PAUSES = (0.0, 5.0, 10.0)
GREETING_TIMEOUT = (10, 15)
USER_AGENT = f"Mozilla/5.0 (compatible; leviers/{version('leviers')}; open data warehouse of ecological planning)"
# a body that brings less than this in so many seconds is cut
SLOW_SECONDS = 60.0
SLOW_BYTES = 60_000
MAX_JSON_BYTES = 1 << 28
MAX_COMPRESSION_RATIO = 200
# a download that was cut goes on as long as each round of attempts brings this much
PROGRESS_BYTES = 1 << 20
_RETRIED = {408, 425, 429, 500, 502, 503, 504}
_UNAUTHORIZED = 401
_NOT_MODIFIED = 304
_RANGE_NOT_SATISFIABLE = 416
_ANYWHERE = ""
_NO_ANSWER = (requests.ConnectionError, requests.Timeout)
_CUT = (urllib3.exceptions.HTTPError, OSError)
_CHUNK = 1 << 18
_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
_BOM = b"\xef\xbb\xbf"

T = TypeVar("T")
Params = Mapping[str, str | int] | Sequence[tuple[str, str | int]]
Progress = Callable[[int, int | None], None]
# unreachable: no connection; silent: a connection, and no answer
Greeting = Literal["answers", "silent", "unreachable"]


class FetchError(Exception):
    """A download that did not give the data: one line with the address and what was found."""


class NotReachedError(FetchError):
    """The portal did not answer, or not now: nothing is known of the data."""


class UnauthorizedError(FetchError):
    """The host wants to know who asks, and does not accept the answer (HTTP 401)."""


class _RetryableError(Exception):
    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Download:
    """A file that a portal delivered, not yet in the snapshot store."""

    path: Path
    file_name: str
    url: str
    vintage: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class HttpClient:
    """A session that goes to the allowed hosts only.

    ``insecure_loopback`` admits plain HTTP to 127.0.0.1, for a local server. ``now`` is the clock by which a portal's
    announcement is of the future. ``min_interval`` is the least time in
    seconds between two calls to one host, ``host_intervals`` a longer one for some hosts. ``progress`` is called with
    the bytes received and the bytes announced. ``parts`` is a folder for unfinished downloads that outlives the
    process.

    A host that has been silent for ``SILENT_SECONDS`` is asked once per call until it answers; so is any host where
    ``SILENT_HOSTS`` of them are and none answered in that time. One that wants no call for longer than ``MAX_WAIT``, by
    ``Retry-After`` or a used up quota, gets none until then.
    """

    _last_call: ClassVar[dict[str, float]] = {}
    _closed_until: ClassVar[dict[str, float]] = {}
    _silent_since: ClassVar[dict[str, float]] = {}

    def __init__(
        self,
        hosts: frozenset[str],
        *,
        insecure_loopback: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        min_interval: float = 0.0,
        host_intervals: Mapping[str, float] | None = None,
        progress: Progress | None = None,
        parts: Path | None = None,
    ) -> None:
        self.sleep = sleep
        self.now = now
        self._parts = parts
        self._progress = progress
        self._hosts = hosts
        self._insecure_loopback = insecure_loopback
        self._min_interval = min_interval
        self._host_intervals = host_intervals or {}
        self._session = requests.Session()
        self._session.headers["User-Agent"] = USER_AGENT
        self.notes: list[str] = []
        self._received: list[PartialFile] = []

    def greet(self, urls: Iterable[str]) -> dict[str, Greeting]:
        """How each host takes a first question, whatever it is asked later; all are asked at once.

        This takes no longer than the pauses and the patience of ``GREETING_*`` add up to.
        """
        greetings: dict[str, Greeting] = dict.fromkeys(urls, "unreachable")
        for pause in GREETING_PAUSES:
            if again := [url for url, greeting in greetings.items() if greeting != "answers"]:
                self.sleep(pause)
                with ThreadPool(len(again)) as pool:
                    greetings |= zip(again, pool.map(self._greet, again), strict=True)
        return greetings

    def _greet(self, url: str) -> Greeting:
        try:
            self._check(url)
            requests.head(url, headers={"User-Agent": USER_AGENT}, timeout=GREETING_TIMEOUT, allow_redirects=False)
        except requests.ConnectTimeout:
            return "unreachable"
        except (requests.ReadTimeout, requests.exceptions.ChunkedEncodingError):
            return "silent"
        except requests.ConnectionError as error:
            cut = error.args and isinstance(error.args[0], urllib3.exceptions.ProtocolError)
            return "silent" if cut else "unreachable"
        except (requests.RequestException, FetchError):
            return "unreachable"
        return "answers"

    def get_json(self, url: str, params: Params | None = None, headers: Mapping[str, str] | None = None) -> Any:
        """A JSON answer.

        Raises:
            FetchError: refused host, HTTP error after the retries, or no JSON.
        """
        return self.get_page(url, params, headers)[1]

    def get_page(
        self, url: str, params: Params | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """The status and the JSON of an answer, for portals that say with the status whether more follows.

        Raises:
            FetchError: as ``get_json``.
        """
        return self._json("GET", url, params=params, headers=headers)

    def post_json(self, url: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON answer to a JSON question.

        Raises:
            FetchError: as ``get_json``.
        """
        return self._json("POST", url, headers=headers, body=body)[1]

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
    ) -> Download | None:
        """Downloads to ``target``; None when the server says that nothing changed (304).

        A cut connection resumes where it stopped when the server accepts ranges and the file is still the same; with
        a folder of ``parts`` so does a process that was killed, where the server tells the version of the file.

        Raises:
            FetchError: refused host, HTTP error after the retries, an HTML page, 304 to a request without conditions,
                or fewer bytes than ``size_floor``.
        """
        part = PartialFile(self._parts or target.parent, full_url(url, params))
        asked = base = 0
        resumed = ranges_refused = False

        def attempt() -> Download | None:
            nonlocal asked, base, resumed, ranges_refused
            asked += 1
            whole = part.is_whole
            # the last attempt of a round that brought nothing does without a range: it may be what the server refuses
            refused = ranges_refused or (1 < asked == ATTEMPTS and part.size == base)
            done = part.size if part.is_resumable and not whole and not refused else 0
            if done:
                conditions = {"Range": f"bytes={done}-"} | ({"If-Range": part.validator} if part.validator else {})
            else:
                conditions = _conditions(part.etag, part.last_modified) if whole else _conditions(etag, last_modified)
            try:
                response = self._request("GET", url, params=params, headers={**(headers or {}), **conditions})
            except FetchError as error:
                if isinstance(error, NotReachedError) or not done:
                    raise
                ranges_refused = True
                raise _RetryableError(str(error)) from error
            with closing(response):
                if response.status_code == _NOT_MODIFIED:
                    if not conditions:
                        raise FetchError(f"{response.url}: HTTP 304 to a request without conditions")
                    ranges_refused = done > 0
                    if ranges_refused:
                        raise _RetryableError(f"{response.url}: HTTP 304 to a request for the rest of a file")
                    return _delivered(target, response, part) if whole else None
                resumed = done > 0 and response.status_code == 206
                if response.status_code == _RANGE_NOT_SATISFIABLE or (resumed and not _continues(response, done, part)):
                    part.discard()
                    raise _RetryableError(f"{response.url}: {done} bytes received, and the rest is not to be had")
                base = base if resumed else 0
                self._receive(response, part, resumed=resumed)
                return _delivered(target, response, part)

        while True:
            asked, base = 0, part.size
            try:
                result = self._retry(attempt)
                break
            except NotReachedError:
                if not resumed or part.size < base + PROGRESS_BYTES:
                    raise
        if result is None:
            return None
        if (size := part.size) < size_floor:
            part.discard()
            raise FetchError(f"{result.url}: {size} bytes, expected at least {size_floor}")
        part.put(target, keep=self._parts is not None and part.is_whole)
        self._received.append(part)
        return result

    def forget_parts(self) -> None:
        """Removes what would spare the next process the files of this one: they are stored."""
        while self._received:
            self._received.pop().discard()

    def peek(
        self, url: str, params: Params | None = None, size: int = 1 << 16, headers: Mapping[str, str] | None = None
    ) -> tuple[bytes, int | None]:
        """The first bytes of a file, and its announced size.

        Raises:
            FetchError: as ``download``.
        """

        def attempt() -> tuple[bytes, int | None]:
            with closing(self._request("GET", url, params=params, headers=headers)) as response:
                head = b""
                for chunk in _body(response):
                    head += chunk
                    if len(head) >= size:
                        break
                _refuse_html(response, head)
                return head[:size], _announced_size(response)

        return self._retry(attempt)

    def report(self, done: int, total: int | None = None) -> None:
        """Tells the progress of a file that is written from pages."""
        if self._progress:
            self._progress(done, total)

    def note(self, text: str) -> None:
        """Keeps what a portal has to tell a person that is no failure."""
        self.notes.append(text)

    def _json(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> tuple[int, Any]:
        def attempt() -> tuple[int, Any]:
            content = bytearray()
            with closing(self._request(method, url, params=params, headers=headers, body=body)) as response:
                for chunk in _body(response):
                    content += chunk
                    if len(content) > MAX_JSON_BYTES:
                        raise FetchError(f"{response.url}: an answer of more than {MAX_JSON_BYTES} bytes")
            if content.lstrip()[:1] == b"<" or "text/html" in response.headers.get("Content-Type", ""):
                raise FetchError(f"{response.url}: a page of markup where JSON was expected")
            try:
                return response.status_code, json.loads(content)
            except ValueError as error:
                raise _RetryableError(f"{response.url}: the answer is no JSON (cut?): {error}") from error

        return self._retry(attempt)

    def _receive(self, response: requests.Response, part: PartialFile, *, resumed: bool) -> None:
        """Writes a body: the rest of the part, or a file that takes its place once it is known to be no page."""
        body = _body(response)
        first = next(body, b"")
        if not resumed:
            _refuse_html(response, first)
            part.start(*_marks(response), _announced_size(response))
        with part.path.open("ab") as file:
            self.report(file.tell(), part.expected)
            for chunk in chain([first], body):
                file.write(chunk)
                self.report(file.tell(), part.expected)
        if part.expected is not None and part.size != part.expected:
            raise _RetryableError(f"{response.url}: {part.size} of {part.expected} bytes received")

    def _request(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> requests.Response:
        """One request, redirects followed by hand so that each host is checked and a token stays with its host.

        The body is still to be read.
        """
        sent = dict(headers or {})
        for _ in range(10):
            self._check(url)
            self._pace(url)
            host = urlsplit(url).netloc
            try:
                response = self._session.request(
                    method,
                    url,
                    params=params,
                    headers=sent,
                    json=body,
                    stream=True,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
            except _NO_ANSWER as error:
                now = time.monotonic()
                own, common = (self._silent_since.setdefault(place, now) for place in (host, _ANYWHERE))
                is_common = len(self._silent_since.keys() - {_ANYWHERE}) >= SILENT_HOSTS
                silence = now - (min(own, common) if is_common else own)
                refused = NotReachedError if silence > SILENT_SECONDS else _RetryableError
                raise refused(f"{url}: no answer: {type(error).__name__}") from error
            except (requests.RequestException, ValueError) as error:
                raise FetchError(f"{url}: this or the address that it leads to cannot be asked: {error}") from error
            for place in (host, _ANYWHERE):
                self._silent_since.pop(place, None)
            self._note_quota(response)
            if response.is_redirect:
                response.close()
                params = None
                url = requests.compat.urljoin(response.url, response.headers["Location"])
                if method != "GET":
                    self._check(url)
                    raise FetchError(
                        f"{response.url}: HTTP {response.status_code} to {url}: what is posted is not sent on"
                    )
                if urlsplit(url).netloc != host:
                    sent.pop("Authorization", None)
                continue
            if response.status_code in _RETRIED:
                response.close()
                wait = _retry_after(response)
                if wait is not None and wait > MAX_WAIT:
                    self._closed_until[host] = time.time() + wait
                    self._pace(url)
                raise _RetryableError(f"{response.url}: HTTP {response.status_code}", wait)
            if response.status_code >= 300 and response.status_code not in (_NOT_MODIFIED, _RANGE_NOT_SATISFIABLE):
                response.close()
                kind = UnauthorizedError if response.status_code == _UNAUTHORIZED else FetchError
                raise kind(f"{response.url}: HTTP {response.status_code} {response.reason}")
            return response
        raise FetchError(f"{url}: more than 10 redirects")

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.hostname not in self._hosts:
            raise FetchError(f"{url}: the catalogue does not name the host {parts.hostname}")
        loopback = self._insecure_loopback and parts.hostname == "127.0.0.1"
        if parts.scheme != "https" and not loopback:
            raise FetchError(f"{url}: only HTTPS is allowed")

    def _pace(self, url: str) -> None:
        """Keeps the least interval between two calls to one host, by whichever client.

        Raises:
            NotReachedError: the host wants no call for a longer time.
        """
        closed = self._closed_until.get(urlsplit(url).netloc, 0.0)
        if closed > time.time() + MAX_WAIT:
            until = datetime.fromtimestamp(min(closed, _LATEST), UTC).isoformat(timespec="seconds")
            raise NotReachedError(f"{url}: the host wants no more calls before {until}")
        host = urlsplit(url).hostname or ""
        interval = max(self._min_interval, self._host_intervals.get(host, 0.0))
        wait = max(self._last_call.get(host, -interval) + interval - time.monotonic(), closed - time.time())
        if wait > 0:
            self.sleep(wait)
        self._last_call[host] = time.monotonic()

    def _note_quota(self, response: requests.Response) -> None:
        """Remembers that this was the last call that the host's quota allows."""
        if response.headers.get("X-RateLimit-Remaining") == "0":
            reset = _seconds_until(response.headers.get("X-RateLimit-Reset"))
            if reset is not None:
                self._closed_until[urlsplit(response.url).netloc] = time.time() + reset

    def _retry(self, attempt: Callable[[], T]) -> T:
        retrying = Retrying(
            retry=retry_if_exception_type(_RetryableError),
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            return retrying(attempt)
        except _RetryableError as error:
            raise NotReachedError(f"{error} ({ATTEMPTS} attempts)") from error


def full_url(url: str, params: Params | None = None) -> str:
    """The address with its parameters, as it is requested."""
    return requests.Request("GET", url, params=params).prepare().url or url


def _body(response: requests.Response) -> Iterator[bytes]:
    """The body as it comes, decompressed.

    Raises:
        _RetryableError: the connection is cut, or so slow that it would never end.
        FetchError: a small answer that unpacks without end.
    """
    since, recent, received = time.monotonic(), 0, 0
    try:
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            recent += len(chunk)
            received += len(chunk)
            if _is_encoded(response) and received > MAX_COMPRESSION_RATIO * max(response.raw.tell(), _CHUNK):
                raise FetchError(f"{response.url}: {response.raw.tell()} bytes unpack to {received} or more")
            yield chunk
            if time.monotonic() > since + SLOW_SECONDS:
                if recent < SLOW_BYTES:
                    raise _RetryableError(f"{response.url}: {recent} bytes in {SLOW_SECONDS:.0f} s, too slow")
                since, recent = time.monotonic(), 0
    except _CUT as error:
        raise _RetryableError(f"{response.url}: the connection was cut after {received} bytes") from error


def _is_encoded(response: requests.Response) -> bool:
    return response.headers.get("Content-Encoding", "identity") != "identity"


def _announced_size(response: requests.Response) -> int | None:
    """The size of the file on disk, where the answer tells it."""
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() and not _is_encoded(response) else None


def _marks(response: requests.Response) -> tuple[str | None, str | None]:
    """ETag and date of the version; none where the body comes compressed, as its ranges are not those of the file."""
    if _is_encoded(response):
        return None, None
    return response.headers.get("ETag"), response.headers.get("Last-Modified")


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in conditions.items() if value}


def _delivered(target: Path, response: requests.Response, part: PartialFile) -> Download:
    """The file, with the marks of its first answer where a later one, for the rest, has none."""
    return Download(
        path=target,
        file_name=target.name,
        url=response.url,
        etag=response.headers.get("ETag") or part.etag,
        last_modified=response.headers.get("Last-Modified") or part.last_modified,
    )


def _continues(response: requests.Response, done: int, part: PartialFile) -> bool:
    """Whether a partial answer starts where the file on disk ends, in a file of the same size and version."""
    etag, last_modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    other_tag = part.etag and part.etag != etag and (etag or part.etag == part.validator)
    other_date = part.last_modified and last_modified and part.last_modified != last_modified
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
    if _is_encoded(response) or other_tag or other_date or found is None or int(found[1]) != done:
        return False
    if part.expected is None and found[2] != "*":
        part.expected = int(found[2])
    return found[2] in ("*", str(part.expected))


def _refuse_html(response: requests.Response, head: bytes) -> None:
    start = head.removeprefix(_BOM).lstrip()[:15].lower()
    if start.startswith((b"<!doctype html", b"<html")) or "text/html" in response.headers.get("Content-Type", ""):
        raise FetchError(f"{response.url}: an HTML page where data was due")


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _RetryableError) and error.retry_after is not None:
        return min(error.retry_after, MAX_WAIT)
    return min(2.0 ** (state.attempt_number - 1), MAX_WAIT)


def _retry_after(response: requests.Response) -> float | None:
    """The seconds to wait, as told by ``Retry-After``, or by the quota of an Opendatasoft portal."""
    wait = _seconds_until(response.headers.get("Retry-After"), relative=True)
    return _seconds_until(response.headers.get("X-RateLimit-Reset")) if wait is None else wait


def _seconds_until(text: str | None, *, relative: bool = False) -> float | None:
    """The seconds to a time: a number (of seconds from now, or since 1970), an HTTP date or an ISO one."""
    for read in (float, _http_date, _iso_date):
        try:
            found = read(text or "")
        except (ValueError, OverflowError, TypeError):
            continue
        wait = found if relative and read is float else found - time.time()
        return None if math.isnan(wait) else max(0.0, wait)
    return None


def _http_date(text: str) -> float:
    return parsedate_to_datetime(text).timestamp()


def _iso_date(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
