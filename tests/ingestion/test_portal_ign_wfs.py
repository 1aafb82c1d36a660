from __future__ import annotations

from typing import Any

import pytest

from ingestion.http import HttpClient
from ingestion.portals import describe_files
from tests.fakes.ign_wfs import parameters
from tests.fakes.server import FakeServer, edited_json
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, Params, ndjson, the_only

LAYER = "TYPENAMES=BDTOPO_TEST%3Ahaie"


def test_the_properties_of_all_features_are_downloaded(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.ign_wfs(server)
    rows = ndjson(the_only(bring(dataset)).path)
    assert [{"cleabs": row["cleabs"], "hauteur": row["hauteur"]} for row in rows] == [
        {"cleabs": feature["cleabs"], "hauteur": feature["hauteur"]} for feature in fake.features
    ]
    described, *calls = [parameters(call) for call in server.requests]
    assert described["request"] == "DescribeFeatureType"
    assert [call["startindex"] for call in calls] == ["0", "2", "4"]
    assert {(call["count"], call["version"]) for call in calls} == {("2", "2.0.0")}


def test_optional_property_that_the_layer_lacks_is_not_asked_for(
    server: FakeServer, http: HttpClient, bring: Bring
) -> None:
    _, dataset = portal_cases.ign_wfs(server, properties=["cleabs", "hauteur?", "date_crea?"])
    rows = ndjson(the_only(bring(dataset)).path)
    assert {tuple(row) for row in rows} == {("cleabs", "hauteur")}
    assert {parameters(call).get("propertyname") for call in server.requests[1:]} == {"cleabs,hauteur"}
    assert list(*(description.columns for description in describe_files(dataset, http))) == ["cleabs", "hauteur"]


@pytest.mark.parametrize("params", [{"properties": ["cleabs", "largeur"]}, {"sort": "largeur"}, {"key": ["largeur"]}])
def test_an_unknown_property_is_told_before_any_feature_is_asked(
    params: Params, server: FakeServer, bring: Bring
) -> None:
    _, dataset = portal_cases.ign_wfs(server, **params)
    bring.refused(dataset, "BDTOPO_TEST:haie has no property largeur", "cleabs, hauteur, nom")
    assert len(server.requests) == 1


def test_geometry_does_not_reach_the_file(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.ign_wfs(server)
    text = the_only(bring(dataset)).path.read_text()
    assert "LineString" not in text
    assert "coordinates" not in text


def test_pages_smaller_than_asked_are_followed(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.ign_wfs(server, count=5)
    fake.page_cap = 2
    rows = ndjson(the_only(bring(dataset)).path)
    assert [row["cleabs"] for row in rows] == [feature["cleabs"] for feature in fake.features]


def test_feature_on_two_pages_is_refused(server: FakeServer, bring: Bring) -> None:
    """Without a fixed order a feature may come twice, and another one never."""
    _, dataset = portal_cases.ign_wfs(server)
    last: list[Any] = []

    def shift(content: dict[str, Any]) -> dict[str, Any]:
        features = [*last, *content["features"]][: len(content["features"])]
        last[:] = content["features"][-1:]
        return content | {"features": features}

    server.inject("/wfs", None)  # the description of the layer
    server.inject_always("/wfs", edited_json(shift))
    bring.refused(dataset, LAYER, "haie.1")


def test_layers_have_a_file_each(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.ign_wfs(server, typename=["BDTOPO_TEST:haie", "BOCAGES_TEST:haie"])
    fake.layers = {"BOCAGES_TEST:haie": [{"cleabs": "HAIE-AUTRE", "hauteur": 2}]}
    downloads = bring(dataset)
    assert [download.file_name for download in downloads] == ["bdtopo-test-haie.ndjson", "bocages-test-haie.ndjson"]
    assert [row["cleabs"] for row in ndjson(downloads[1].path)] == ["HAIE-AUTRE"]
    assert len(ndjson(downloads[0].path)) == len(fake.features)
