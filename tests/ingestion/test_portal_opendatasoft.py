from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingestion.http import FetchError, HttpClient
from ingestion.portals import opendatasoft
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import assert_tells, csv_rows, record, stored, the_only

COLUMNS = ["annee", "code_insee_region", "production_solaire"]


def test_csv_export_has_field_names_and_no_geometry(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    fake, dataset = portal_cases.opendatasoft(server)
    download = the_only(opendatasoft.fetch(dataset, http, [], tmp_path))
    call = server.calls("/exports/csv$")[0].params
    rows = csv_rows(download.path, call.get("delimiter", ";"))
    assert list(rows[0]) == COLUMNS
    assert [(row["annee"], row["code_insee_region"]) for row in rows] == [
        (row["annee"], row["code_insee_region"]) for row in fake.rows
    ]
    assert download.etag == fake.data_processed
    assert download.file_name == f"{fake.dataset_id}.csv"
    assert call["use_labels"] == "false"


def test_json_export(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    fake, dataset = portal_cases.opendatasoft(server, format="json")
    rows = json.loads(the_only(opendatasoft.fetch(dataset, http, [], tmp_path)).path.read_text())
    assert rows == [{name: row[name] for name in COLUMNS} for row in fake.rows]


def test_parquet_export_comes_without_a_length(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    fake, dataset = portal_cases.opendatasoft(server, format="parquet")
    table = pq.read_table(the_only(opendatasoft.fetch(dataset, http, [], tmp_path)).path)
    assert (table.num_rows, table.column_names) == (len(fake.rows), COLUMNS)


def test_condition_reaches_the_portal(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    where = "code_insee_region='76' AND annee >= '2022'"
    _, dataset = portal_cases.opendatasoft(server, format="json", where=where)
    rows = json.loads(the_only(opendatasoft.fetch(dataset, http, [], tmp_path)).path.read_text())
    assert [row["annee"] for row in rows] == ["2022", "2023", "2024"]
    assert server.calls("/exports/json$")[0].params["where"] == where


@pytest.mark.parametrize("file_format", ["csv", "json", "parquet"])
def test_export_of_another_size_than_the_metadata_is_refused(
    server: FakeServer, http: HttpClient, tmp_path: Path, file_format: str
) -> None:
    fake, dataset = portal_cases.opendatasoft(server, format=file_format)
    fake.records_count = 13
    with pytest.raises(FetchError) as refusal:
        opendatasoft.fetch(dataset, http, [], tmp_path)
    assert_tells(refusal.value, fake.dataset_id, 12, 13)


def test_dataset_that_is_gone_is_told(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    fake, _ = portal_cases.opendatasoft(server)
    url = fake.url.replace("par-region", "disparu")
    with pytest.raises(FetchError) as refusal:
        opendatasoft.fetch(record("opendatasoft", url, {"format": "csv"}), http, [], tmp_path)
    assert_tells(refusal.value, url, "HTTP 404")


def test_unknown_column_is_told(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    _, dataset = portal_cases.opendatasoft(server, select="annee,colonne_absente")
    with pytest.raises(FetchError) as refusal:
        opendatasoft.fetch(dataset, http, [], tmp_path)
    assert_tells(refusal.value, "HTTP 400")


def test_unchanged_data_costs_the_metadata_only(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    fake, dataset = portal_cases.opendatasoft(server)
    previous = stored(dataset, opendatasoft.fetch(dataset, http, [], tmp_path), tmp_path)
    server.requests.clear()
    assert opendatasoft.fetch(dataset, http, previous, tmp_path) is None
    assert len(server.requests) == 1
    fake.data_processed = "2026-10-10T10:10:10+00:00"
    assert the_only(opendatasoft.fetch(dataset, http, previous, tmp_path)).etag == fake.data_processed
