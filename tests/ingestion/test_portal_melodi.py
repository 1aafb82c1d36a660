from __future__ import annotations

from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, ndjson, the_only


def test_the_observations_of_all_pages_are_downloaded(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.melodi(server)
    download = the_only(bring(dataset))
    assert download.file_name == f"{fake.dataset_id}.ndjson"
    rows = ndjson(download.path)
    assert [row["GEO"] for row in rows] == [f"2025-COM-3100{number}" for number in range(1, 7)]
    assert [row["OBS_VALUE_NIVEAU"] for row in rows] == [1.5, 2.5, 3.5, 4.5, 5.5, None]
    assert [row["OBS_STATUS"] for row in rows] == ["A"] * 5 + ["K"]
    assert {row["NRG_SRC"] for row in rows} == {"OIL"}
    calls = server.calls("/melodi/data/")
    assert [call.params.get("page", "1") for call in calls] == ["1", "2", "3"]
    assert {(call.params["TIME_PERIOD"], call.params["NRG_SRC"]) for call in calls} == {("2022", "OIL")}


def test_a_single_page_without_last_mark_and_link_is_whole(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.melodi(server)
    fake.page_cap = 10
    rows = ndjson(the_only(bring(dataset)).path)
    assert len(server.calls("/melodi/data/")) == 1
    assert [row["OBS_VALUE_NIVEAU"] for row in rows] == [1.5, 2.5, 3.5, 4.5, 5.5, None]


def test_a_dimension_may_have_several_values(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.melodi(server, filters=["NRG_SRC=OIL", "NRG_SRC=ELC", "GEO=COM"])
    assert len(ndjson(the_only(bring(dataset)).path)) == 11
