from __future__ import annotations

import pytest

from ingestion.http import HttpClient
from ingestion.portals import describe_files
from tests.fakes.arcgis import Layer
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, ndjson

EPCI = "emi_test_epci"


def test_a_layer_is_found_by_the_year_of_its_name(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.arcgis(server)
    downloads = bring(dataset)
    assert [(download.file_name, download.vintage) for download in downloads] == [
        ("emi_test_epci_2098.ndjson", "2098"),
        ("emi_test_epci_2099.ndjson", "2099"),
        ("emi_test_region_2098.ndjson", "2098"),
        ("emi_test_region_2099.ndjson", "2099"),
    ]
    assert "/emi_test_epci/FeatureServer/7/query?" in downloads[0].url
    assert {row["annee_inv"] for row in ndjson(downloads[0].path)} == {2098}


def test_all_rows_come_in_pages_without_their_shapes(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.arcgis(server)
    downloads = bring(dataset)
    rows = ndjson(downloads[1].path)
    assert [row["code_test"] for row in rows] == [f"emi_test_epci{number}" for number in range(5)]
    asked = [request.params for request in server.calls(f"{EPCI}/FeatureServer/3/query$")]
    assert [params.get("resultOffset") for params in asked] == [None, "0", "2", "4"]
    assert {params["f"] for params in asked} == {"json"}
    assert {params.get("returnGeometry") for params in asked[1:]} == {"false"}
    assert {params.get("orderByFields") for params in asked[1:]} == {"OBJECTID"}


def test_a_page_may_hold_less_than_is_asked_for(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.arcgis(server, size=1000)
    fake.page_cap = 3
    downloads = bring(dataset)
    assert [len(ndjson(download.path)) for download in downloads] == [5] * 4


def test_no_more_is_asked_for_than_the_layer_gives(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.arcgis(server, size=1000)
    fake.max_records = fake.page_cap = 4
    bring(dataset)
    sizes = {request.params.get("resultRecordCount") for request in server.calls("/query$")}
    assert sizes == {None, "4"}


@pytest.mark.parametrize("year", ["2099", 2099.0])
def test_a_year_may_be_a_text_or_a_number(server: FakeServer, bring: Bring, year: object) -> None:
    fake, dataset = portal_cases.arcgis(server)
    for layers in fake.services.values():
        layers[0].rows = [{"annee_inv": year, "co2_t": 1.5}]
    assert bring(dataset)


def test_a_layer_without_a_year_is_left_out_and_told(server: FakeServer, http: HttpClient, bring: Bring) -> None:
    fake, dataset = portal_cases.arcgis(server)
    fake.services[EPCI].append(Layer(0, "Contours test", [{"code_test": "1"}]))
    downloads = bring(dataset)
    assert len(downloads) == 4
    assert http.notes == ["jeu_test: emi_test_epci: layer 'Contours test' names no year: it is left out"]
    for layers in fake.services.values():
        layers[:] = [Layer(0, "Contours test", [])]
    bring.refused(dataset, EPCI, "no layer whose name holds a year", "Contours test")


def test_each_layer_is_described_with_its_types_and_its_count(server: FakeServer, http: HttpClient) -> None:
    _, dataset = portal_cases.arcgis(server)
    description = next(iter(describe_files(dataset, http)))
    assert (description.file_name, description.rows) == ("emi_test_epci_2098.ndjson", 5)
    assert description.columns == {
        "OBJECTID": "oid",
        "annee_inv": "integer",
        "co2_t": "double",
        "code_test": "string",
        "Shape__Area": "double",
    }
