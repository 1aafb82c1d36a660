from __future__ import annotations

import pytest

from ingestion.http import HttpClient
from tests.fakes.hubeau import DEPTH
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, contents, ndjson, the_only

FIELDS = "code_ouvrage,annee,volume,code_departement"


def test_every_year_and_departement_is_asked_for(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.hubeau(server)
    files = contents(bring(dataset))
    text = b"".join(files.values()).decode()
    assert sum(text.count(row["code_ouvrage"]) for row in fake.rows[:3]) == len(fake.rows)
    assert "EAU TEST" not in text
    asked = {(call.params["annee"], call.params["code_departement"]) for call in server.requests}
    assert asked == {(year, departement) for year in ("2021", "2022") for departement in ("09", "31")}
    assert {call.params["fields"] for call in server.requests} == {FIELDS}


def test_a_row_has_only_the_fields_of_the_record(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.hubeau(server, years=["2022"], departements=["31"], fields="code_ouvrage, libelle_usage")
    rows = ndjson(the_only(bring(dataset)).path)
    assert rows[0] == {"code_ouvrage": "OPR0000000000", "libelle_usage": "EAU TEST"}


def test_pages_go_on_while_the_content_is_partial(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.hubeau(server, rows=12_000, years=["2022"], departements=["31"])
    files = contents(bring(dataset))
    assert sum(content.count(b"OPR") for content in files.values()) == 12_000
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
    assert all("left out" in note for note in http.notes)
