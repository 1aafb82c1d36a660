from __future__ import annotations

from dataclasses import replace

import pytest

from ingestion.http import ATTEMPTS, FetchError, HttpClient, NotReachedError
from tests.fakes import server as fault
from tests.fakes.ecolab_hub import ORGANIZATION, TAG, level_csv
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, contents

ALL = {
    "indicateur-test-1__commune.csv": level_csv("commune", 1),
    "indicateur-test-1__epci.csv": level_csv("epci", 1),
    "indicateur-test-1__region.csv": level_csv("region", 1),
    "indicateur-test-2__region.csv": level_csv("region", 2),
    "indicateur-test-3__departement.csv": level_csv("departement", 3),
    "indicateur-test-4__epci.csv": level_csv("epci", 4),
    "indicateur-test-4__commune.csv": level_csv("commune", 4),
}


def test_every_level_of_every_dataset_is_downloaded(server: FakeServer, bring: Bring) -> None:
    """A search that ignores the organisation brings no other's."""
    fake, dataset = portal_cases.ecolab_hub(server)
    fake.ignores_organization = True
    assert contents(bring(dataset)) == ALL
    assert [search.params.get("page", "1") for search in server.calls("/search/$")] == ["1", "2", "3"]
    asked = {(search.params["organization"], search.params["tag"]) for search in server.calls("/search/$")}
    assert asked == {(ORGANIZATION, TAG)}


def test_only_the_levels_and_files_of_the_record_are_brought(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.ecolab_hub(server, levels=["region", "epci"], leave=["*-2__region.csv"])
    assert set(contents(bring(dataset))) == {
        "indicateur-test-1__epci.csv", "indicateur-test-1__region.csv", "indicateur-test-4__epci.csv",
    }  # fmt: skip
    claims = [table.model_copy(update={"file_pattern": "indicateur-*-4__epci.csv"}) for table in dataset.tables]
    brought = contents(bring(dataset.model_copy(update={"tables": claims})))
    assert set(brought) == {"indicateur-test-4__epci.csv"}


def test_the_newest_of_two_files_of_a_level_is_downloaded(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.ecolab_hub(server)
    current = fake.datasets[1].resources[0]
    older = replace(current, resource_id="older", body=level_csv("region", 99), stamp="20200203-040506")
    fake.datasets[1].resources.append(older)
    assert contents(bring(dataset)) == ALL


def test_a_file_in_trouble_does_not_hold_up_the_others(server: FakeServer, http: HttpClient, bring: Bring) -> None:
    """It stays as it was and is asked again at the next run; one that was never there is noted."""
    fake, dataset = portal_cases.ecolab_hub(server)
    name = "indicateur-test-2__region.csv"
    server.inject("/static/.*", None, None, None, fault.status(404))
    assert contents(bring(dataset)) == {other: body for other, body in ALL.items() if other != name}
    assert f"jeu_test: {name} is left out: " in " ".join(http.notes)
    previous = bring.stored(dataset)
    changed = fake.datasets[1].resources[0]
    changed.stamp, changed.body = "20260909-090909", level_csv("region", 20)
    server.inject("/static/.*", fault.status(404))
    assert bring.unchanged(dataset, previous)
    assert f"jeu_test: {name} is as it was: " in " ".join(http.notes)
    assert contents(bring(dataset, previous)) == ALL | {name: changed.body}


def test_a_hub_out_of_reach_or_without_one_good_file_brings_nothing(
    server: FakeServer, http: HttpClient, bring: Bring
) -> None:
    fake, dataset = portal_cases.ecolab_hub(server)
    server.inject("/static/.*", *[fault.no_answer] * ATTEMPTS)
    with pytest.raises(NotReachedError):
        bring(dataset)
    assert http.notes == []
    previous = bring.stored(dataset)
    for entry in fake.datasets:
        for resource in entry.resources:
            resource.stamp = "20260909-090909"
    server.inject_always("/static/.*", fault.status(404))
    with pytest.raises(FetchError, match="HTTP 404"):
        bring(dataset, previous)


def test_a_file_that_left_the_hub_stays_as_it_was_and_the_others_come(
    server: FakeServer, http: HttpClient, bring: Bring
) -> None:
    """A series that has another name now is not counted twice."""
    fake, record = portal_cases.ecolab_hub(server)
    dataset = portal_cases.hub_record(record, n901="indicateur-test*-1", n904="indicateur-test*-4")
    previous = bring.stored(dataset)
    before = {snapshot.file_name: snapshot.path.read_bytes() for snapshot in previous}
    assert len(before) == 4
    last = fake.datasets[3]
    last.slug = "indicateur-test-nouveau-4"
    assert {name for name in contents(bring(dataset, previous)) if "-4__" in name} == {
        "indicateur-test-nouveau-4__commune.csv", "indicateur-test-nouveau-4__epci.csv",
    }  # fmt: skip
    fake.datasets.remove(last)
    changed = next(resource for resource in fake.datasets[0].resources if resource.title.endswith("epci.csv"))
    changed.stamp, changed.body = "20260909-090909", level_csv("epci", 20)
    assert contents(bring(dataset, previous)) == before | {"indicateur-test-1__epci.csv": changed.body}
    assert sorted(note for note in http.notes if "gone" in note) == [
        f"jeu_test: indicateur-test-4__{level}.csv is gone from the hub: it is as it was"
        for level in ("commune", "epci")
    ]


@pytest.mark.parametrize("given", ["901", "id_901", "cube_com.id_901", 901])
def test_a_series_of_another_slug_is_known_by_its_number(server: FakeServer, bring: Bring, given: object) -> None:
    fake, dataset = portal_cases.ecolab_hub(server)
    fake.datasets[3].extras[TAG]["api"] = {"id": given, "description": "Test", "noms_cubes": ["cube_com"]}
    known = portal_cases.hub_record(dataset, n901="nom-*attendu")
    assert set(contents(bring(known))) == {"nom-attendu__commune.csv", "nom-attendu__epci.csv"}


def test_the_slug_goes_before_the_number_and_no_two_datasets_share_one(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.ecolab_hub(server)
    fake.datasets[3].extras[TAG]["api"] = {"id": "1"}
    brought = contents(bring(portal_cases.hub_record(dataset, n1="indicateur-test-1")))
    assert brought["indicateur-test-1__epci.csv"] == level_csv("epci", 1)
    fake.datasets[0].extras[TAG]["api"] = {"id": "1"}
    bring.refused(portal_cases.hub_record(dataset, n1="nom-attendu"), "two datasets", "nom-attendu__epci.csv")


def test_series_not_found_and_not_read_are_noted(server: FakeServer, http: HttpClient, bring: Bring) -> None:
    _, dataset = portal_cases.ecolab_hub(server)
    bring(portal_cases.hub_record(dataset, n1="indicateur-test-1", n902="indicateur-absent"))
    assert http.notes == [
        "jeu_test: series 902 (series_902) was found neither by its name nor by its number",
        "jeu_test: not read, of the lever biogaz: indicateur-test-2",
        "jeu_test: not read, of the lever covoiturage: indicateur-test-3",
        "jeu_test: not read, of the lever velo: indicateur-test-3",
    ]
