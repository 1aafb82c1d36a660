from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from ingestion.http import (
    ATTEMPTS,
    USER_AGENT,
    Download,
    FetchError,
    HostMemory,
    HttpClient,
    NotReachedError,
    Progress,
    client,
    policy,
    session,
    transfer,
)
from ingestion.http.connection import connections
from ingestion.http.policy import HostRules
from ingestion.partial_file import PartialFile
from tests.fakes import server as fault
from tests.fakes.server import FakeServer, Request, Response, json_response, serve_file
from tests.ingestion.helpers import local_client, refusal

CHUNK = 1 << 18
BODY = b"".join(b"%08d;Commune Test\n" % number for number in range(3 * CHUNK // 21))
ETAG = '"0123456789abcdef"'
MODIFIED = "Tue, 03 Feb 2026 04:05:06 GMT"


class _KilledError(BaseException):
    pass


def _killed(done: int, total: int | None) -> None:
    if done >= CHUNK:
        raise _KilledError


def _client(parts: Path, progress: Progress | None = None) -> HttpClient:
    parts.mkdir(exist_ok=True)
    return local_client(sleep=lambda _: None, parts=parts, progress=progress)


Whole = Callable[..., Download]


def _whole(http: HttpClient, folder: Path) -> Whole:
    def whole(url: str, body: bytes = BODY, **asked: Any) -> Download:
        download = http.download(url, folder / "fichier.csv", **asked)
        assert download is not None
        assert download.path.read_bytes() == body
        return download

    return whole


@pytest.fixture
def whole(http: HttpClient, tmp_path: Path) -> Whole:
    """Downloads a file; its whole body arrives."""
    return _whole(http, tmp_path)


@pytest.fixture
def again(tmp_path: Path) -> Whole:
    """Downloads the file in another process, on the parts that the one before it left."""
    return _whole(_client(tmp_path / "parts"), tmp_path)


@pytest.fixture
def killed(tmp_path: Path) -> Callable[..., None]:
    """Starts a download in a process that dies of it."""

    def start(url: str, **asked: Any) -> None:
        with pytest.raises(_KilledError):
            _client(tmp_path / "parts", _killed).download(url, tmp_path / "killed.csv", **asked)

    return start


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


@pytest.mark.parametrize("misbehaviour", [fault.cut(30), fault.wrong_length(+10), fault.status(500)])
def test_json_is_asked_again(
    server: FakeServer, http: HttpClient, json_url: str, sleeps: list[float], misbehaviour: fault.Fault
) -> None:
    server.inject("/api", misbehaviour)
    assert http.get_json(json_url)["texte"] == "é" * 200
    assert sleeps == [1.0]


# By case: whether a file is asked for, or JSON; the fault, the facts in the refusal, and how often it is asked.
REFUSED: dict[str, tuple[bool, fault.Fault, tuple[object, ...], int]] = {
    "cut each time": (False, fault.cut(30), (f"{ATTEMPTS} attempts",), ATTEMPTS),
    "a page": (False, fault.html_page(), ("JSON",), 1),
    "a page as JSON": (False, fault.html_page("application/json"), ("JSON",), 1),
    "an error of the client": (False, fault.status(404), ("HTTP 404",), 1),
    "a redirect to no address": (False, fault.redirected("https://[::1"), ("cannot be asked",), 1),
    "a ring of redirects": (False, fault.redirected("/api"), ("redirects",), session.MAX_REDIRECTS),
    "a file that gets no further": (True, fault.cut(20_000), ("cut after 20000 bytes",), ATTEMPTS),
    "a file that is always too short": (True, fault.wrong_length(+50), ("cut", f"{ATTEMPTS} attempts"), ATTEMPTS),
    "a page in the place of a file": (True, fault.html_page(), ("HTML",), 1),
    "a file as of before, which nobody has": (True, fault.status(304), ("HTTP 304",), 1),
}


@pytest.mark.parametrize(("is_file", "trouble", "facts", "asked"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_of_http_is_told(
    server: FakeServer, http: HttpClient, json_url: str, file_url: str, tmp_path: Path,
    is_file: bool, trouble: fault.Fault, facts: tuple[object, ...], asked: int,
) -> None:  # fmt: skip
    server.inject_always(".*", trouble)
    with refusal(file_url if is_file else json_url, *facts):
        http.download(file_url, tmp_path / "fichier.csv") if is_file else http.get_json(json_url)
    assert len(server.requests) == asked


def test_json_with_a_bom_is_read(server: FakeServer, http: HttpClient, json_url: str) -> None:
    server.inject("/api", fault.with_bom)
    assert http.get_json(json_url)["texte"] == "é" * 200


@pytest.mark.parametrize("marks", [(ETAG, None), (None, MODIFIED), (ETAG, MODIFIED)])
def test_an_unchanged_file_is_not_downloaded(
    http: HttpClient, file_url: str, tmp_path: Path, marks: tuple[str | None, str | None]
) -> None:
    assert http.download(file_url, tmp_path / "fichier.csv", etag=marks[0], last_modified=marks[1]) is None
    assert not (tmp_path / "fichier.csv").exists()


def test_cut_download_resumes_where_it_stopped(whole: Whole, server: FakeServer, file_url: str) -> None:
    server.inject("/fichier.csv", fault.cut(CHUNK + 10), fault.cut(CHUNK + 10))
    whole(file_url)
    ranges = [request.headers.get("Range") for request in server.requests]
    assert ranges == [None, f"bytes={CHUNK + 10}-", f"bytes={2 * CHUNK + 20}-"]
    assert {request.headers.get("If-Range") for request in server.requests[1:]} == {ETAG}


def test_a_part_of_a_killed_process_is_not_asked_again(server: FakeServer, file_url: str, tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    with pytest.raises(_KilledError):
        _client(parts, _killed).download(file_url, tmp_path / "first.csv")
    http = _client(parts)
    download = http.download(file_url, tmp_path / "second.csv")
    assert download is not None
    assert (download.path.read_bytes(), download.file_name, download.etag) == (BODY, "second.csv", ETAG)
    done = int(str(server.requests[1].headers["Range"]).removeprefix("bytes=").removesuffix("-"))
    assert CHUNK <= done < len(BODY)
    assert server.requests[1].headers["If-Range"] == ETAG
    http.forget_parts()
    assert list(parts.iterdir()) == []


def test_a_whole_file_of_a_killed_process_is_only_asked_whether_it_changed(server: FakeServer, tmp_path: Path) -> None:
    versions = [(BODY, ETAG)]
    server.route("/fichier.csv", lambda r: serve_file(r, versions[0][0], "text/csv", etag=versions[0][1]))
    url, parts = f"{server.url}/fichier.csv", tmp_path / "parts"
    _client(parts).download(url, tmp_path / "first.csv")
    again = _client(parts).download(url, tmp_path / "second.csv", etag='"of an older edition"')
    assert again is not None
    assert (again.path.read_bytes(), again.file_name, again.etag) == (BODY, "second.csv", ETAG)
    assert server.requests[1].headers["If-None-Match"] == ETAG
    versions[0] = (BODY.upper(), '"newer"')
    newer = _client(parts).download(url, tmp_path / "third.csv")
    assert newer is not None
    assert (newer.path.read_bytes(), newer.etag) == (BODY.upper(), '"newer"')
    assert again.path.read_bytes() == BODY


@pytest.mark.parametrize(("code", "asked"), [(304, 1), (403, 1), (404, 1), (500, ATTEMPTS - 1), (501, 1)])
def test_a_range_that_the_server_refuses_does_not_cost_the_file(
    again: Whole, killed: Callable[..., None], server: FakeServer, file_url: str, code: int, asked: int
) -> None:
    def refused(request: Request, response: Response) -> Response:
        return Response(code) if "Range" in request.headers else response

    killed(file_url)
    server.inject_always("/fichier.csv", refused)
    again(file_url)
    assert ["Range" in request.headers for request in server.requests] == [False, *[True] * asked, False]


def test_a_page_of_maintenance_does_not_take_the_place_of_a_part(
    again: Whole, killed: Callable[..., None], server: FakeServer, file_url: str, tmp_path: Path
) -> None:
    killed(file_url)
    server.inject("/fichier.csv", fault.html_page())
    with pytest.raises(FetchError, match="HTML page"):
        _client(tmp_path / "parts").download(file_url, tmp_path / "fichier.csv")
    again(file_url)
    assert server.requests[1].headers["Range"] == server.requests[2].headers["Range"]


def test_a_part_that_cannot_be_resumed_is_not_kept(server: FakeServer, tmp_path: Path) -> None:
    server.route("/export", lambda r: serve_file(r, BODY, "text/csv"))
    _client(tmp_path / "parts").download(f"{server.url}/export", tmp_path / "fichier.csv")
    assert list((tmp_path / "parts").iterdir()) == []


def test_each_set_of_parameters_has_a_part_of_its_own(
    again: Whole, killed: Callable[..., None], server: FakeServer
) -> None:
    bodies = {"1": BODY, "2": BODY.upper()}
    server.route("/export", lambda r: serve_file(r, bodies[r.params["page"]], "text/csv", last_modified=MODIFIED))
    killed(f"{server.url}/export", params={"page": 1})
    again(f"{server.url}/export", BODY.upper(), params={"page": 2})


def test_a_part_that_was_begun_anew_forgets_its_marks(tmp_path: Path) -> None:
    part = PartialFile(tmp_path, "https://portail.example.org/a.csv")
    part.start(ETAG, None, 24)
    part.path.write_bytes(b"older")
    part.start(None, None, None)
    part.path.write_bytes(b"newer, of no known version")
    noted = PartialFile(tmp_path, "https://portail.example.org/a.csv")
    assert (noted.validator, noted.size, noted.is_resumable) == (None, 0, False)


@pytest.mark.parametrize("note", ["", "null", "[]", "{}", '{"etag": '])
def test_a_damaged_note_of_a_part_is_no_note(tmp_path: Path, note: str) -> None:
    part = PartialFile(tmp_path, "https://portail.example.org/a.csv")
    part.start(ETAG, None, 24)
    part.path.with_suffix(".json").write_text(note)
    assert not PartialFile(tmp_path, "https://portail.example.org/a.csv").is_resumable


def test_a_part_longer_than_the_new_file_is_dropped(
    again: Whole, killed: Callable[..., None], server: FakeServer
) -> None:
    """The server ignores the condition, so the range begins behind the end of the new file."""
    versions = [BODY]
    short = BODY[:100_000]
    server.route("/fichier.csv", lambda r: serve_file(r, versions[0], "text/csv", last_modified=MODIFIED))
    killed(f"{server.url}/fichier.csv")
    versions[0] = short
    again(f"{server.url}/fichier.csv", short)


def test_progress_is_counted_anew_for_a_new_version(
    again: Whole, killed: Callable[..., None], server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "PROGRESS_BYTES", 50_000)
    versions = [(BODY, '"long"'), (BODY[:200_000], '"short"')]
    server.route("/fichier.csv", lambda r: serve_file(r, versions[0][0], "text/csv", etag=versions[0][1]))
    killed(f"{server.url}/fichier.csv")
    versions.pop(0)
    server.inject("/fichier.csv", *[fault.cut(20_000)] * (ATTEMPTS + 2))
    again(f"{server.url}/fichier.csv", BODY[:200_000])


def test_a_part_of_an_older_version_is_dropped(again: Whole, killed: Callable[..., None], server: FakeServer) -> None:
    versions = [(BODY, '"first"'), (BODY.upper(), '"second"')]
    server.route("/mouvant.csv", lambda r: serve_file(r, versions[0][0], "text/csv", etag=versions[0][1]))
    killed(f"{server.url}/mouvant.csv")
    versions.pop(0)
    download = again(f"{server.url}/mouvant.csv", BODY.upper())
    assert download.etag == '"second"'


@pytest.mark.parametrize("served", ["without version", "compressed"])
def test_a_part_without_a_version_is_not_taken_up_again(
    again: Whole, killed: Callable[..., None], server: FakeServer, served: str
) -> None:
    etag = None if served == "without version" else ETAG
    server.route("/fichier.csv", lambda r: serve_file(r, BODY, "text/csv", etag=etag))
    if served == "compressed":
        server.inject_always("/fichier.csv", fault.gzipped)
    url = f"{server.url}/fichier.csv"
    killed(url)
    again(url)
    assert [request.headers.get("Range") for request in server.requests] == [None, None]


def test_a_host_that_has_long_been_silent_is_asked_once_until_it_answers(
    server: FakeServer, http: HttpClient, file_url: str, sleeps: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.inject("/fichier.csv", *[fault.no_answer] * (2 * ATTEMPTS + 1))
    for _ in range(2):
        with pytest.raises(NotReachedError, match=f"{ATTEMPTS} attempts"):
            http.peek(file_url)
    waited = len(sleeps)
    time.sleep(0.1)
    monkeypatch.setattr(policy, "SILENT_SECONDS", 0.1)
    with pytest.raises(NotReachedError, match="no answer"):
        http.peek(file_url)
    assert len(sleeps) == waited == 2 * (ATTEMPTS - 1)
    assert http.peek(file_url)[0] == BODY[: 1 << 16]
    server.inject("/fichier.csv", fault.no_answer)
    assert http.peek(file_url)[0] == BODY[: 1 << 16]


def test_two_clients_spare_the_same_host(server: FakeServer, json_url: str) -> None:
    """An answer to one client counts for the other; a client with another memory does not know it."""
    memory = HostMemory()
    server.inject("/api", fault.status(429, retry_after="3600"))
    for http in (local_client(memory=memory), local_client(memory=memory)):
        with pytest.raises(NotReachedError, match="no more calls before"):
            http.get_json(json_url)
    assert len(server.requests) == 1
    assert local_client().get_json(json_url)["query"] == {}


def test_the_clients_of_a_process_share_what_is_known_of_the_hosts() -> None:
    url = "https://portail-ferme.example.org/api"
    policy.PROCESS_MEMORY.close(url, 3600)
    with pytest.raises(NotReachedError, match="no more calls before"):
        HttpClient(frozenset({"portail-ferme.example.org"})).get_json(url)


def test_connectivity_tells_silent_from_unreachable_hosts(
    server: FakeServer, http: HttpClient, sleeps: list[float]
) -> None:
    with FakeServer() as gone:
        absent = f"{gone.url}/"
    with FakeServer() as silent:
        silent.route("/", lambda r: fault.redirect("/"), method="HEAD")
        silent.inject_always("/", fault.no_answer)
        expected = {f"{server.url}/": "answers", f"{silent.url}/": "silent", absent: "unreachable"}
        elsewhere = "https://ailleurs.example.org/"
        assert http.connectivity([*expected, elsewhere]) == {**expected, elsewhere: "unreachable"}
        assert len(silent.requests) == len(sleeps) == 3
    assert len(server.requests) == 1


def _cut_gzip(request: Request, response: Response) -> Response:
    return fault.cut(1000)(request, fault.gzipped(request, response))


@pytest.mark.parametrize(
    "faults",
    [
        [fault.slow(0.05)],
        [fault.gzipped],
        [_cut_gzip, fault.gzipped],
        [fault.cut(20_000)] * (3 * ATTEMPTS),
        [*[fault.cut(20_000)] * (ATTEMPTS - 1), fault.status(503)],
    ],
    ids=["slow", "compressed", "cut while compressed", "something each time", "enough, and a last attempt that failed"],
)
def test_a_file_arrives_whole_whatever_happens_on_the_way(
    server: FakeServer, whole: Whole, file_url: str, monkeypatch: pytest.MonkeyPatch, faults: list[fault.Fault]
) -> None:
    monkeypatch.setattr(transfer, "PROGRESS_BYTES", 50_000)
    server.inject("/fichier.csv", *faults)
    whole(file_url)


IN_CHUNKS = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
CHUNKED = Response(200, IN_CHUNKS, {"Transfer-Encoding": "chunked"}, length=fault.UNKNOWN_LENGTH)


def _without(response: Response, *names: str) -> Response:
    return replace(response, headers={name: text for name, text in response.headers.items() if name not in names})


NOT_THE_REST: dict[str, fault.Fault] = {
    "another tag": lambda q, r: replace(r, body=r.body.upper()).with_headers(ETag='"another"'),
    "no tag": lambda q, r: _without(replace(r, body=r.body.upper()), "ETag"),
    "another date": lambda q, r: replace(r, body=r.body.upper()).with_headers(Last_Modified="another"),
    "another size": lambda q, r: replace(r, body=r.body.upper()).with_headers(
        Content_Range=r.headers["Content-Range"].partition("/")[0] + "/9999999"
    ),
    "compressed": lambda q, r: fault.gzipped(q, replace(r, body=r.body.upper())),
    "the whole file": lambda q, r: replace(r, body=BODY),
    "the start": lambda q, r: Response(
        206, BODY, {**r.headers, "Content-Range": f"bytes 0-{len(BODY) - 1}/{len(BODY)}"}
    ),
}


@pytest.mark.parametrize("answer", NOT_THE_REST.values(), ids=NOT_THE_REST)
def test_an_answer_that_is_not_the_rest_is_not_appended(
    whole: Whole, server: FakeServer, file_url: str, answer: fault.Fault
) -> None:
    """The server ignores the condition or the range."""
    server.inject("/fichier.csv", fault.cut(CHUNK), answer)
    whole(file_url)
    assert server.requests[1].headers["Range"] == f"bytes={CHUNK}-"


def test_a_weak_tag_that_changed_is_no_rest_of_the_file(whole: Whole, server: FakeServer) -> None:
    versions = iter([(BODY, 'W/"1"'), (BODY.upper(), 'W/"2"'), (BODY.upper(), 'W/"2"')])

    def changing(request: Request) -> Response:
        body, etag = next(versions)
        return serve_file(request, body, "text/csv", etag=etag, last_modified=MODIFIED)

    server.route("/fichier.csv", changing)
    server.inject("/fichier.csv", fault.cut(CHUNK))
    whole(f"{server.url}/fichier.csv", BODY.upper())


def test_a_slice_of_the_rest_is_not_the_rest(whole: Whole, server: FakeServer) -> None:
    """The first answer does not tell the size of the file."""

    def chunked(request: Request) -> Response:
        answer = serve_file(request, BODY, "text/csv", etag=ETAG)
        if answer.status == 206:
            start = int(answer.headers["Content-Range"].removeprefix("bytes ").partition("-")[0])
            end = min(start + 200_000, len(BODY))
            return replace(answer, body=BODY[start:end]).with_headers(
                Content_Range=f"bytes {start}-{end - 1}/{len(BODY)}"
            )
        return CHUNKED.with_headers(**answer.headers)

    server.route("/export", chunked)
    server.inject("/export", fault.cut(CHUNK))
    whole(f"{server.url}/export")
    starts = [int(request.headers["Range"].strip("bytes=-")) for request in server.requests[1:]]
    assert starts == list(range(starts[0], len(BODY), 200_000))


def test_a_resumed_download_keeps_the_marks_of_its_start(whole: Whole, server: FakeServer, file_url: str) -> None:
    server.inject("/fichier.csv", fault.cut(CHUNK), lambda q, r: _without(r, "Last-Modified"))
    download = whole(file_url)
    assert (download.etag, download.last_modified) == (ETAG, MODIFIED)


def test_a_file_of_which_nothing_is_known_is_not_resumed(whole: Whole, server: FakeServer) -> None:
    """Without version and size, the rest may be the rest of another file."""
    server.route("/export", lambda r: CHUNKED)
    server.inject("/export", fault.cut(2 * CHUNK))
    whole(f"{server.url}/export")
    assert [request.headers.get("Range") for request in server.requests] == [None, None]


def test_tag_without_quotes_validates_no_range(
    whole: Whole, server: FakeServer, http: HttpClient, tmp_path: Path
) -> None:
    """The storage of the Union Registry sends such a tag."""
    modified = "Tue, 03 Feb 2026 04:05:06 GMT"
    etag = "0x8DE0000000000"
    server.route("/blob.csv", lambda r: serve_file(r, BODY, "text/csv", etag=etag, last_modified=modified))
    server.inject("/blob.csv", fault.cut(CHUNK + 10))
    download = whole(f"{server.url}/blob.csv")
    assert server.requests[1].headers.get("If-Range") == modified
    assert http.download(f"{server.url}/blob.csv", tmp_path / "again.csv", etag=download.etag) is None


def test_a_body_that_would_never_end_is_cut(
    server: FakeServer, http: HttpClient, json_url: str, file_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "SLOW_SECONDS", 0.01)
    server.inject_always(".*", fault.slow(0.02, parts=100))
    with pytest.raises(NotReachedError, match="too slow"):
        http.get_json(json_url)
    with pytest.raises(NotReachedError, match="too slow"):
        http.download(file_url, tmp_path / "fichier.csv")


def test_a_small_answer_that_unpacks_without_end_is_refused(
    server: FakeServer, http: HttpClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.route("/zeros", lambda r: Response(200, b"0" * (1 << 27), {"Content-Type": "text/plain"}))
    server.inject_always("/zeros", fault.gzipped)
    with refusal(f"{server.url}/zeros", "unpack"):
        http.download(f"{server.url}/zeros", tmp_path / "zeros")
    monkeypatch.setattr(client, "MAX_JSON_BYTES", 1000)
    with pytest.raises(FetchError, match="more than 1000 bytes"):
        http.get_json(f"{server.url}/zeros")


@pytest.mark.parametrize("change", [fault.with_bom, fault.latin1])
def test_bytes_are_kept_as_the_producer_wrote_them(
    server: FakeServer, http: HttpClient, tmp_path: Path, change: fault.Fault
) -> None:
    body = ("nom;valeur\nDépartement Test;1\n" * 20).encode()
    server.route("/accents.csv", lambda r: serve_file(r, body, "text/csv"))
    server.inject("/accents.csv", change)
    http.download(f"{server.url}/accents.csv", tmp_path / "accents.csv")
    expected = change(Request("GET", "/", (), {}), Response(200, body)).body
    assert (tmp_path / "accents.csv").read_bytes() == expected


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [
        ("3", 3.0),
        (None, 1.0),
        ("", 1.0),
        ("soon", 1.0),
        ("nan", 1.0),
        ("²", 1.0),
        ("-5", 1.0),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0.0),
        ("Mon, 30 Nov 99999 00:00:00 GMT", 1.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
    ],
)
def test_waits_as_told_up_to_a_limit(
    server: FakeServer, http: HttpClient, json_url: str, sleeps: list[float], retry_after: str | None, expected: float
) -> None:
    server.inject("/api", fault.status(429, retry_after=retry_after))
    http.get_json(json_url)
    assert sleeps == [expected]


@pytest.mark.parametrize("header", ["Retry_After", "X_RateLimit_Reset"], ids=["that is told", "of the next quota"])
def test_waits_until_a_date(
    server: FakeServer, http: HttpClient, json_url: str, sleeps: list[float], header: str
) -> None:
    then = datetime.now(UTC) + timedelta(seconds=30)
    date = format_datetime(then, usegmt=True) if header == "Retry_After" else str(then)
    server.inject("/api", lambda *_: Response(429).with_headers(**{header: date}))
    http.get_json(json_url)
    assert sleeps[0] == pytest.approx(30, abs=3)


@pytest.mark.parametrize("retry_after", ["3600", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_host_that_wants_a_long_pause_is_left_alone(
    server: FakeServer, http: HttpClient, json_url: str, sleeps: list[float], retry_after: str
) -> None:
    server.inject("/api", fault.status(429, retry_after=retry_after))
    for _ in range(2):
        with refusal(json_url, "no more calls before"):
            http.get_json(json_url)
    assert (len(server.requests), sleeps) == (1, [])


def test_a_quota_that_is_used_up_is_respected_before_it_is_an_error(
    server: FakeServer, http: HttpClient, json_url: str
) -> None:
    reset = (datetime.now(UTC) + timedelta(hours=1)).isoformat(sep=" ")

    def last_call(request: Request, response: Response) -> Response:
        return response.with_headers(X_RateLimit_Remaining="0", X_RateLimit_Reset=reset)

    server.inject("/api", last_call)
    http.get_json(json_url)
    with pytest.raises(NotReachedError, match="no more calls before"):
        http.get_json(json_url)
    assert len(server.requests) == 1


def test_keeps_its_pace_between_two_calls_to_a_host(json_url: str) -> None:
    sleeps: list[float] = []
    http = local_client(sleep=sleeps.append, host_intervals={"127.0.0.1": 30.0})
    http.get_json(json_url)
    http.get_json(json_url)
    assert sleeps[-1] == pytest.approx(30, abs=3)


def test_a_question_in_a_body_is_not_sent_elsewhere(server: FakeServer, http: HttpClient, json_url: str) -> None:
    server.route("/load", lambda r: fault.redirect(json_url), method="POST")
    with pytest.raises(FetchError, match="HTTP 302"):
        http.post_json(f"{server.url}/load", {})
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("url", "fact"),
    [
        ("https://ailleurs.example.org/a.csv", "ailleurs.example.org"),
        ("http://portail.example.org/a.csv", "HTTPS"),
        ("ftp://portail.example.org/a.csv", "HTTPS"),
        ("file:///etc/hostname", "host"),
        ("https://portail.example.org@ailleurs.example.org/a.csv", "host ailleurs.example.org"),
    ],
)
@pytest.mark.parametrize("redirected", [False, True])
def test_refuses_other_hosts_and_plain_http(server: FakeServer, url: str, fact: str, *, redirected: bool) -> None:
    hosts = frozenset({"127.0.0.1", "portail.example.org"})
    http = HttpClient(hosts, insecure_loopback=True, memory=HostMemory())
    server.route("/r", lambda r: fault.redirect(url))
    with refusal(url, fact):
        http.get_json(f"{server.url}/r" if redirected else url)


def test_plain_http_to_this_machine_needs_the_permission(server: FakeServer, json_url: str) -> None:
    http = local_client(insecure_loopback=False)
    with refusal(json_url, "HTTPS"):
        http.get_json(json_url)
    assert server.requests == []


THIS_MACHINE = ("127.0.0.1", "127.8.8.8", "::1")
INTERNAL = (
    *("10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1"),
    *("0.0.0.0", "fe80::1", "fd00::1", "::ffff:127.0.0.1"),  # noqa: S104 - nothing is bound to it
    *("fec0::1", "64:ff9b::a01:203", "2002:a01:203::1"),  # an address of a site; 10.1.2.3 by NAT64 and 6to4
)


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses of names, by name, in the place of what a resolver says; tests fill it."""
    known: dict[str, list[str]] = {}
    resolve = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *asked: Any, **named: Any) -> list[Any]:
        return [entry for address in known.get(host, [host]) for entry in resolve(address, port, *asked, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


@pytest.mark.parametrize(
    ("address", "redirected"),  # the switch for local servers, which send on, admits this machine
    [
        *((host, False) for host in THIS_MACHINE),
        *((host, redirected) for host in INTERNAL for redirected in (False, True)),
    ],
)
def test_an_allowed_host_that_leads_into_an_internal_network_is_refused(
    server: FakeServer, resolved: dict[str, list[str]], address: str, redirected: bool
) -> None:
    """Nothing is asked of such a host, even if another of its addresses is public."""
    resolved["portail.example.org"] = ["192.0.32.7", address]
    url = f"https://portail.example.org:{server.url.rpartition(':')[2]}/a.csv"
    server.route("/r", lambda r: fault.redirect(url))
    hosts = frozenset({"127.0.0.1", "portail.example.org"})
    http = HttpClient(hosts, insecure_loopback=redirected, memory=HostMemory(), sleep=lambda seconds: None)
    with refusal("portail.example.org", "internal address", address):
        http.get_json(f"{server.url}/r" if redirected else url)
    assert http.connectivity([url]) == {url: "unreachable"}
    assert [request.path for request in server.requests] == ["/r"] * redirected


def test_a_name_that_leads_elsewhere_once_it_was_looked_at_is_refused(
    server: FakeServer, resolved: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved["portail.example.org"] = ["127.0.0.1"]
    monkeypatch.setattr("ingestion.http.connection._addresses", lambda host, port: ["192.0.32.7"])
    rules = HostRules(frozenset({"portail.example.org"}))
    with connections(rules) as direct, pytest.raises(FetchError, match="internal address 127"):
        direct.get(f"http://portail.example.org:{server.url.rpartition(':')[2]}/")
    assert server.requests == []


def test_through_a_proxy_it_is_the_proxy_that_finds_the_address(
    server: FakeServer, resolved: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved["portail.example.org"] = ["10.1.2.3"]
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "")
    server.route(".*", lambda r: json_response({}))
    with connections(HostRules(frozenset({"portail.example.org"}))) as proxied:
        assert proxied.get("http://portail.example.org/a").json() == {}


def test_credentials_do_not_follow_a_redirect_to_another_host(server: FakeServer, http: HttpClient) -> None:
    with FakeServer() as other:
        other.route("/api", lambda r: json_response({}))
        server.route("/r", lambda r: fault.redirect(f"{other.url}/api"))
        http.get_json(f"{server.url}/r", headers={"Authorization": "Bearer test", "X-API-KEY": "test"})
        assert not {"Authorization", "X-API-KEY"} & set(other.requests[0].headers)


def test_progress_tells_bytes_and_total(file_url: str, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    http = local_client(progress=lambda done, total: seen.append((done, total)))
    http.download(file_url, tmp_path / "fichier.csv")
    assert seen[-1] == (len(BODY), len(BODY))


def test_silent_host_is_told(http: HttpClient, sleeps: list[float]) -> None:
    with FakeServer() as gone:
        url = gone.url
    with refusal(f"{url}/api", "no answer", f"{ATTEMPTS} attempts"):
        http.get_json(f"{url}/api")
    assert sleeps == [1.0, 2.0, 4.0, 8.0]
