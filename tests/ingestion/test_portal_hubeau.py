from __future__ import annotations

import pytest

from ingestion.http import HttpClient
from tests.fakes.hubeau import DEPTH
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, contents, ndjson, the_only


def test_every_year_and_departement_is_asked_for(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.hubeau(server)
    rows = [row for download in bring(dataset) for row in ndjson(download.path)]
    assert rows == [{name: row[name] for name in row if name != "libelle_usage"} for row in fake.rows]
    asked = {(call.params["annee"], call.params["code_departement"]) for call in server.requests}
    assert asked == {(year, departement) for year in ("2021", "2022") for departement in ("09", "31")}


def test_pages_go_on_while_the_content_is_partial(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.hubeau(server, rows=12_000, years=["2022"], departements=["31"])
    assert len(ndjson(the_only(bring(dataset)).path)) == 12_000
    assert all(int(call.params["size"]) * int(call.params.get("page", 1)) <= DEPTH for call in server.requests)


@pytest.mark.parametrize(
    ("years", "absent_means", "brought"),
    [
        (["2022", "2023", "2024"], "zero", ["2022"]),
        (["2021", "2022"], "zero", ["2021"]),
        (["2021", "2022"], "missing", ["2021", "2022"]),
    ],
    ids=["not published", "a departement is not published", "an absent row is no zero"],
)
def test_newest_years_are_left_out_until_they_are_whole(
    server: FakeServer, http: HttpClient, bring: Bring, years: list[str], absent_means: str, brought: list[str]
) -> None:
    fake, dataset = portal_cases.hubeau(server, years=years)
    if years[0] == "2021":
        fake.rows = [row for row in fake.rows if (row["annee"], row["code_departement"]) != (2022, "31")]
    files = contents(bring(dataset.model_copy(update={"absent_means": absent_means})))
    assert set(files) == {f"chroniques_{year}.ndjson" for year in brought}
    assert len(http.notes) == len(years) - len(brought)
