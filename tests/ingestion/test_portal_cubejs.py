from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion.http import FetchError
from tests.fakes.cubejs import BEARER
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, assert_tells, the_only


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVIERS_HUB_TOKEN", BEARER)


def values(path: Path, measure: str) -> list[Any]:
    return [row[measure] for row in json.loads(path.read_text(encoding="utf-8"))["data"]]


def test_rows_of_the_measure_as_the_api_writes_them(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.cubejs(server)
    download = the_only(bring(dataset))
    assert values(download.path, "surface_test_epci.id_23") == ["1623105", 12.5, None]
    query = fake.queries()[0]
    assert query["measures"] == ["surface_test_epci.id_23"]
    assert server.calls("/load$")[0].headers["Authorization"] == f"Bearer {BEARER}"


def test_waits_as_long_as_the_api_computes(server: FakeServer, bring: Bring, sleeps: list[float]) -> None:
    fake, dataset = portal_cases.cubejs(server)
    fake.waits = 3
    the_only(bring(dataset))
    assert sleeps == [10.0, 10.0, 10.0]


def test_gives_up_waiting(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.cubejs(server)
    fake.waits = 1_000
    bring.refused(dataset, "/load", "Continue wait")
    assert len(server.calls("/load$")) <= 8


def test_token_that_is_missing_is_told_by_its_variable(
    server: FakeServer, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, dataset = portal_cases.cubejs(server)
    monkeypatch.delenv("LEVIERS_HUB_TOKEN")
    bring.refused(dataset, "LEVIERS_HUB_TOKEN")


def test_wrong_token_is_told_and_not_shown(server: FakeServer, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    _, dataset = portal_cases.cubejs(server)
    monkeypatch.setenv("LEVIERS_HUB_TOKEN", "jeton-perime")
    with pytest.raises(FetchError) as refusal:
        bring(dataset)
    assert_tells(refusal.value, "/cubejs-api/v1", "401")
    assert "jeton-perime" not in str(refusal.value)


def test_answer_that_reaches_the_limit_is_not_taken_for_all(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.cubejs(server)
    fake.rows = [fake.rows[0] | {"surface_test_epci.geocode_epci": f"{number:09d}"} for number in range(10_050)]
    download = the_only(bring(dataset))
    assert len(values(download.path, "surface_test_epci.geocode_epci")) == 10_050


def forest(server: FakeServer) -> Any:
    """A measure that two cubes have, each with a level and an axis of its own, an interval and its significance."""
    rows = [
        {
            f"{cube}.id_7": 100,
            f"{cube}.intervalle_confiance": 5,
            f"{cube}.significativite": "true",
            f"{cube}.{geo}": code,
            f"{cube}.essence": "Chêne test",
            f"{cube}.date_mesure": "2024-01-01T00:00:00.000",
        }
        for cube, geo, code in (
            ("bois_test_dpt", "geocode_departement", "09"),
            ("bois_test_region", "geocode_region", "76"),
        )
    ]
    fake, dataset = portal_cases.cubejs(
        server,
        measures=["bois_test_dpt.id_7", "bois_test_region.id_7"],
        dimensions=["essence", "bois_test_dpt.geocode_departement", "bois_test_region.geocode_region"],
        beside=["intervalle_confiance", "significativite"],
    )
    fake.rows = rows
    return dataset


def test_cubes_that_share_a_measure_have_a_file_each(server: FakeServer, bring: Bring) -> None:
    downloads = bring(forest(server))
    assert [download.file_name for download in downloads] == ["7__bois_test_dpt.json", "7__bois_test_region.json"]
    assert values(downloads[1].path, "bois_test_region.geocode_region") == ["76"]


def test_attributes_of_the_value_are_asked_for_with_it(server: FakeServer, bring: Bring) -> None:
    downloads = bring(forest(server))
    query = json.loads(server.calls("/load$")[0].body)["query"]
    assert query["measures"] == ["bois_test_dpt.id_7", "bois_test_dpt.intervalle_confiance"]
    assert query["dimensions"] == [
        "bois_test_dpt.essence", "bois_test_dpt.geocode_departement", "bois_test_dpt.significativite",
    ]  # fmt: skip
    assert values(downloads[0].path, "bois_test_dpt.intervalle_confiance") == [5]
    assert json.loads(downloads[0].path.read_text())["beside"] == ["intervalle_confiance", "significativite"]
