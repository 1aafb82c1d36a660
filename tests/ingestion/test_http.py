"""The rules of the one HTTP client: hosts, HTTPS, pace, size, what is tried again, and what is refused in one line."""

from __future__ import annotations

import gzip
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from ingestion import http as client
from ingestion.http import ATTEMPTS, USER_AGENT, FetchError, HostMemory, HttpClient, NotReachedError
from tests.fakes import server as fault
from tests.fakes.server import FakeServer, Response, json_response, serve_file
from tests.ingestion.helpers import local_client, refusal

BODY = b"code;valeur\n" + b"31555;1\n" * 10_000
ETAG, MODIFIED = '"0123456789abcdef"', "Tue, 03 Feb 2026 04:05:06 GMT"


@pytest.fixture
def file_url(server: FakeServer) -> str:
    server.route("/fichier.csv", lambda r: serve_file(r, BODY, "text/csv", etag=ETAG, last_modified=MODIFIED))
    return f"{server.url}/fichier.csv"


@pytest.fixture
def json_url(server: FakeServer) -> str:
    server.route("/api", lambda r: json_response({"query": r.params, "texte": "é" * 200}))
    return f"{server.url}/api"


def test_json_is_asked_for_with_parameters_and_headers(server: FakeServer, http: HttpClient, json_url: str) -> None:
    answer = http.get_json(json_url, {"qs": 'filiere:"Gaz"', "size": 3}, {"Authorization": "Bearer test"})
    assert answer["query"] == {"qs": 'filiere:"Gaz"', "size": "3"}
    assert server.requests[0].headers["Authorization"] == "Bearer test"
    assert server.requests[0].headers["User-Agent"] == USER_AGENT


@pytest.mark.parametrize("trouble", [fault.cut(30), fault.no_answer, fault.status(500), fault.gzipped])
def test_an_answer_arrives_whole_whatever_happens_on_the_way(
    server: FakeServer, http: HttpClient, json_url: str, file_url: str, tmp_path: Path, trouble: fault.Fault
) -> None:
    server.inject(".*", trouble, None, trouble)
    assert http.get_json(json_url)["texte"] == "é" * 200
    download = http.download(file_url, tmp_path / "fichier.csv")
    assert download
    assert (download.path.read_bytes(), download.etag, download.last_modified) == (BODY, ETAG, MODIFIED)


# By case: the fault, the facts in the refusal, and how often is asked.
REFUSED: dict[str, tuple[fault.Fault, tuple[object, ...], int]] = {
    "cut each time": (fault.cut(30), ("a cut answer", f"{ATTEMPTS} attempts"), ATTEMPTS),
    "no answer": (fault.no_answer, ("no answer", f"{ATTEMPTS} attempts"), ATTEMPTS),
    "a page": (fault.html_page("application/json"), ("page",), 1),
    "an error of the client": (fault.status(404), ("HTTP 404",), 1),
    "a redirect to no address": (fault.redirected("https://[::1"), ("cannot be asked",), 1),
    "a ring of redirects": (fault.redirected("/api"), ("redirects",), 11),
    "another host": (fault.redirected("https://ailleurs.example.org/a.csv"), ("the host ailleurs.example.org",), 1),
    "another host behind a name": (fault.redirected("https://127.0.0.1@ailleurs.example.org/"), ("ailleurs",), 1),
    "plain HTTP": (fault.redirected("http://portail.example.org/a.csv"), ("only HTTPS",), 1),
}


