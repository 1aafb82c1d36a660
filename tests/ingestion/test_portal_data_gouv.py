from __future__ import annotations

import pytest

from ingestion.catalog import Dataset, load_catalog
from ingestion.http import HttpClient
from ingestion.probe import probe
from tests.fakes.data_gouv import DataGouv, GouvDataset, Resource
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, contents, moved, record, the_only


def test_the_resources_that_the_rule_selects_are_downloaded(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_gouv(server)
    downloads = bring(dataset)
    assert sorted(contents(downloads).values()) == sorted(
        r.body for r in fake.datasets[0].resources if r.format == "csv"
    )
    assert not [call for call in server.requests if "notice" in call.path]


def test_the_latest_resource_is_downloaded(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_gouv(server, take="latest")
    download = the_only(bring(dataset))
    newest = fake.datasets[0].resources[2]
    assert download.path.read_bytes() == newest.body
    assert download.etag is not None
    assert newest.last_modified in download.etag


@pytest.mark.parametrize(("named", "file_name"), [(None, "registre-2024.csv"), ("registre.csv", "registre.csv")])
def test_the_newest_file_is_the_last_by_name(server: FakeServer, bring: Bring, named: str, file_name: str) -> None:
    """An old period that is uploaded anew is no newer period; the record may name the file."""
    fake, dataset = portal_cases.data_gouv(server, take=1)
    fake.datasets[0].resources[0].stamp = "20260909-090909"
    download = the_only(bring(moved(dataset, fake.dataset_url(portal_cases.GOUV_SLUG), file_name=named)))
    assert (download.file_name, download.path.read_bytes()) == (file_name, fake.datasets[0].resources[2].body)


def test_file_name_outlives_the_time_in_the_address(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_gouv(server, take="latest")
    before = the_only(bring(dataset)).file_name
    fake.datasets[0].resources[2].stamp = "20260909-090909"
    assert the_only(bring(dataset)).file_name == before


def test_upload_under_a_new_id_is_found(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_gouv(server, take="latest", resource_id="b73dda82-0000-4000-8000-000000000002")
    previous = bring.stored(dataset)
    renewed = fake.datasets[0].resources[2]
    renewed.resource_id, renewed.stamp = "b73dda82-0000-4000-8000-00000000000f", "20260909-090909"
    renewed.body += b"31999,999\n"
    assert the_only(bring(dataset, previous)).path.read_bytes() == renewed.body


def test_id_is_the_fallback_when_the_titles_changed(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.data_gouv(
        server, take="latest", title="Titre abandonné", resource_id="b73dda82-0000-4000-8000-000000000002"
    )
    download = the_only(bring(dataset))
    assert download.path.read_bytes() == fake.datasets[0].resources[2].body


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


def test_a_file_with_wide_columns_is_probed_against_its_own_table(server: FakeServer, http: HttpClient) -> None:
    lovac = load_catalog()["lovac_commune"]
    header = "CODGEO_26;LIBGEO_26;DEP;EPCI_26;pp_vacant_26;pp_vacant_plus_2ans_26;ff_pp_total_25\n"
    resource = Resource("00000000-0000-4000-8000-000000000001", "Lovac_opendata_Communes26.csv", header.encode())
    fake = DataGouv(server, [GouvDataset("5448d3e0c751df01f8500000", "jeu-test", [resource])])
    served = moved(lovac, fake.dataset_url("jeu-test"))
    assert probe(served, http).differences == []
    resource.body = header.replace("CODGEO_26", "CODE").encode()
    [line] = probe(served, http).differences
    assert line.startswith(r"header: layout yearly_columns: missing column re:CODGEO_\d{2}")
