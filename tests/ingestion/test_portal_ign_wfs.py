from __future__ import annotations

import pytest

from ingestion.http import HttpClient
from tests.fakes.ign_wfs import parameters
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, Params, ndjson, the_only

HEDGES = "BDTOPO_TEST:haie"


def test_the_properties_of_all_features_come_without_their_geometry(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.ign_wfs(server)
    rows = ndjson(the_only(bring(dataset)).path)
    assert rows == [{name: row[name] for name in ("cleabs", "hauteur")} for row in fake.layers[HEDGES]]
    described, *calls = [parameters(call) for call in server.requests]
    assert described["request"] == "DescribeFeatureType"
    assert [call["startindex"] for call in calls] == ["0", "2", "4"]
    assert {(call["sortby"], call["version"]) for call in calls} == {("cleabs", "2.0.0")}


def test_an_optional_property_that_the_layer_lacks_is_not_asked_for(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.ign_wfs(server, properties=["cleabs", "hauteur?", "date_crea?"])
    rows = ndjson(the_only(bring(dataset)).path)
    assert {tuple(row) for row in rows} == {("cleabs", "hauteur")}
    assert {parameters(call).get("propertyname") for call in server.requests[1:]} == {"cleabs,hauteur"}


@pytest.mark.parametrize("params", [{"properties": ["cleabs", "largeur"]}, {"key": ["largeur"]}])
def test_an_unknown_property_is_told_before_any_feature_is_asked(
    params: Params, server: FakeServer, bring: Bring
) -> None:
    _, dataset = portal_cases.ign_wfs(server, **params)
    bring.refused(dataset, f"{HEDGES} has no property largeur", "cleabs, hauteur, nom")
    assert len(server.requests) == 1


def test_layers_have_a_file_each(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.ign_wfs(server, typename=[HEDGES, "BOCAGES_TEST:haie"])
    fake.layers["BOCAGES_TEST:haie"] = [{"cleabs": "HAIE-AUTRE", "hauteur": 2}]
    downloads = bring(dataset)
    assert [download.file_name for download in downloads] == ["bdtopo-test-haie.ndjson", "bocages-test-haie.ndjson"]
    assert [row["cleabs"] for row in ndjson(downloads[1].path)] == ["HAIE-AUTRE"]


def test_a_layer_that_is_not_there_leaves_the_others(server: FakeServer, http: HttpClient, bring: Bring) -> None:
    """Nine of ten programs ask for ``reserve_biologique``, one for ``rb``: a layer is renamed without notice."""
    _, dataset = portal_cases.ign_wfs(server, typename=["patrinat_rb:rb", HEDGES])
    assert the_only(bring(dataset)).file_name == "bdtopo-test-haie.ndjson"
    assert "jeu_test: patrinat-rb-rb.ndjson is left out" in http.notes[0]
    _, dataset = portal_cases.ign_wfs(server, typename=["patrinat_rb:rb", "RPG.1999:parcelles_graphiques"])
    bring.refused(dataset, "HTTP 400")
