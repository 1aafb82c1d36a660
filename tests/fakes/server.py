"""A web server on 127.0.0.1 with routes, a log of the requests, and faults that can be injected per request."""

from __future__ import annotations

import gzip
import json
import re
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from requests.structures import CaseInsensitiveDict

HTML_PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Service indisponible</body></html>"
NO_ANSWER = 0


@dataclass(frozen=True)
class Request:
    """A request as received. ``query`` keeps order and repetitions, ``params`` the last value of each name."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def params(self) -> dict[str, str]:
        return dict(self.query)

    def integer(self, name: str, default: int) -> int:
        return int(self.params.get(name, default))


@dataclass(frozen=True)
class Response:
    """An answer. ``cut`` ends the connection after that many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None

    def with_headers(self, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


Handler = Callable[..., Response]
Fault = Callable[[Request, Response], Response]


def json_response(content: object, status: int = 200) -> Response:
    body = json.dumps(content, ensure_ascii=False).encode()
    return Response(status, body, {"Content-Type": "application/json; charset=utf-8"})


def text_response(text: str, content_type: str, status: int = 200) -> Response:
    return Response(status, text.encode(), {"Content-Type": f"{content_type}; charset=utf-8"})


def redirect(location: str, status: int = 302) -> Response:
    return Response(status, b"", {"Location": location})


def serve_file(
    request: Request,
    body: bytes,
    content_type: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
) -> Response:
    """A file as a web server gives it: 304 on a matching condition."""
    headers = {"Content-Type": content_type}
    if etag:
        headers["ETag"] = etag
    if last_modified:
        headers["Last-Modified"] = last_modified
    if (etag and request.headers.get("If-None-Match") == etag) or (
        last_modified
        and "If-None-Match" not in request.headers
        and request.headers.get("If-Modified-Since") == last_modified
    ):
        return Response(304, b"", headers)
    return Response(200, body, headers)


def status(code: int, *, retry_after: str | None = None) -> Fault:
    """The request fails with this status."""
    headers = {"Content-Type": "text/plain"} | ({"Retry-After": retry_after} if retry_after else {})
    return lambda request, response: Response(code, b"", headers)


def no_answer(request: Request, response: Response) -> Response:
    """The connection ends before any answer."""
    return replace(response, status=NO_ANSWER)


def cut(after: int) -> Fault:
    """The connection ends after ``after`` bytes of the body."""
    return lambda request, response: replace(response, cut=after)


def html_page(content_type: str = "text/html; charset=utf-8") -> Fault:
    """A page for people, with status 200."""
    return lambda request, response: Response(200, HTML_PAGE, {"Content-Type": content_type})


def gzipped(request: Request, response: Response) -> Response:
    """The body is compressed in transit, as any server may do for a client that accepts it."""
    compressed = gzip.compress(response.body, mtime=0)
    return replace(response, body=compressed).with_headers(Content_Encoding="gzip")


def with_bom(request: Request, response: Response) -> Response:
    return replace(response, body=b"\xef\xbb\xbf" + response.body)


def latin1(request: Request, response: Response) -> Response:
    return replace(response, body=response.body.decode().encode("latin-1"))


def redirected(location: str) -> Fault:
    return lambda request, response: redirect(location)


def edited_json(edit: Callable[[Any], Any]) -> Fault:
    """The JSON answer as ``edit`` leaves it: a loop, a repeated page, another total."""

    def fault(request: Request, response: Response) -> Response:
        content = json.loads(response.body)
        changed = edit(content)
        return replace(response, body=json.dumps(content if changed is None else changed).encode())

    return fault


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""
        if not isinstance(sys.exc_info()[1], ConnectionError | ssl.SSLError):
            super().handle_error(request, client_address)


class FakeServer:
    """Routes are tried in the order in which they were added; the groups of a pattern go to the handler."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self.faults: list[tuple[re.Pattern[str], list[Fault | None]]] = []
        self._lock = threading.Lock()
        self._http = _Server(("127.0.0.1", 0), self._handler_class())
        self._http.daemon_threads = True
        self._scheme = "https" if tls else "http"
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self._is_open = True
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_open = False
        with socket.create_connection(("127.0.0.1", self._http.server_port)):
            self._thread.join()
        self._http.server_close()

    def _serve(self) -> None:
        """Until the connection that ends it: sixty servers that look every few milliseconds take a tenth of a core."""
        while self._is_open:
            self._http.handle_request()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._http.server_port}"

    def route(self, pattern: str, handler: Handler, *, method: str = "GET") -> None:
        """``pattern`` is a regular expression of the whole path."""
        self.routes.append((method, re.compile(pattern), handler))

    def inject(self, pattern: str, *faults: Fault | None) -> None:
        """The next requests whose path matches get these faults, one each; None leaves a request as it is."""
        self.faults.append((re.compile(pattern), list(faults)))

    def inject_always(self, pattern: str, fault: Fault) -> None:
        self.faults.append((re.compile(pattern), [fault] * 1000))

    def calls(self, pattern: str) -> list[Request]:
        """The requests received so far whose path matches."""
        return [request for request in self.requests if re.search(pattern, request.path)]

    def link(self, request: Request, **changes: str | int) -> str:
        """The address of ``request`` with other parameters, for the link to a next page."""
        names = {name: str(value) for name, value in changes.items()}
        kept = [(name, value) for name, value in request.query if name not in names]
        return f"{self.url}{request.path}?{urlencode([*kept, *names.items()])}"

    def answer(self, request: Request) -> Response:
        with self._lock:
            self.requests.append(request)
            fault = self._next_fault(request.path)
        response = self._routed(request)
        return fault(request, response) if fault else response

    def _routed(self, request: Request) -> Response:
        for method, pattern, handler in self.routes:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                return handler(request, *match.groups())
        return json_response({"message": f"no route for {request.method} {request.path}"}, 404)

    def _next_fault(self, path: str) -> Fault | None:
        for pattern, faults in self.faults:
            if faults and pattern.search(path):
                return faults.pop(0)
        return None

    def _handler_class(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = tuple(parse_qsl(parts.query, keep_blank_values=True))
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = CaseInsensitiveDict(self.headers.items())
                request = Request(self.command, unquote(parts.path), query, headers, body)
                _send(self, server.answer(request))

            do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815 - as the library calls them

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return _Handler


def _send(handler: BaseHTTPRequestHandler, response: Response) -> None:
    if response.status == NO_ANSWER:
        handler.close_connection = True
        return
    handler.send_response(response.status)
    for name, value in response.headers.items():
        handler.send_header(name, value)
    if response.status != 304:
        handler.send_header("Content-Length", str(len(response.body)))
    if response.cut is not None:
        handler.send_header("Connection", "close")
        handler.close_connection = True
    handler.end_headers()
    if handler.command == "HEAD":
        return
    with suppress(BrokenPipeError, ConnectionResetError):
        handler.wfile.write(response.body[: response.cut])
