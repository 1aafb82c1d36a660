from __future__ import annotations

import json

from ingestion.catalog import Dataset
from tests.fakes.opendatasoft import Opendatasoft
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, csv_rows, the_only

COLUMNS = ["annee", "code_insee_region", "production_solaire"]


def test_an_export_has_field_names_and_the_columns_of_the_record(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.opendatasoft(server)
    download = the_only(bring(dataset))
    rows = csv_rows(download.path, ";")
    assert list(rows[0]) == COLUMNS
    assert [(row["annee"], row["code_insee_region"]) for row in rows] == [
        (row["annee"], row["code_insee_region"]) for row in fake.rows
    ]
    assert (download.file_name, download.etag) == (f"{fake.dataset_id}.csv", fake.data_processed)
    _, as_json = portal_cases.opendatasoft(server, format="json")
    assert json.loads(the_only(bring(as_json)).path.read_text()) == [
        {name: row[name] for name in COLUMNS} for row in fake.rows
    ]


COPY = "production-test-par-region-311225"


def with_a_frozen_copy(server: FakeServer) -> tuple[Opendatasoft, Dataset]:
    """A dataset of the edition of January 2026 beside its copy of the end of 2025, which lacks a column."""
    fake, dataset = portal_cases.opendatasoft(server, editions=[COPY])
    fields = {name: fake.fields[name] for name in ("annee", "code_insee_region")}
    Opendatasoft(server, COPY, fields, [{"annee": "2018", "code_insee_region": "76"}])
    return fake, dataset


def test_frozen_copies_come_with_the_columns_that_they_have(server: FakeServer, bring: Bring) -> None:
    """A copy of the current edition is asked for once; an edition beside copies has a date."""
    fake, dataset = with_a_frozen_copy(server)
    current, frozen = bring(dataset)
    assert [current.file_name, frozen.file_name] == [f"{fake.dataset_id}-310126.csv", f"{COPY}.csv"]
    assert current.vintage == "2026-01-31"
    assert list(csv_rows(current.path, ";")[0]) == COLUMNS
    assert csv_rows(frozen.path, ";") == [{"annee": "2018", "code_insee_region": "76"}]
    server.requests.clear()
    fake.title = "Jeu Test (au 31/12/2025)"
    assert the_only(bring(dataset)).file_name == f"{COPY}.csv"
    assert len(server.calls("/exports/")) == 1
    fake.title = "Jeu Test"
    bring.refused(dataset, fake.dataset_id, "no date of edition")


def test_only_the_edition_that_changed_is_downloaded(server: FakeServer, bring: Bring) -> None:
    fake, dataset = with_a_frozen_copy(server)
    previous = bring.stored(dataset)
    assert bring.unchanged(dataset, previous)
    fake.title, fake.data_processed = "Jeu Test (au 28/02/2026)", "2026-03-10T10:10:10+00:00"
    server.requests.clear()
    current, frozen = bring(dataset, previous)
    assert (current.file_name, frozen.path) == (f"{fake.dataset_id}-280226.csv", previous[1].path)
    assert len(server.calls("/exports/")) == 1


def test_each_year_with_rows_is_a_file_and_settled_ones_are_not_asked_for_again(
    server: FakeServer, bring: Bring
) -> None:
    fake, dataset = portal_cases.opendatasoft(server, year_field="annee", first_year=2021, settled_after=3)
    fake.rows = [{**row, "annee": f"{row['annee']}-06-01"} for row in fake.rows]
    downloads, years = bring(dataset), ["2021", "2022", "2023", "2024"]
    assert [download.vintage for download in downloads] == years
    assert downloads[0].file_name == f"{fake.dataset_id}-2021.csv"
    assert [row["annee"] for row in csv_rows(downloads[0].path, ";")] == ["2021-06-01", "2021-06-01"]
    previous = bring.stored(dataset)
    assert bring.unchanged(dataset, previous)
    fake.data_processed = "2026-10-10T10:10:10+00:00"
    server.requests.clear()
    assert [download.vintage for download in bring(dataset, previous)] == years
    assert len(server.calls("/exports/")) == 1
    fake.hidden_from_exports = 1
    bring.refused(dataset, "annee", "1 rows received, 2 announced")
