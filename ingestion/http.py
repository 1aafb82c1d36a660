"""The one HTTP client: verified HTTPS, hosts of the catalogue only, retries, conditional and resumed downloads."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

TIMEOUT = (10, 60)
ATTEMPTS = 5
MAX_WAIT = 60.0
USER_AGENT = "leviers/0.1 (open data warehouse of ecological planning)"
_RETRIED = {408, 425, 429, 500, 502, 503, 504}
_CHUNK = 1 << 18

T = TypeVar("T")
Progress = Callable[[int, int | None], None]


class FetchError(Exception):
    """A download that did not give the data: one line with the address and what was found."""


class _Retry(Exception):
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

    ``insecure_loopback`` admits plain HTTP to 127.0.0.1, for a local server.
    """

    def __init__(
        self,
        hosts: frozenset[str],
        *,
        insecure_loopback: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        min_interval: float = 0.0,
        progress: Progress | None = None,
    ) -> None:
        self._hosts = hosts
        self._insecure_loopback = insecure_loopback
        self._sleep = sleep
        self._min_interval = min_interval
        self._last_call: dict[str, float] = {}
        self._progress = progress
        self._session = requests.Session()
        self._session.headers["User-Agent"] = USER_AGENT

    def get_json(
        self, url: str, params: Mapping[str, str | int] | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """A JSON answer.

        Raises:
            FetchError: refused host, HTTP error after the retries, or no JSON.
        """

        def attempt() -> Any:
            response = self._get(url, params=params, headers=headers)
            if "text/html" in response.headers.get("Content-Type", ""):
                raise FetchError(f"{response.url}: an HTML page where JSON was expected")
            try:
                return response.json()
            except requests.exceptions.JSONDecodeError as error:
                raise _Retry(f"{response.url}: the answer is no JSON (cut?): {error}") from error

        return self._retry(attempt)

    def download(
        self,
        url: str,
        target: Path,
        *,
        params: Mapping[str, str | int] | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        size_floor: int = 200,
    ) -> Download | None:
        """Downloads to ``target``; None when the server says that nothing changed (304).

        A cut connection resumes where it stopped when the server accepts ranges.

        Raises:
            FetchError: refused host, HTTP error after the retries, an HTML page, or fewer bytes than ``size_floor``.
        """
        conditions = {}
        if etag:
            conditions["If-None-Match"] = etag
        if last_modified:
            conditions["If-Modified-Since"] = last_modified
        target.unlink(missing_ok=True)

        def attempt() -> Download | None:
            done = target.stat().st_size if target.exists() else 0
            headers = {"Range": f"bytes={done}-"} if done else conditions
            response = self._get(url, params=params, headers=headers, stream=True)
            if response.status_code == 304:
                return None
            if "text/html" in response.headers.get("Content-Type", ""):
                raise FetchError(f"{response.url}: an HTML page where data was due")
            resumed = response.status_code == 206
            length = response.headers.get("Content-Length")
            encoded = response.headers.get("Content-Encoding")
            expected = int(length) + (done if resumed else 0) if length and not encoded else None
            self._write(response, target, append=resumed, expected=expected)
            return Download(
                path=target,
                file_name=target.name,
                url=response.url,
                etag=response.headers.get("ETag"),
                last_modified=response.headers.get("Last-Modified"),
            )

        result = self._retry(attempt)
        if result is not None:
            size = target.stat().st_size
            if size < size_floor:
                raise FetchError(f"{result.url}: {size} bytes, expected at least {size_floor}")
        return result

    def _write(self, response: requests.Response, target: Path, *, append: bool, expected: int | None) -> None:
        try:
            with target.open("ab" if append else "wb") as file:
                for chunk in response.iter_content(_CHUNK):
                    file.write(chunk)
                    if self._progress:
                        self._progress(file.tell(), expected)
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError, gzip.BadGzipFile) as error:
            raise _Retry(f"{response.url}: the connection was cut after {target.stat().st_size} bytes") from error
        size = target.stat().st_size
        if expected is not None and size < expected:
            raise _Retry(f"{response.url}: {size} of {expected} bytes received")

    def _get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None,
        headers: Mapping[str, str] | None,
        stream: bool = False,
    ) -> requests.Response:
        """One request, redirects followed by hand so that each host is checked."""
        for _ in range(10):
            self._check(url)
            self._pace(url)
            try:
                response = self._session.get(
                    url,
                    params=params,
                    headers=dict(headers or {}),
                    stream=stream,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
            except (requests.ConnectionError, requests.Timeout) as error:
                raise _Retry(f"{url}: no answer: {type(error).__name__}") from error
            if response.is_redirect:
                url, params = requests.compat.urljoin(response.url, response.headers["Location"]), None
                continue
            if response.status_code in _RETRIED:
                raise _Retry(f"{response.url}: HTTP {response.status_code}", _retry_after(response))
            if response.status_code >= 400:
                raise FetchError(f"{response.url}: HTTP {response.status_code} {response.reason}")
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
        """Keeps ``min_interval`` seconds between two calls to one host."""
        host = urlsplit(url).hostname or ""
        wait = self._last_call.get(host, 0.0) + self._min_interval - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._last_call[host] = time.monotonic()

    def _retry(self, attempt: Callable[[], T]) -> T:
        retrying = Retrying(
            retry=retry_if_exception_type(_Retry),
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(attempt)
        except _Retry as error:
            raise FetchError(f"{error} ({ATTEMPTS} attempts)") from error


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _Retry) and error.retry_after is not None:
        return min(error.retry_after, MAX_WAIT)
    return min(2.0 ** (state.attempt_number - 1), MAX_WAIT)


def _retry_after(response: requests.Response) -> float | None:
    text = response.headers.get("Retry-After")
    if not text:
        return None
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None
