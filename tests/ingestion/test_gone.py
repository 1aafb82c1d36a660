"""Files that a portal no longer has: a line in the log and the last good data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingestion.catalog import Dataset, load_catalog
from ingestion.fetch import fetch
from ingestion.http import FetchError, HttpClient
from ingestion.options import Options
from ingestion.snapshots import Edition, SnapshotStore
from tests.fakes.cubejs import BEARER, CubeJs
from tests.fakes.ecolab_hub import level_csv
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, ask_this_machine, contents

FIRST, SECOND = "surface_test_epci.id_23", "bois_test_epci.id_24"


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVIERS_HUB_TOKEN", BEARER)


def two_measures(server: FakeServer) -> tuple[CubeJs, Dataset]:
    fake, dataset = portal_cases.cubejs(server, measures=[FIRST, SECOND], dimensions=["geocode_epci", "date_mesure"])
    other = {"geocode_epci": "200000001", "date_mesure": "2024-01-01T00:00:00.000", "id_24": 7}
    fake.rows += [{f"bois_test_epci.{key}": value for key, value in other.items()}]
    return fake, dataset


def remove(fake: CubeJs, measure: str) -> None:
    fake.rows = [row for row in fake.rows if measure not in row]


def test_a_measure_that_is_gone_stays_as_it_was_and_the_others_come(
    server: FakeServer, http: HttpClient, bring: Bring
) -> None:
    fake, dataset = two_measures(server)
    previous = bring.stored(dataset)
    assert [snapshot.file_name for snapshot in previous] == ["23.json", "24.json"]
    assert http.notes == []
    remove(fake, SECOND)
    fake.rows[0][FIRST] = 1
    again = bring(dataset, previous)
    assert [download.file_name for download in again] == ["23.json", "24.json"]
    assert json.loads(again[0].path.read_text())["data"][0][FIRST] == 1
    assert again[1].path == previous[1].path
    assert http.notes == [f"jeu_test: the measure {SECOND!r} is gone from the API: 24.json is as it was"]


def test_a_measure_that_was_never_had_is_told_and_the_others_come(
    server: FakeServer, http: HttpClient, bring: Bring
) -> None:
    fake, dataset = two_measures(server)
    remove(fake, SECOND)
    assert set(contents(bring(dataset))) == {"23.json"}
    assert http.notes == [f"jeu_test: the measure {SECOND!r} is gone from the API: it was never had"]


def test_a_dataset_without_its_measures_keeps_its_last_good_data(
    server: FakeServer, http: HttpClient, bring: Bring
) -> None:
    fake, dataset = two_measures(server)
    previous = bring.stored(dataset)
    fake.rows = [{"autre_test_epci.id_25": 1}]
    assert bring.unchanged(dataset, previous)
    assert len(http.notes) == 2
    bring.refused(dataset, "/meta", FIRST, SECOND)


def test_an_api_that_knows_no_measure_at_all_tells_of_none_that_it_is_gone(
    server: FakeServer, http: HttpClient, bring: Bring
) -> None:
    fake, dataset = two_measures(server)
    previous = bring.stored(dataset)
    fake.rows = []
    with pytest.raises(FetchError, match="/meta: no measures"):
        bring(dataset, previous)
    assert http.notes == []


def series_record(dataset: Dataset) -> Dataset:
    return portal_cases.hub_record(dataset, n901="indicateur-test*-1", n904="indicateur-test*-4")


def test_a_file_that_left_the_hub_stays_as_it_was_and_the_others_come(
    server: FakeServer, http: HttpClient, bring: Bring
) -> None:
    fake, record = portal_cases.ecolab_hub(server)
    dataset = series_record(record)
    previous = bring.stored(dataset)
    before = {snapshot.file_name: snapshot.path.read_bytes() for snapshot in previous}
    assert len(before) == 4
    first, gone = fake.datasets[0], next(d for d in fake.datasets if d.slug.endswith("-4"))
    fake.datasets.remove(gone)
    changed = next(resource for resource in first.resources if resource.title.endswith("epci.csv"))
    changed.stamp, changed.body = "20260909-090909", level_csv("epci", 20)
    again = contents(bring(dataset, previous))
    assert again == before | {"indicateur-test-1__epci.csv": changed.body}
    assert sorted(note for note in http.notes if "gone" in note) == [
        f"jeu_test: indicateur-test-4__{level}.csv is gone from the hub: it is as it was"
        for level in ("commune", "epci")
    ]


def test_a_series_that_has_another_name_now_is_not_counted_twice(server: FakeServer, bring: Bring) -> None:
    fake, record = portal_cases.ecolab_hub(server)
    dataset = series_record(record)
    previous = bring.stored(dataset)
    renamed = next(d for d in fake.datasets if d.slug.endswith("-4"))
    renamed.slug = "indicateur-test-nouveau-4"
    brought = contents(bring(dataset, previous))
    assert {name for name in brought if "-4__" in name} == {
        "indicateur-test-nouveau-4__commune.csv", "indicateur-test-nouveau-4__epci.csv",
    }  # fmt: skip


def test_a_hub_that_finds_nothing_tells_of_no_file_that_it_is_gone(server: FakeServer, bring: Bring) -> None:
    fake, record = portal_cases.ecolab_hub(server)
    dataset = series_record(record)
    previous = bring.stored(dataset)
    fake.datasets.clear()
    with pytest.raises(FetchError, match="no dataset with the tag"):
        bring(dataset, previous)


@pytest.fixture
def options(tmp_path: Path) -> Options:
    home = tmp_path / "home"
    home.mkdir()
    options = Options(home=home)
    options.warehouse.touch()
    return options


def accepted(options: Options, dataset: Dataset) -> Edition:
    store = SnapshotStore(options.home)
    pending = store.pending_edition(dataset)
    assert pending
    store.accept(pending, store.state(dataset.dataset_id))
    return pending


@pytest.mark.parametrize("edited", [False, True], ids=["the same record", "an edited record"])
def test_the_file_of_a_gone_measure_is_part_of_the_next_edition(
    server: FakeServer, options: Options, monkeypatch: pytest.MonkeyPatch, *, edited: bool
) -> None:
    """What was good stays whatever the record says now, unless the record no longer asks for it."""
    fake, record = two_measures(server)
    catalog = load_catalog()
    ask_this_machine(monkeypatch)
    wood = catalog["ecolab_wood_harvest"].model_copy(update={"fetch": record.fetch})
    monkeypatch.setitem(catalog, wood.dataset_id, wood)
    fetch(options, [wood.dataset_id])
    first = accepted(options, wood)
    assert [snapshot.file_name for snapshot in first.snapshots] == ["23.json", "24.json"]
    if edited:
        wood = wood.model_copy(update={"cadence": "edited"})
        monkeypatch.setitem(catalog, wood.dataset_id, wood)
    remove(fake, SECOND)
    fake.rows[0][FIRST] = 1
    (outcome,) = fetch(options, [wood.dataset_id])
    assert outcome.status == "changed"
    second = accepted(options, wood)
    assert [snapshot.file_name for snapshot in second.snapshots] == ["23.json", "24.json"]
    assert second.snapshots[1].sha256 == first.snapshots[1].sha256
    assert second.snapshots[0].sha256 != first.snapshots[0].sha256
    (outcome,) = fetch(options, [wood.dataset_id])
    assert (outcome.status, outcome.message) == ("unchanged", "unchanged")
    assert ["gone from the API" in note for note in SnapshotStore(options.home).state(wood.dataset_id).notes] == [True]
