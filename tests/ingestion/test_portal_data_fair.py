from __future__ import annotations

from typing import Any

import pytest

from ingestion.http import FetchError, HttpClient
from ingestion.portals import describe_files
from tests.fakes import server as fault
from tests.fakes.data_fair import DataFair
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, Params, csv_rows, ndjson, record, the_only

KEYS = ["code_commune", "nom_commune", "code_departement", "conso_totale_mwh"]


def test_lines_follow_the_cursor_to_the_last(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_fair(server)
    download = the_only(bring(dataset))
    assert download.file_name == f"{fake.slug}.ndjson"
    assert ndjson(download.path) == [{key: row[key] for key in KEYS} for row in fake.rows]
    assert download.etag == fake.updated_at
    calls = server.calls("/lines$")
    assert [call.params.get("after") for call in calls] == [None, "3", "6"]
    assert {call.params["size"] for call in calls} == {"3"}
    assert {call.params["select"] for call in calls} == {",".join(KEYS)}


def test_lines_end_on_a_full_page(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_fair(server, rows=6)
    assert len(ndjson(the_only(bring(dataset)).path)) == len(fake.rows)


def test_default_page_is_the_largest_allowed(server: FakeServer, bring: Bring) -> None:
    fake, _ = portal_cases.data_fair(server, rows=15)
    params: Params = {"mode": "lines", "select": ",".join(KEYS), "key": ["code_commune"]}
    download = the_only(bring(record("data_fair", fake.url, params)))
    assert len(ndjson(download.path)) == 15
    assert server.calls("/lines$")[0].params["size"] == "10000"


def test_filters_and_query_reach_the_portal(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_fair(
        server, filters=["code_departement_in=09,65"], qs='nom_commune:"Commune Test 4"'
    )
    rows = ndjson(the_only(bring(dataset)).path)
    assert [row["code_commune"] for row in rows] == ["31004"]
    first = server.calls("/lines$")[0].params
    assert (first["code_departement_in"], first["qs"]) == ("09,65", 'nom_commune:"Commune Test 4"')
    assert fake.rows[3]["nom_commune"] == "Commune Test 4"


@pytest.mark.parametrize(
    ("params", "unknown"),
    [
        ({"mode": "lines", "qs": "_exists_:code_commune"}, "qs"),
        ({"mode": "values_agg", "field": "code_departement", "missing": "?"}, "missing"),
    ],
)
def test_parameter_that_the_server_says_it_ignored_is_an_error(
    params: Params, unknown: str, server: FakeServer, http: HttpClient, bring: Bring
) -> None:
    fake, _ = portal_cases.data_fair(server)
    dataset = record("data_fair", fake.url, params)
    fake.recognized -= {unknown}
    bring.refused(dataset, fake.slug, f"{unknown} is not a recognized query parameter and was ignored")
    with pytest.raises(FetchError, match=f"{unknown} is not a recognized query parameter"):
        list(describe_files(dataset, http))


def test_advice_on_speed_is_no_error(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_fair(server)
    hint = {"meta": {"hints": ["Advice to optimize your queries: request fewer results per page (lower size)."]}}
    server.inject_always("/lines$", fault.edited_json(lambda content: content | hint))
    assert len(ndjson(the_only(bring(dataset)).path)) == len(fake.rows)


def test_a_column_that_may_be_missing_is_asked_for_where_it_is(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.data_fair(server, select="code_commune,nom_commune?,colonne_absente?")
    rows = ndjson(the_only(bring(dataset)).path)
    assert {tuple(row) for row in rows} == {("code_commune", "nom_commune")}


def test_the_raw_file_is_that_of_the_producer(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_fair(server, mode="raw")
    download = the_only(bring(dataset))
    assert (download.etag, download.path.read_bytes()) == (fake.updated_at, fake.raw)


def test_the_full_file_has_all_rows_by_label(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_fair(server, mode="full")
    download = the_only(bring(dataset))
    assert download.etag == fake.updated_at
    rows = csv_rows(download.path)
    assert [row["Code Commune"] for row in rows] == [row["code_commune"] for row in fake.rows]
    assert list(rows[0]) == list(fake.fields.values())


DATES = ["2025-12-30", "2026-01-02", "2026-01-02"]


def dated(server: FakeServer, **params: str | int | list[str]) -> tuple[DataFair, Any]:
    """Three diagnoses, the first without its commune; the second replaces another one."""
    fake = DataFair(
        server,
        "diagnostics-test",
        {"numero": "N°", "commune": "Commune", "departement": "Dépt", "modifie_le": "Modifié", "remplace": "Remplace"},
        [
            {"numero": f"T{number}", "commune": "09999" if number else None, "departement": "09", "modifie_le": day}
            for number, day in enumerate(DATES)
        ],
    )
    fake.rows[1]["remplace"] = "T9"
    return fake, record("data_fair", fake.url, params)


def changing(server: FakeServer) -> tuple[DataFair, Any]:
    select = "numero,commune,modifie_le"
    return dated(server, mode="lines", select=select, key=["numero"], cursor="modifie_le", qs='departement:"09"')


def test_only_changed_rows_are_asked_for(server: FakeServer, bring: Bring) -> None:
    fake, dataset = changing(server)
    previous = bring.stored(dataset)
    fake.rows[0] |= {"commune": "09998", "modifie_le": "2026-02-03"}
    fake.rows.append({"numero": "T3", "commune": "09999", "departement": "09", "modifie_le": "2026-02-04"})
    fake.updated_at = "2026-02-05T00:00:00.000Z"
    server.requests.clear()
    rows = ndjson(the_only(bring(dataset, previous)).path)
    assert sorted((row["numero"], row["commune"]) for row in rows) == [
        ("T0", "09998"), ("T1", "09999"), ("T2", "09999"), ("T3", "09999"),
    ]  # fmt: skip
    asked = [call.params for call in server.calls("/lines$") if call.params["size"] != "0"]
    assert [call["modifie_le_gte"] for call in asked] == ["2026-01-02"]


def test_withdrawn_rows_bring_the_whole_again(server: FakeServer, bring: Bring) -> None:
    fake, dataset = changing(server)
    previous = bring.stored(dataset)
    del fake.rows[0]
    fake.updated_at = "2026-02-05T00:00:00.000Z"
    rows = ndjson(the_only(bring(dataset, previous)).path)
    assert [row["numero"] for row in rows] == ["T1", "T2"]


def test_each_query_is_narrowed_by_each_condition(server: FakeServer, bring: Bring) -> None:
    spans = ["modifie_le:[* TO 2025-12-31]", "modifie_le:[2026-01-01 TO 2026-12-31]"]
    queries = ['departement:"09"', "NOT _exists_:departement"]
    _, dataset = dated(server, within=spans, mode="lines", select="numero", qs=queries)
    assert len(ndjson(the_only(bring(dataset)).path)) == len(DATES)
    assert [call.params["qs"] for call in server.calls("/lines$")] == [
        f"{query} AND {span}" for query in queries for span in spans
    ]  # fmt: skip


def counted(server: FakeServer, **params: str | int | list[str]) -> tuple[DataFair, Any]:
    return dated(server, mode="values_agg", field="commune;modifie_le", interval="value;year", **params)


def test_rows_without_a_value_and_years_are_groups(server: FakeServer, bring: Bring) -> None:
    _, dataset = counted(server, missing="none", filters=["remplace_nexists=true"])
    rows = csv_rows(the_only(bring(dataset)).path)
    assert [(row["commune"], row["modifie_le"], row["total"]) for row in rows] == [
        ("09999", "2026-01-01", "1"), ("none", "2025-01-01", "1"),
    ]  # fmt: skip


def test_groups_of_all_levels_stay_below_what_the_portal_makes(server: FakeServer, bring: Bring) -> None:
    _, dataset = counted(server, missing="none")
    bring(dataset)
    assert server.calls("/values_agg$")[0].params["agg_size"] == "316;316"


def test_rows_in_no_group_are_noticed(server: FakeServer, bring: Bring) -> None:
    fake, dataset = counted(server, missing="none")
    fake.rows[2]["modifie_le"] = None
    bring.refused(dataset, fake.slug, "the groups hold 1 rows of 2")


def aggregates(server: FakeServer, **params: str | int | list[str]) -> tuple[Any, Any]:
    fake, _ = portal_cases.data_fair(server)
    asked = {
        "mode": "values_agg",
        "field": "code_departement;code_commune",
        "agg_size": "100;1000",
    }
    return fake, record("data_fair", fake.url, asked | params)


def test_aggregates_are_one_row_per_combination(server: FakeServer, bring: Bring) -> None:
    fake, dataset = aggregates(server)
    download = the_only(bring(dataset))
    rows = csv_rows(download.path)
    assert {(row["code_departement"], row["code_commune"]) for row in rows} == {
        (row["code_departement"], row["code_commune"]) for row in fake.rows
    }
    assert sum(int(row["total"]) for row in rows) == 7
    assert server.calls("/values_agg$")[0].params["agg_size"] == "100;1000"
