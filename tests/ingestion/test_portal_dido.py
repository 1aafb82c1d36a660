from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ingestion.portals import describe_files
from tests.fakes.dido import DataFile, Millesime
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, csv_rows, local_client, record, stored, the_only

RID = portal_cases.DIDO_RID


def test_the_newest_millesime_is_downloaded_with_one_header_line(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.dido(server)
    download = the_only(bring(dataset))
    rows = csv_rows(download.path, ";")
    assert rows == fake.datafiles[0].millesimes[1].rows
    assert [row["FOD"] for row in rows] == ["12.5", "secret", "nd"]
    assert download.vintage == "2026-09"
    call = server.calls("/csv$")[0].params
    assert call["millesime"] == "2026-09"
    assert (call["withColumnName"], call["withColumnDescription"], call["withColumnUnit"]) == ("true", "false", "false")


def at(moment: str, bring: Bring) -> Bring:
    now = datetime.fromisoformat(moment)
    return replace(bring, http=local_client(now=lambda: now))


def test_millesime_of_the_future_is_never_taken(server: FakeServer, bring: Bring) -> None:
    """It is announced with its rows and columns, and cannot be had before its day."""
    fake, dataset = portal_cases.dido(server)
    announced = fake.datafiles[0].millesimes[1]
    announced.released, fake.now = "2026-09-18T06:00:00.000Z", "2026-09-18T05:59:59.000Z"
    before = at(fake.now, bring)
    assert the_only(before(dataset)).vintage == "2025-09"
    assert [description.updated for description in describe_files(dataset, before.http)] == ["2025-09"]
    fake.now = announced.released
    assert the_only(at(fake.now, bring)(dataset)).vintage == "2026-09"


def test_data_file_whose_only_millesime_lies_ahead_is_told(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.dido(server)
    fake.datafiles[0].millesimes = fake.datafiles[0].millesimes[1:]
    fake.datafiles[0].millesimes[0].released = "2026-09-18"
    at("2026-09-17T23:00:00Z", bring).refused(dataset, RID, "2026-09 is announced for 2026-09-18")


def test_columns_and_filters_reach_the_portal(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.dido(server, columns="ANNEE,FOD", filters=["REGION_CODE=eq:76", "ANNEE=in:2023,2024"])
    rows = csv_rows(the_only(bring(dataset)).path, ";")
    assert rows == [{"ANNEE": "2023", "FOD": "12.5"}, {"ANNEE": "2024", "FOD": "secret"}]
    call = server.calls("/csv$")[0]
    assert call.params["REGION_CODE"] == "eq:76"
    assert call.params["columns"] == "ANNEE,FOD"


def test_title_selects_one_file_per_datafile(server: FakeServer, bring: Bring) -> None:
    fake, _ = portal_cases.dido(server)
    first = fake.datafiles[0]
    other = Millesime("2024-09", first.millesimes[0].columns, first.millesimes[0].rows)
    fake.datafiles += [
        DataFile("445d1fbb-0000-4000-8000-000000000002", "Produits pétroliers de test par département", [other]),
        DataFile("445d1fbb-0000-4000-8000-000000000003", "Gaz de test", [other]),
    ]
    params = {"dataset": fake.dataset_id, "title": r"Produits pétroliers .* par (région|département)"}
    downloads = bring(record("dido", fake.url, params))
    assert [download.vintage for download in downloads] == ["2026-09", "2024-09"]
    assert len({download.file_name for download in downloads}) == 2


def test_data_files_of_one_title_keep_apart(server: FakeServer, bring: Bring) -> None:
    fake, _ = portal_cases.dido(server)
    first = fake.datafiles[0]
    fake.datafiles.append(DataFile("445d1fbb-0000-4000-8000-000000000002", first.title, first.millesimes))
    dataset = record("dido", fake.url, {"dataset": fake.dataset_id, "title": "."})
    previous = bring.stored(dataset)
    assert len({file.file_name for file in previous}) == 2
    assert bring.unchanged(dataset, previous)


def test_every_listed_datafile_is_fetched(server: FakeServer, bring: Bring) -> None:
    fake, _ = portal_cases.dido(server)
    first, other = fake.datafiles[0], "445d1fbb-0000-4000-8000-000000000002"
    fake.datafiles.append(DataFile(other, "Gaz de test", [first.millesimes[0]]))
    listed = record("dido", fake.url, {"dataset": fake.dataset_id, "datafile": [RID, other]})
    downloads = bring(listed)
    assert [download.file_name for download in downloads] == [f"{RID}.csv", f"{other}.csv"]
    del fake.datafiles[1]
    bring.refused(listed, fake.dataset_id, other)


def test_title_that_matches_nothing_is_told(server: FakeServer, bring: Bring) -> None:
    fake, _ = portal_cases.dido(server)
    params = {"dataset": fake.dataset_id, "title": "Fichier absent"}
    bring.refused(
        record("dido", fake.url, params), fake.dataset_id, "Fichier absent", "Produits pétroliers de test par région"
    )


def test_correction_under_the_same_millesime_is_seen(server: FakeServer, bring: Bring, tmp_path: Path) -> None:
    fake, dataset = portal_cases.dido(server)
    previous = bring.stored(dataset)
    newest = fake.datafiles[0].millesimes[1]
    newest.rows = [row | {"FOD": "13.5"} if row["FOD"] == "12.5" else row for row in newest.rows]
    fake.last_update = "2026-03-03T04:05:06Z"
    download = the_only(bring(dataset, previous))
    assert (csv_rows(download.path, ";")[0]["FOD"], download.vintage) == ("13.5", "2026-09")
    previous = stored(dataset, [download], tmp_path)
    newest.rows = newest.rows[:2]
    assert len(csv_rows(the_only(bring(dataset, previous)).path, ";")) == 2