@pytest.mark.parametrize(("trouble", "facts", "asked"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("path", ["/api", "/fichier.csv"])
def test_a_refusal_is_one_line_with_its_address(
    server: FakeServer, json_url: str, file_url: str, tmp_path: Path,
    path: str, trouble: fault.Fault, facts: tuple[object, ...], asked: int,
) -> None:  # fmt: skip
    hosts = frozenset({"127.0.0.1", "portail.example.org"})
    http = HttpClient(hosts, insecure_loopback=True, memory=HostMemory(), sleep=lambda _: None)
    server.inject_always(".*", trouble)
    with refusal("http", *facts):
        http.get_json(json_url) if path == "/api" else http.download(file_url, tmp_path / "fichier.csv")
    assert len(server.requests) == asked


@pytest.mark.parametrize("marks", [{"etag": ETAG}, {"last_modified": MODIFIED}])
def test_an_unchanged_file_is_not_downloaded(
    server: FakeServer, http: HttpClient, file_url: str, tmp_path: Path, marks: dict[str, str]
) -> None:
    assert http.download(file_url, tmp_path / "fichier.csv", **marks) is None  # type: ignore[arg-type]
    assert not (tmp_path / "fichier.csv").exists()
    server.inject("/fichier.csv", fault.status(304))
    with refusal(file_url, "HTTP 304 to a request without conditions"):
        http.download(file_url, tmp_path / "fichier.csv")


def test_a_file_is_neither_too_small_nor_too_large(
    server: FakeServer, http: HttpClient, file_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is of what is unpacked: a small answer may unpack without end."""
    with refusal(file_url, len(BODY), "expected at least"):
        http.download(file_url, tmp_path / "fichier.csv", size_floor=len(BODY) + 1)
    monkeypatch.setattr(client, "MAX_FILE_BYTES", 1000)
    assert len(gzip.compress(BODY)) < 1000
    server.inject("/fichier.csv", fault.gzipped)
    with refusal(file_url, "more than 1000 bytes"):
        http.download(file_url, tmp_path / "fichier.csv")


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [("3", 3.0), (None, 1.0), ("soon", 1.0), ("Mon, 30 Nov 99999 00:00:00 GMT", 1.0), ("in 30 s", 30.0)],
)
def test_a_host_is_waited_for_as_it_asks(
    server: FakeServer, http: HttpClient, json_url: str, sleeps: list[float], retry_after: str | None, expected: float
) -> None:
    if retry_after == "in 30 s":
        retry_after = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    server.inject("/api", fault.status(429, retry_after=retry_after))
    http.get_json(json_url)
    assert sleeps == [pytest.approx(expected, abs=2 if expected == 30 else 0)]


@pytest.mark.parametrize("retry_after", ["3600", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_host_that_wants_a_long_pause_is_left_alone_by_all_clients(
    server: FakeServer, json_url: str, retry_after: str
) -> None:
    memory = HostMemory()
    server.inject("/api", fault.status(429, retry_after=retry_after))
    for facts in ("HTTP 429", "pause"), ("not called again before",):
        with refusal(json_url, *facts, kind=NotReachedError):
            local_client(memory=memory).get_json(json_url)
    assert len(server.requests) == 1
    assert local_client().get_json(json_url)["query"] == {}


def test_a_host_that_accepts_no_connection_is_not_asked_by_the_next_dataset(sleeps: list[float]) -> None:
    with FakeServer() as gone:
        url = f"{gone.url}/api"
    memory = HostMemory()
    for facts in ("no answer", f"{ATTEMPTS} attempts"), ("not called again before",):
        with refusal(url, *facts, kind=NotReachedError):
            local_client(memory=memory, sleep=sleeps.append).get_json(url)
    assert sleeps == [1.0, 2.0, 4.0, 8.0]


def test_the_pace_of_a_host_is_kept(json_url: str, sleeps: list[float]) -> None:
    http = local_client(sleep=sleeps.append, host_intervals={"127.0.0.1": 30.0})
    http.get_json(json_url)
    http.get_json(json_url)
    assert sleeps == [pytest.approx(30, abs=3)]


def test_hosts_that_accept_no_connection_are_found(server: FakeServer, http: HttpClient, sleeps: list[float]) -> None:
    with FakeServer() as gone:
        absent = f"{gone.url}/"
    with FakeServer() as mute:
        mute.inject_always("/", fault.no_answer)
        assert http.unreachable([f"{server.url}/", f"{mute.url}/", absent]) == {absent}
    assert sleeps == [0.0, 5.0, 10.0]


def test_what_is_posted_is_not_sent_on(server: FakeServer, http: HttpClient, json_url: str) -> None:
    server.route("/load", lambda r: fault.redirect(json_url), method="POST")
    with pytest.raises(FetchError, match="HTTP 302"):
        http.post_json(f"{server.url}/load", {})
    assert len(server.requests) == 1


def test_a_token_does_not_follow_a_redirect_to_another_host(server: FakeServer, http: HttpClient) -> None:
    with FakeServer() as other:
        other.route("/api", lambda r: json_response({}))
        server.route("/r", lambda r: fault.redirect(f"{other.url}/api"))
        http.get_json(f"{server.url}/r", headers={"Authorization": "Bearer test"})
        assert "Authorization" not in other.requests[0].headers


def test_plain_http_to_this_machine_needs_the_permission(server: FakeServer, json_url: str) -> None:
    with refusal(json_url, "HTTPS"):
        local_client(insecure_loopback=False).get_json(json_url)
    assert server.requests == []


def test_a_certificate_that_nobody_signed_is_refused(http: HttpClient, tmp_path: Path) -> None:
    named = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*made, *named], cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with FakeServer(context) as server, refusal(server.url, "certificate"):
        http.get_json(f"{server.url}/api")
    assert server.requests == []


def test_progress_tells_bytes_and_total(file_url: str, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    local_client(progress=lambda done, total: seen.append((done, total))).download(file_url, tmp_path / "fichier.csv")
    assert seen[-1] == (len(BODY), len(BODY))


def test_an_unchecked_answer_is_kept_as_it_was_written(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    content = "\ufeffnom;valeur\nDépartement;1\n".encode() * 20
    server.route("/x.csv", lambda r: Response(200, content, {"Content-Type": "text/csv; charset=latin-1"}))
    http.download(f"{server.url}/x.csv", tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == content
