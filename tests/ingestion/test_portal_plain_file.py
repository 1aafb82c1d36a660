from __future__ import annotations

from tests.fakes.server import FakeServer, serve_file
from tests.ingestion.helpers import Bring, contents, record, the_only

BODY = b"code;nom\n31001;Commune Test 1\n" * 20


def test_only_the_file_that_changed_is_sent_again(server: FakeServer, bring: Bring) -> None:
    etags = {"a.csv": '"1"', "b.csv": '"1"'}
    server.route("/dossier/(.+)", lambda r, name: serve_file(r, BODY + name.encode(), "text/csv", etag=etags[name]))
    dataset = record("plain_file", f"{server.url}/dossier/", {"files": ["a.csv", "autre.csv=b.csv"]})
    previous = bring.stored(dataset)
    assert bring.unchanged(dataset, previous)
    assert [request.headers.get("If-None-Match") for request in server.requests] == [None, None, '"1"', '"1"']
    etags["b.csv"] = '"2"'
    again = bring(dataset, previous)
    assert [(download.file_name, download.etag) for download in again] == [("a.csv", '"1"'), ("autre.csv", '"2"')]
    assert contents(again) == {"a.csv": BODY + b"a.csv", "autre.csv": BODY + b"b.csv"}


def test_a_file_takes_the_name_of_its_record_else_of_its_address(server: FakeServer, bring: Bring) -> None:
    """A file under another name is no earlier one; one that is too small is refused."""
    server.route("/dossier/fichier.csv", lambda r: serve_file(r, BODY, "text/csv", etag='"1"'))
    url = f"{server.url}/dossier/fichier.csv"
    assert the_only(bring(record("plain_file", url))).file_name == "fichier.csv"
    previous = bring.stored(record("plain_file", url, file_name="ancien.csv"))
    assert [snapshot.file_name for snapshot in previous] == ["ancien.csv"]
    assert bring(record("plain_file", url), previous) is not None
    bring.refused(record("plain_file", url, size_floor=5_000), url, len(BODY), 5_000)
