from __future__ import annotations

from tests.fakes import server as fault
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, csv_rows, ndjson, the_only

KEYS = ["code_commune", "nom_commune", "code_departement", "conso_totale_mwh"]


def test_lines_follow_the_cursor_to_the_last(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_fair(server)
    download = the_only(bring(dataset))
    assert download.file_name == f"{fake.slug}.ndjson"
    assert ndjson(download.path) == [{key: row[key] for key in KEYS} for row in fake.rows]
    assert download.etag == fake.updated_at
    calls = server.calls("/lines$")
    assert [call.params.get("after") for call in calls] == [None, "3", "6"]
    assert {(call.params["size"], call.params["select"]) for call in calls} == {("10000", ",".join(KEYS))}


def test_lines_end_on_a_full_page(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_fair(server, rows=6)
    assert len(ndjson(the_only(bring(dataset)).path)) == len(fake.rows)


def test_a_filter_reaches_the_portal(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.data_fair(server, filters=["code_departement_in=09,65"])
    rows = ndjson(the_only(bring(dataset)).path)
    assert [row["code_commune"] for row in rows] == ["31002", "31004", "31006"]


def test_a_parameter_that_the_server_says_it_ignored_is_an_error(server: FakeServer, bring: Bring) -> None:
    """Its advice on speed is none."""
    fake, dataset = portal_cases.data_fair(server)
    hint = {"meta": {"hints": ["Advice to optimize your queries: request fewer results per page (lower size)."]}}
    server.inject("/lines$", fault.edited_json(lambda content: content | hint))
    assert bring(dataset)
    fake.recognized -= {"select"}
    bring.refused(dataset, fake.slug, "select is not a recognized query parameter and was ignored")


def test_a_column_that_may_be_missing_is_asked_for_where_it_is(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.data_fair(server, select="code_commune,nom_commune?,colonne_absente?")
    rows = ndjson(the_only(bring(dataset)).path)
    assert {tuple(row) for row in rows} == {("code_commune", "nom_commune")}


def test_the_raw_file_is_that_of_the_producer(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_fair(server, mode="raw")
    download = the_only(bring(dataset))
    assert (download.file_name, download.etag) == (fake.raw_name, fake.updated_at)
    assert download.path.read_bytes() == fake.raw
    server.inject("/data-fair/", fault.edited_json(lambda content: content | {"originalFile": {"size": 9}}))
    bring.refused(dataset, "/raw", len(fake.raw), "9 announced")


def test_the_full_file_has_all_rows_by_label(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_fair(server, mode="full")
    rows = csv_rows(the_only(bring(dataset)).path)
    assert [row["Code Commune"] for row in rows] == [row["code_commune"] for row in fake.rows]
    assert list(rows[0]) == list(fake.fields.values())
    server.inject("/data-fair/", fault.edited_json(lambda content: content | {"count": 8}))
    bring.refused(dataset, "/full", "7 rows received, 8 announced")
