from __future__ import annotations

import json

import pytest

from ingestion.http import FetchError
from tests.fakes.cubejs import BEARER
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, assert_tells, the_only

MEASURE = "surface_test_epci.id_23"


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVIERS_HUB_TOKEN", BEARER)


def test_a_measure_is_a_file_of_all_its_rows(server: FakeServer, bring: Bring) -> None:
    """The API has no total: an answer that reaches the limit is not taken for all."""
    fake, dataset = portal_cases.cubejs(server)
    fake.rows = [fake.rows[0] | {"surface_test_epci.geocode_epci": f"{number:09d}"} for number in range(10_050)]
    download = the_only(bring(dataset))
    assert download.file_name == "23.json"
    document = json.loads(download.path.read_text(encoding="utf-8"))
    assert (document["cubeName"], document["measureName"]) == ("surface_test_epci", MEASURE)
    assert [row["surface_test_epci.geocode_epci"] for row in document["data"]] == [f"{n:09d}" for n in range(10_050)]
    assert document["data"][0][MEASURE] == "1623105"
    assert server.calls("/load$")[0].headers["Authorization"] == f"Bearer {BEARER}"


def test_the_api_is_waited_for_while_it_computes_and_not_for_ever(
    server: FakeServer, bring: Bring, sleeps: list[float]
) -> None:
    fake, dataset = portal_cases.cubejs(server)
    fake.waits = 3
    the_only(bring(dataset))
    assert sleeps == [10.0, 10.0, 10.0]
    fake.waits = 1_000
    bring.refused(dataset, "/load", "Continue wait")


def test_a_measure_that_is_gone_is_refused(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.cubejs(server)
    fake.rows = [{"autre_test_epci.id_25": 1}]
    bring.refused(dataset, "/meta", MEASURE)


def test_a_missing_token_is_told_by_its_variable_and_a_wrong_one_is_not_shown(
    server: FakeServer, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, dataset = portal_cases.cubejs(server)
    monkeypatch.setenv("LEVIERS_HUB_TOKEN", "jeton-perime")
    with pytest.raises(FetchError) as refusal:
        bring(dataset)
    assert_tells(refusal.value, "/cubejs-api/v1", "401")
    assert "jeton-perime" not in str(refusal.value)
    monkeypatch.delenv("LEVIERS_HUB_TOKEN")
    bring.refused(dataset, "LEVIERS_HUB_TOKEN")
