"""The fakes keep the documented rules of their portals, also those that no connector breaks."""

from __future__ import annotations

import json
from typing import Any

import requests

from tests.fakes.atmo_data import ACCOUNT, LOGIN
from tests.fakes.cubejs import BEARER
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases


def get(url: str, **params: Any) -> requests.Response:
    return requests.get(url, params=params, timeout=5, allow_redirects=False)


def test_data_fair_gives_twelve_lines_and_ignores_unknown_parameters(server: FakeServer) -> None:
    fake, _ = portal_cases.data_fair(server, rows=30)
    answer = get(f"{fake.url}/lines", code_departement="09", rows=100, start=12).json()
    assert (answer["total"], len(answer["results"])) == (30, 12)
    assert {row["code_departement"] for row in answer["results"]} == {"09", "31"}


def test_data_fair_omits_empty_fields_and_labels_its_csv(server: FakeServer) -> None:
    fake, _ = portal_cases.data_fair(server)
    assert "conso_totale_mwh" not in get(f"{fake.url}/lines").json()["results"][1]
    content = get(f"{fake.url}/lines", format="csv", sep=";").content
    assert content.startswith("\ufeffCode Commune;Nom Commune".encode())


def test_data_fair_caps_pages_and_buckets(server: FakeServer) -> None:
    fake, _ = portal_cases.data_fair(server)
    answer = get(f"{fake.url}/lines", size=10_001)
    assert (answer.status_code, answer.json()) == (400, '"size + skip" cannot be more than 10000')
    assert get(f"{fake.url}/values_agg", field="code_commune", agg_size=1_001).status_code == 400
    buckets = get(f"{fake.url}/values_agg", field="code_departement", agg_size=1).json()
    assert (buckets["total"], buckets["total_other"], len(buckets["aggs"])) == (7, 3, 1)


def test_opendatasoft_caps_records_and_not_exports(server: FakeServer) -> None:
    fake, _ = portal_cases.opendatasoft(server)
    assert get(f"{fake.url}/records", limit=101).status_code == 400
    assert get(f"{fake.url}/records", limit=100, offset=9_901).status_code == 400
    assert get(f"{fake.url}/records").json()["total_count"] == 12
    export = get(f"{fake.url}/exports/csv", select="annee")
    assert export.content.startswith("\ufeffAnnée\r\n".encode())


def test_dido_has_up_to_three_header_lines(server: FakeServer) -> None:
    fake, _ = portal_cases.dido(server)
    csv_url = f"{fake.url}/datafiles/{portal_cases.DIDO_RID}/csv"
    lines = get(csv_url, withColumnUnit="true").content.decode("utf-8-sig").splitlines()
    assert lines[:3] == [
        '"Fioul domestique";"Code de la région";"Année"',
        '"FOD";"REGION_CODE";"ANNEE"',
        '"t";"n/a";"n/a"',
    ]


def test_data_gouv_redirects(server: FakeServer) -> None:
    fake, _ = portal_cases.data_gouv(server)
    resource = fake.datasets[0].resources[0]
    for prefix in ("/api/1", "/fr"):
        answer = get(f"{server.url}{prefix}/datasets/r/{resource.resource_id}")
        assert answer.status_code == 302
        assert f"/{resource.stamp}/" in answer.headers["Location"]


def test_cubejs_refuses_without_a_token(server: FakeServer) -> None:
    fake, _ = portal_cases.cubejs(server)
    query = json.dumps({"query": {"measures": ["surface_test_epci.id_23"]}})
    statuses = [
        requests.post(f"{fake.url}/load", data=query, headers=headers, timeout=5).status_code
        for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Bearer {BEARER}"})
    ]
    assert statuses == [403, 401, 200]


def test_hubeau_tells_more_pages_by_its_status(server: FakeServer) -> None:
    fake, _ = portal_cases.hubeau(server)
    statuses = [get(fake.url, annee=2022, size=4, page=page).status_code for page in (1, 2)]
    assert statuses == [206, 200]
    assert get(fake.url, size=5_000, page=5).status_code == 400


def test_arcgis_tells_its_errors_with_the_status_200_and_more_rows_by_a_mark(server: FakeServer) -> None:
    fake, _ = portal_cases.arcgis(server)
    query = f"{fake.url}/emi_test_epci/FeatureServer/3/query"
    answer = get(query, f="json", outFields="*")
    assert (answer.status_code, answer.json()["error"]["code"]) == (200, 400)
    wrong = get(query, where="1=1", f="json", outFields="absent").json()
    assert "Invalid field: absent" in wrong["error"]["details"][0]
    pages = [
        get(query, where="1=1", f="json", outFields="*", resultOffset=start, resultRecordCount=3).json()
        for start in (0, 3)
    ]
    assert [(len(page["features"]), page.get("exceededTransferLimit")) for page in pages] == [(3, True), (2, None)]
    assert get(query, where="1=1", outFields="*").headers["Content-Type"].startswith("text/html")


def test_atmo_data_wants_its_token_and_ignores_what_it_does_not_know(server: FakeServer) -> None:
    fake, _ = portal_cases.atmo_data(server)
    login = f"{server.url}{LOGIN}"
    posted = [{"username": name, "password": word} for name, word in (ACCOUNT, (ACCOUNT[0], "faux"))]
    answers = [requests.post(login, json=content, timeout=5) for content in posted]
    assert [answer.status_code for answer in answers] == [200, 401]
    headers = [{}, {"Authorization": "Bearer x"}, {"Authorization": f"Bearer {answers[0].json()['token']}"}]
    asked = {"format": "csv", "inconnu": "1"}
    found = [requests.get(fake.url, params=asked, headers=sent, timeout=5) for sent in headers]
    assert [answer.status_code for answer in found] == [401, 401, 200]
    assert len(found[-1].text.splitlines()) == 7
