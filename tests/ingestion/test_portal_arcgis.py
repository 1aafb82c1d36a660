from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.http import FetchError, HttpClient
from ingestion.portals import arcgis
from ingestion.portals.arcgis import fetch
from tests.fakes import server as fault
from tests.fakes.arcgis import Layer
from tests.fakes.server import FakeServer, Response, json_response
from tests.ingestion import portal_cases
from tests.ingestion.helpers import assert_tells, ndjson

EPCI = "emi_test_epci"


def refused(server: FakeServer, http: HttpClient, tmp_path: Path, **layer: object) -> FetchError:
    """The refusal of the case whose first layer is another one."""
    fake, dataset = portal_cases.arcgis(server)
    first = fake.services[EPCI][0]
    fake.services[EPCI][0] = Layer(**{"number": first.number, "name": first.name, "rows": first.rows, **layer})  # type: ignore[arg-type]
    with pytest.raises(FetchError) as refusal:
        fetch(dataset, http, [], tmp_path)
    return refusal.value


def test_a_layer_is_found_by_the_year_of_its_name(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    _, dataset = portal_cases.arcgis(server)
    downloads = fetch(dataset, http, [], tmp_path)
    assert downloads is not None
    assert [(download.file_name, download.vintage) for download in downloads] == [
        ("emi_test_epci_2098.ndjson", "2098"),
        ("emi_test_epci_2099.ndjson", "2099"),
        ("emi_test_region_2098.ndjson", "2098"),
        ("emi_test_region_2099.ndjson", "2099"),
    ]
    assert "/emi_test_epci/FeatureServer/7/query?" in downloads[0].url
    assert {row["annee_inv"] for row in ndjson(downloads[0].path)} == {2098}


def test_all_rows_come_in_pages_without_their_shapes(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    _, dataset = portal_cases.arcgis(server)
    downloads = fetch(dataset, http, [], tmp_path)
    assert downloads is not None
    rows = ndjson(downloads[1].path)
    assert [row["code_test"] for row in rows] == [f"emi_test_epci{number}" for number in range(5)]
    asked = [request.params for request in server.calls(f"{EPCI}/FeatureServer/3/query$")]
    assert [params.get("resultOffset") for params in asked] == [None, "0", "2", "4"]
    assert {params["f"] for params in asked} == {"json"}
    assert {params.get("returnGeometry") for params in asked[1:]} == {"false"}
    assert {params.get("orderByFields") for params in asked[1:]} == {"OBJECTID"}


def test_a_page_may_hold_less_than_is_asked_for(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    fake, dataset = portal_cases.arcgis(server, size=1000)
    fake.page_cap = 3
    downloads = fetch(dataset, http, [], tmp_path)
    assert downloads is not None
    assert [len(ndjson(download.path)) for download in downloads] == [5] * 4


def test_no_more_is_asked_for_than_the_layer_gives(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    fake, dataset = portal_cases.arcgis(server, size=1000)
    fake.max_records = fake.page_cap = 4
    fetch(dataset, http, [], tmp_path)
    sizes = {request.params.get("resultRecordCount") for request in server.calls("/query$")}
    assert sizes == {None, "4"}


def test_fewer_rows_than_the_service_counts_are_refused(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    _, dataset = portal_cases.arcgis(server)
    server.inject("/FeatureServer/7/query$", fault.edited_json(lambda answer: answer | {"count": 6}))
    with pytest.raises(FetchError) as refusal:
        fetch(dataset, http, [], tmp_path)
    assert_tells(refusal.value, "/emi_test_epci/FeatureServer/7/query", "5 rows received, 6 announced")


def test_a_service_that_ignores_the_offset_is_refused(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    fake, dataset = portal_cases.arcgis(server)

    def always_first(request: fault.Request, response: Response) -> Response:
        if "resultOffset" not in request.params:
            return response
        rows = fake.services[EPCI][1].features[:2]
        return json_response({"features": [{"attributes": row} for row in rows], "exceededTransferLimit": True})

    server.inject_always("/FeatureServer/7/query$", always_first)
    with pytest.raises(FetchError) as refusal:
        fetch(dataset, http, [], tmp_path)
    assert_tells(refusal.value, "the same page came twice")


def test_an_error_with_the_status_200_is_told(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    _, dataset = portal_cases.arcgis(server, services=["emi_absent"])
    with pytest.raises(FetchError) as refusal:
        fetch(dataset, http, [], tmp_path)
    assert_tells(refusal.value, "/emi_absent/FeatureServer?f=json", "error 400: Invalid URL")


def test_an_error_in_the_middle_of_the_pages_is_told_with_its_details(
    server: FakeServer, http: HttpClient, tmp_path: Path
) -> None:
    _, dataset = portal_cases.arcgis(server)
    error = {"error": {"code": 400, "message": "Cannot perform query.", "details": ["first\nline", "second"]}}
    server.inject("/FeatureServer/7/query$", None, None, fault.edited_json(lambda answer: error))
    with pytest.raises(FetchError) as refusal:
        fetch(dataset, http, [], tmp_path)
    assert_tells(refusal.value, "resultOffset=2", "error 400: Cannot perform query. first line second")


def test_a_row_of_another_year_than_the_layer_is_refused(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    rows = [{"annee_inv": 2099, "co2_t": 1.5}, {"annee_inv": 2097, "co2_t": 1.5}]
    error = refused(server, http, tmp_path, rows=rows)
    assert_tells(error, "'Émissions 2099 test' is of 2099", "annee_inv 2097")


@pytest.mark.parametrize("year", ["2099", 2099.0])
def test_a_year_may_be_a_text_or_a_number(server: FakeServer, http: HttpClient, tmp_path: Path, year: object) -> None:
    fake, dataset = portal_cases.arcgis(server)
    for layers in fake.services.values():
        layers[0].rows = [{"annee_inv": year, "co2_t": 1.5}]
    assert fetch(dataset, http, [], tmp_path)


def test_a_layer_that_lacks_a_field_is_refused_in_words(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    error = refused(server, http, tmp_path, rows=[{"annee_inv": 2099, "co2": 1.5}])
    assert_tells(error, "layer 'Émissions 2099 test' has no field co2_t, it has OBJECTID, annee_inv, co2")
    assert server.calls("/FeatureServer/3/query$") == []


def test_two_layers_of_a_year_are_refused(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    error = refused(server, http, tmp_path, name="Inventaire 2098 (provisoire)")
    assert_tells(error, EPCI, "2 layers of 2098", "'Inventaire 2098 (provisoire)'", "'Émissions 2098 test'")


def test_a_name_of_two_years_is_refused(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    error = refused(server, http, tmp_path, name="Inventaire 2098, version 2099")
    assert_tells(error, "'Inventaire 2098, version 2099' holds 2098 and 2099")


def test_a_layer_without_a_year_is_left_out_and_told(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    fake, dataset = portal_cases.arcgis(server)
    fake.services[EPCI].append(Layer(0, "Contours test", [{"code_test": "1"}]))
    downloads = fetch(dataset, http, [], tmp_path)
    assert downloads is not None
    assert len(downloads) == 4
    assert http.notes == ["jeu_test: emi_test_epci: layer 'Contours test' names no year: it is left out"]
    for layers in fake.services.values():
        layers[:] = [Layer(0, "Contours test", [])]
    with pytest.raises(FetchError) as refusal:
        fetch(dataset, http, [], tmp_path)
    assert_tells(refusal.value, EPCI, "no layer whose name holds a year", "Contours test")


def test_a_layer_without_rows_is_refused(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    _, dataset = portal_cases.arcgis(server)
    server.inject(
        "/FeatureServer/7/query$",
        fault.edited_json(lambda answer: {"count": 0}),
        fault.edited_json(lambda answer: {"features": []}),
    )
    with pytest.raises(FetchError) as refusal:
        fetch(dataset, http, [], tmp_path)
    assert_tells(refusal.value, "/FeatureServer/7/query", "no rows")


def test_each_layer_is_described_with_its_types_and_its_count(server: FakeServer, http: HttpClient) -> None:
    _, dataset = portal_cases.arcgis(server)
    description = next(iter(arcgis.describe(dataset, http)))
    assert (description.file_name, description.rows) == ("emi_test_epci_2098.ndjson", 5)
    assert description.columns == {
        "OBJECTID": "oid",
        "annee_inv": "integer",
        "co2_t": "double",
        "code_test": "string",
        "Shape__Area": "double",
    }
