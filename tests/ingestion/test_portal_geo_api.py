from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingestion.http import FetchError, HttpClient
from ingestion.portals import geo_api
from tests.fakes.server import FakeServer, edited_json
from tests.ingestion import portal_cases
from tests.ingestion.helpers import assert_tells, contents, record


def test_one_file_per_endpoint(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    _, dataset = portal_cases.geo_api(server)
    files = contents(geo_api.fetch(dataset, http, [], tmp_path))
    assert sorted(files) == ["communes.json", "epcis.json"]
    communes = json.loads(files["communes.json"])
    assert communes == [
        {"nom": f"Commune Test {number}", "code": f"31{number:03d}", "siren": f"2131{number:05d}"} for number in (1, 2)
    ]
    assert server.calls("/communes")[0].params == {"codeRegion": "76", "fields": "nom,code,siren"}


@pytest.mark.parametrize("content", [[], {"message": "erreur " * 50}])
def test_answer_without_entries_is_refused(
    server: FakeServer, http: HttpClient, tmp_path: Path, content: object
) -> None:
    portal_cases.geo_api(server)
    dataset = record("geo_api", server.url, {"endpoints": ["epcis"]}, size_floor=200)
    server.inject_always("/epcis", edited_json(lambda _: content))
    with pytest.raises(FetchError) as refusal:
        geo_api.fetch(dataset, http, [], tmp_path)
    assert_tells(refusal.value, f"{server.url}/epcis")


def test_two_endpoints_do_not_share_a_file(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    _, dataset = portal_cases.geo_api(server, endpoints=["communes?codeRegion=76", "communes?codeRegion=84"])
    with pytest.raises(FetchError) as refusal:
        geo_api.fetch(dataset, http, [], tmp_path)
    assert_tells(refusal.value, server.url, "communes.json")


def test_endpoint_that_is_gone_is_told(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    _, dataset = portal_cases.geo_api(server, endpoints=["cantons"])
    with pytest.raises(FetchError) as refusal:
        geo_api.fetch(dataset, http, [], tmp_path)
    assert_tells(refusal.value, f"{server.url}/cantons", "HTTP 404")
