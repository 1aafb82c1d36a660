from __future__ import annotations

import pytest

from ingestion.catalog import Dataset
from tests.fakes.data_gouv import DataGouv, GouvDataset
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, contents, moved, record, the_only


def test_the_resources_that_the_rule_selects_are_downloaded(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_gouv(server)
    wanted = [resource.body for resource in fake.datasets[0].resources if resource.format == "csv"]
    assert sorted(contents(bring(dataset)).values()) == sorted(wanted)
    _, dataset = portal_cases.data_gouv(server, take="latest")
    download = the_only(bring(dataset))
    newest = fake.datasets[0].resources[2]
    assert download.path.read_bytes() == newest.body
    assert newest.last_modified in str(download.etag)
    assert not [call for call in server.requests if "notice" in call.path]


@pytest.mark.parametrize(("named", "file_name"), [(None, "registre-2024.csv"), ("registre.csv", "registre.csv")])
def test_the_newest_file_is_the_last_by_name(server: FakeServer, bring: Bring, named: str, file_name: str) -> None:
    """An old period that is uploaded anew is no newer period; the record may name the file."""
    fake, dataset = portal_cases.data_gouv(server, take=1)
    fake.datasets[0].resources[0].stamp = "20260909-090909"
    download = the_only(bring(moved(dataset, fake.dataset_url(portal_cases.GOUV_SLUG), file_name=named)))
    assert (download.file_name, download.path.read_bytes()) == (file_name, fake.datasets[0].resources[2].body)


def test_an_upload_under_a_new_id_and_time_is_found_and_keeps_its_name(server: FakeServer, bring: Bring) -> None:
    """If the titles changed, the id is the fallback."""
    resource_id = "b73dda82-0000-4000-8000-000000000002"
    fake, dataset = portal_cases.data_gouv(server, take="latest", resource_id=resource_id)
    renewed = fake.datasets[0].resources[2]
    _, by_id = portal_cases.data_gouv(server, take="latest", title="Titre abandonné", resource_id=resource_id)
    assert the_only(bring(by_id)).path.read_bytes() == renewed.body
    previous = bring.stored(dataset)
    renewed.resource_id, renewed.stamp = "b73dda82-0000-4000-8000-00000000000f", "20260909-090909"
    renewed.body += b"31999,999\n"
    download = the_only(bring(dataset, previous))
    assert (download.file_name, download.path.read_bytes()) == (previous[0].file_name, renewed.body)


def yearly_datasets(server: FakeServer) -> tuple[DataGouv, Dataset]:
    """A producer who makes a dataset of each edition, and somebody else's copy."""
    fake, _ = portal_cases.data_gouv(server)
    [resources] = [dataset.resources for dataset in fake.datasets]
    fake.datasets = [
        GouvDataset(
            f"{year}0000", f"surfaces-{year}", [resource], title=f"Surfaces de test au 1er janvier {year}",
            created_at=f"{year + 1}-05-11T00:00:00+00:00", publisher=publisher,
        )
        for year, resource, publisher in (
            (2024, resources[0], "producteur-test"),
            (2025, resources[2], "producteur-test"),
            (2026, resources[0], "un-autre"),
        )
    ]  # fmt: skip
    params = {
        "search": "surfaces de test",
        "dataset_title": r"^surfaces de test au 1er janvier \d{4}$",
        "publisher": "producteur-test",
        "title": "Registre",
    }
    return fake, record("data_gouv", fake.search_url, params)


def test_newest_dataset_of_a_series_is_found_by_its_title(server: FakeServer, bring: Bring) -> None:
    fake, dataset = yearly_datasets(server)
    download = the_only(bring(dataset))
    assert download.path.read_bytes() == fake.datasets[1].resources[0].body
    fake.datasets[2].publisher = "producteur-test"
    download = the_only(bring(dataset))
    assert download.path.read_bytes() == fake.datasets[2].resources[0].body


def test_series_without_a_dataset_tells_the_rule(server: FakeServer, bring: Bring) -> None:
    fake, dataset = yearly_datasets(server)
    for entry in fake.datasets:
        entry.title = f"Surfaces de test, édition {entry.slug}"
    bring.refused(dataset, "producteur-test", "1er janvier", "3 of 3")
