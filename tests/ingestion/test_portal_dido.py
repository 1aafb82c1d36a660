from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.fakes import server as fault
from tests.fakes.dido import DataFile, Millesime
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, csv_rows, local_client, record, the_only

RID = portal_cases.DIDO_RID


def test_the_newest_millesime_is_downloaded_with_one_header_line(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.dido(server)
    download = the_only(bring(dataset))
    rows = csv_rows(download.path, ";")
    assert rows == fake.datafiles[0].millesimes[1].rows
    assert [row["FOD"] for row in rows] == ["12.5", "secret", "nd"]
    assert (download.vintage, server.calls("/csv$")[0].params["millesime"]) == ("2026-09", "2026-09")
    fake.ignored_flags = True
    bring.refused(dataset, RID, "no column 'FOD' in the header")


def at(moment: str, bring: Bring) -> Bring:
    now = datetime.fromisoformat(moment)
    return replace(bring, http=local_client(now=lambda: now))


def test_a_millesime_of_the_future_is_never_taken(server: FakeServer, bring: Bring) -> None:
    """It is announced with its rows and columns, and cannot be had before its day."""
    fake, dataset = portal_cases.dido(server)
    older, announced = fake.datafiles[0].millesimes
    announced.released, fake.now = "2026-09-18T06:00:00.000Z", "2026-09-18T05:59:59.000Z"
    assert the_only(at(fake.now, bring)(dataset)).vintage == "2025-09"
    fake.now = announced.released
    assert the_only(at(fake.now, bring)(dataset)).vintage == "2026-09"
    fake.datafiles[0].millesimes.remove(older)
    announced.released = "2026-09-18"
    at("2026-09-17T23:00:00Z", bring).refused(dataset, RID, "2026-09 is announced for 2026-09-18")


def test_a_filter_is_followed(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.dido(server, filters=["REGION_CODE=eq:76"])
    assert [row["FOD"] for row in csv_rows(the_only(bring(dataset)).path, ";")] == ["12.5", "secret"]
    fake.ignores_filters = True
    bring.refused(dataset, "the filter on REGION_CODE was not followed in 1 rows")


def test_fewer_rows_than_the_millesime_says_are_refused(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.dido(server)
    fake.hidden_rows = 1
    bring.refused(dataset, RID, "2 rows received, 3 announced")


def test_a_cut_download_starts_again(server: FakeServer, bring: Bring) -> None:
    """Downloads of hundreds of megabytes are cut at times; what had come is not kept."""
    fake, dataset = portal_cases.dido(server)
    server.inject("/csv$", fault.cut(30), fault.cut(50))
    assert csv_rows(the_only(bring(dataset)).path, ";") == fake.datafiles[0].millesimes[1].rows
    assert len(server.calls("/csv$")) == 3


def test_a_title_selects_a_file_per_data_file(server: FakeServer, bring: Bring) -> None:
    """Two data files of one title keep apart."""
    fake, _ = portal_cases.dido(server)
    first = fake.datafiles[0]
    other = Millesime("2024-09", first.millesimes[0].columns, first.millesimes[0].rows)
    fake.datafiles += [
        DataFile("445d1fbb-0000-4000-8000-000000000002", first.title, [other]),
        DataFile("445d1fbb-0000-4000-8000-000000000003", "Gaz de test", [other]),
    ]
    params = {"dataset": fake.dataset_id, "title": r"Produits pétroliers .* par région"}
    downloads = bring(record("dido", fake.url, params))
    assert [download.vintage for download in downloads] == ["2026-09", "2024-09"]
    assert len({download.file_name for download in downloads}) == 2
    absent = record("dido", fake.url, params | {"title": "Fichier absent"})
    bring.refused(absent, fake.dataset_id, "Fichier absent", first.title)


def test_a_correction_under_the_same_millesime_is_seen(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.dido(server)
    previous = bring.stored(dataset)
    newest = fake.datafiles[0].millesimes[1]
    newest.rows = [row | {"FOD": "13.5"} if row["FOD"] == "12.5" else row for row in newest.rows]
    fake.last_update = "2026-03-03T04:05:06Z"
    download = the_only(bring(dataset, previous))
    assert (csv_rows(download.path, ";")[0]["FOD"], download.vintage) == ("13.5", "2026-09")
