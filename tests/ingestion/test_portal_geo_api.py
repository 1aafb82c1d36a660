from __future__ import annotations

import json

import pytest

from tests.fakes.server import FakeServer, edited_json
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, contents, record


def test_each_endpoint_is_a_file(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.geo_api(server)
    files = contents(bring(dataset))
    assert sorted(files) == ["communes.json", "epcis.json"]
    communes = json.loads(files["communes.json"])
    assert communes == [
        {"nom": f"Commune Test {number}", "code": f"31{number:03d}", "siren": f"2131{number:05d}"} for number in (1, 2)
    ]
    assert server.calls("/communes")[0].params == {"codeRegion": "76", "fields": "nom,code,siren"}


@pytest.mark.parametrize("content", [[], {"message": "erreur " * 50}])
def test_answer_without_entries_is_refused(server: FakeServer, bring: Bring, content: object) -> None:
    portal_cases.geo_api(server)
    dataset = record("geo_api", server.url, {"endpoints": ["epcis"]}, size_floor=200)
    server.inject_always("/epcis", edited_json(lambda _: content))
    bring.refused(dataset, f"{server.url}/epcis")
