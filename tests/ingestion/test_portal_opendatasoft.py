from __future__ import annotations

import json

from ingestion.catalog import Dataset
from ingestion.http import Download
from ingestion.snapshots import Snapshot
from tests.fakes.opendatasoft import Opendatasoft
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, csv_rows, the_only

COLUMNS = ["annee", "code_insee_region", "production_solaire"]


def test_csv_export_has_field_names_and_no_geometry(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.opendatasoft(server)
    download = the_only(bring(dataset))
    call = server.calls("/exports/csv$")[0].params
    rows = csv_rows(download.path, call.get("delimiter", ";"))
    assert list(rows[0]) == COLUMNS
    assert [(row["annee"], row["code_insee_region"]) for row in rows] == [
        (row["annee"], row["code_insee_region"]) for row in fake.rows
    ]
    assert download.etag == fake.data_processed
    assert download.file_name == f"{fake.dataset_id}.csv"
    assert call["use_labels"] == "false"


def test_a_json_export_has_the_columns_of_the_record(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.opendatasoft(server, format="json")
    rows = json.loads(the_only(bring(dataset)).path.read_text())
    assert rows == [{name: row[name] for name in COLUMNS} for row in fake.rows]


COPY = "production-test-par-region-311225"


def with_a_frozen_copy(server: FakeServer) -> tuple[Opendatasoft, Opendatasoft, Dataset]:
    """A dataset of the edition of January 2026 beside its copy of the end of 2025, which lacks a column."""
    fake, dataset = portal_cases.opendatasoft(server, editions=[COPY])
    fields = {name: fake.fields[name] for name in ("annee", "code_insee_region")}
    copy = Opendatasoft(server, COPY, fields, [{"annee": "2018", "code_insee_region": "76"}])
    return fake, copy, dataset


def test_frozen_copies_come_with_the_columns_that_they_have(server: FakeServer, bring: Bring) -> None:
    fake, _, dataset = with_a_frozen_copy(server)
    current, frozen = bring(dataset)
    assert [current.file_name, frozen.file_name] == [f"{fake.dataset_id}-310126.csv", f"{COPY}.csv"]
    assert current.vintage == "2026-01-31"
    assert list(csv_rows(current.path, ";")[0]) == COLUMNS
    assert csv_rows(frozen.path, ";") == [{"annee": "2018", "code_insee_region": "76"}]


def test_a_copy_of_the_current_edition_is_not_asked_for(server: FakeServer, bring: Bring) -> None:
    fake, _, dataset = with_a_frozen_copy(server)
    fake.title = "Jeu Test (au 31/12/2025)"
    assert the_only(bring(dataset)).file_name == f"{COPY}.csv"
    assert len(server.calls("/exports/")) == 1


def test_an_edition_without_a_date_beside_copies_is_told(server: FakeServer, bring: Bring) -> None:
    fake, _, dataset = with_a_frozen_copy(server)
    fake.title = "Jeu Test"
    bring.refused(dataset, fake.dataset_id, "no date of edition")


def test_only_the_edition_that_changed_is_downloaded(server: FakeServer, bring: Bring) -> None:
    fake, _, dataset = with_a_frozen_copy(server)
    previous = bring.stored(dataset)
    assert bring.unchanged(dataset, previous)
    fake.title, fake.data_processed = "Jeu Test (au 28/02/2026)", "2026-03-10T10:10:10+00:00"
    server.requests.clear()
    current, frozen = bring(dataset, previous)
    assert (current.file_name, frozen.path) == (f"{fake.dataset_id}-280226.csv", previous[1].path)
    assert len(server.calls("/exports/")) == 1


def by_year(server: FakeServer) -> tuple[Opendatasoft, Dataset]:
    fake, dataset = portal_cases.opendatasoft(server, year_field="annee", first_year=2021, settled_after=3)
    fake.rows = [{**row, "annee": f"{row['annee']}-06-01"} for row in fake.rows]
    return fake, dataset


def years(downloads: list[Download] | None) -> list[str | None]:
    return [download.vintage for download in downloads or []]


def test_each_year_with_rows_is_a_file(server: FakeServer, bring: Bring) -> None:
    fake, dataset = by_year(server)
    downloads = bring(dataset)
    assert years(downloads) == ["2021", "2022", "2023", "2024"]
    assert downloads[0].file_name == f"{fake.dataset_id}-2021.csv"
    assert [row["annee"] for row in csv_rows(downloads[0].path, ";")] == ["2021-06-01", "2021-06-01"]


def test_settled_years_are_not_asked_for_again(server: FakeServer, bring: Bring) -> None:
    fake, dataset = by_year(server)
    previous: list[Snapshot] = bring.stored(dataset)
    assert bring.unchanged(dataset, previous)
    fake.data_processed = "2026-10-10T10:10:10+00:00"
    server.requests.clear()
    assert years(bring(dataset, previous)) == ["2021", "2022", "2023", "2024"]
    assert len(server.calls("/exports/")) == 1


def test_a_year_of_another_size_than_announced_is_refused(server: FakeServer, bring: Bring) -> None:
    fake, dataset = by_year(server)
    fake.hidden_from_exports = 1
    bring.refused(dataset, "annee", "1 rows received, 2 announced")
