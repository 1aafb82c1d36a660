from __future__ import annotations

import pytest

from tests.fakes.server import FakeServer, serve_file
from tests.ingestion.helpers import Bring, contents, record, the_only

BODY = b"code;nom\n31001;Commune Test 1\n" * 20
ETAG = '"0123456789abcdef"'
MODIFIED = "Tue, 03 Feb 2026 04:05:06 GMT"


@pytest.fixture
def url(server: FakeServer) -> str:
    server.route("/dossier/fichier.csv", lambda r: serve_file(r, BODY, "text/csv", etag=ETAG, last_modified=MODIFIED))
    return f"{server.url}/dossier/fichier.csv"


def test_file_takes_the_name_of_its_address(bring: Bring, url: str) -> None:
    download = the_only(bring(record("plain_file", url)))
    assert (download.file_name, download.etag, download.last_modified) == ("fichier.csv", ETAG, MODIFIED)
    assert download.path.read_bytes() == BODY


def test_file_takes_the_name_of_the_record(bring: Bring, url: str) -> None:
    dataset = record("plain_file", url, file_name="communes.csv")
    assert the_only(bring(dataset)).file_name == "communes.csv"


def test_unchanged_file_is_not_sent_again(server: FakeServer, bring: Bring, url: str) -> None:
    dataset = record("plain_file", url)
    previous = bring.stored(dataset)
    assert bring.unchanged(dataset, previous)
    assert server.requests[-1].headers["If-None-Match"] == ETAG
    assert server.requests[-1].headers["If-Modified-Since"] == MODIFIED


def test_file_under_another_name_is_no_previous_one(bring: Bring, url: str) -> None:
    older = record("plain_file", url, file_name="ancien.csv")
    previous = bring.stored(older)
    assert bring(record("plain_file", url), previous) is not None


def test_changed_file_comes_with_the_unchanged_one(server: FakeServer, bring: Bring) -> None:
    etags = {"a.csv": '"1"', "b.csv": '"1"'}
    server.route("/dossier/(.+)", lambda r, name: serve_file(r, BODY + name.encode(), "text/csv", etag=etags[name]))
    dataset = record("plain_file", f"{server.url}/dossier/", {"files": ["a.csv", "b.csv"]})
    previous = bring.stored(dataset)
    assert bring.unchanged(dataset, previous)
    etags["b.csv"] = '"2"'
    again = bring(dataset, previous)
    assert [(download.file_name, download.etag) for download in again] == [("a.csv", '"1"'), ("b.csv", '"2"')]
    assert contents(again) == {"a.csv": BODY + b"a.csv", "b.csv": BODY + b"b.csv"}


def test_truncated_file_is_refused(bring: Bring, url: str) -> None:
    bring.refused(record("plain_file", url, size_floor=5_000), url, len(BODY), 5_000)
