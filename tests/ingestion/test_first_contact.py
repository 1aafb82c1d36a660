"""Lessons of real files and portals on a record, on invented rows: a guess would have got them wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from expectations.profile import Profile, profile_table
from ingestion.catalog import load_catalog
from ingestion.http import FetchError, HttpClient
from ingestion.portals import fetch_files
from ingestion.readers import ReadReport, read_table
from ingestion.snapshots import Snapshot, SnapshotStore
from tests.fakes.ign_wfs import IgnWfs
from tests.fakes.server import FakeServer
from tests.ingestion.helpers import assert_tells, stored


def read(dataset_id: str, snapshots: list[Snapshot]) -> list[dict[str, Any]]:
    dataset, report = load_catalog()[dataset_id], ReadReport()
    table = dataset.tables[0].model_copy(update={"row_floor": 0})
    rows: list[dict[str, Any]] = pa.concat_tables(read_table(dataset, table, snapshots, report)).to_pylist()
    assert (report.quarantined, report.warnings) == ([], [])
    return rows


def written(dataset_id: str, name: str, text: str, folder: Path) -> list[Snapshot]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return [SnapshotStore(folder).add(load_catalog()[dataset_id], path, file_name=name, origin="mirror")]


def test_empty_cells_of_the_emissions_of_a_commune_are_missing(tmp_path: Path) -> None:
    """The first commune of the file has neither kind of other transport."""
    text = (
        "INSEE commune,Commune,Agriculture,Autres transports,Autres transports international,CO2 biomasse hors-total,"
        "Déchets,Energie,Industrie hors-énergie,Résidentiel,Routier,Tertiaire\n"
        "01999,COMMUNE-TEST-1,1.5,,,2,3,0,5,6,7,8\n"
    )
    rows = read("igt", written("igt", "igt-test.csv", text, tmp_path))
    emissions = {row["sector"]: row["emissions"] for row in rows}
    assert len(emissions) == 10
    assert {sector for sector, value in emissions.items() if value is None} == {
        "Autres transports",
        "Autres transports international",
    }
    assert emissions["Energie"] == 0


def test_years_of_the_vehicle_fleet_are_those_of_the_header(tmp_path: Path) -> None:
    header = "COMMUNE_CODE;COMMUNE_NOM;CARBURANT;CRIT_AIR;STATUT_UTILISATEUR;GROUPE;CATEGORIE;PARC_2011;PARC_2031"
    text = f"{header}\n09999;Commune Test 1;Diesel;Crit'Air 2;Particulier;VP;VP;3;4\n"
    rows = read("sdes_vehicle_fleet", written("sdes_vehicle_fleet", "parc-test.csv", text, tmp_path))
    assert [(row["year"], row["vehicles"]) for row in rows] == [(2011, 3), (2031, 4)]


@pytest.mark.parametrize(("lacking", "created"), [("surf_off", "1990-05-04"), ("date_crea", None)])
def test_protected_sites_are_read_without_what_their_layer_does_not_tell(
    lacking: str, created: str | None, server: FakeServer, http: HttpClient, tmp_path: Path
) -> None:
    dataset = load_catalog()["patrinat_protected_areas"]
    assert dataset.fetch
    site = {"id_mnhn": "FR3699901", "nom_site": "Réserve Test 1", "date_crea": "1990-05-04", "surf_off": 100.5}
    del site[lacking]
    typenames = dataset.fetch.params["typename"]
    assert isinstance(typenames, list)
    layers = {name: [site | {"id_mnhn": f"FR360000{number}"}] for number, name in enumerate(typenames)}
    fake = IgnWfs(server, "", [], layers=layers)
    fetch = dataset.fetch.model_copy(update={"url": fake.url, "size_floor": 1})
    dataset = dataset.model_copy(update={"fetch": fetch})
    snapshots = stored(dataset, fetch_files(dataset, http, [], tmp_path), tmp_path / "home")
    rows = read("patrinat_protected_areas", snapshots)
    assert len(rows) == len(typenames)
    assert {str(row["created_on"]) for row in rows} == {str(created)}
    assert {row["official_area"] for row in rows} == {None if lacking == "surf_off" else 100.5}
    for layer in fake.layers.values():
        del layer[0]["id_mnhn"]
    with pytest.raises(FetchError) as refusal:
        fetch_files(dataset, http, [], tmp_path)
    assert_tells(refusal.value, "patrinat_rnn:rnn", "no property id_mnhn")


CENSUS = [
    # transport, place of work, census, workers
    ("_T", "_T", 2011, 90.0),
    ("_T", "_T", 2016, 100.0), ("3", "_T", 2016, 40.0), ("5", "_T", 2016, 60.0),
    ("_T", "10", 2016, 30.0), ("_T", "20_30", 2016, 70.0), ("_T", "21", 2016, 70.0),
]  # fmt: skip


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema raw_insee")
        connection.execute(
            "create table raw_insee.insee_commuting (territory varchar, territory_kind varchar, transport varchar, "
            "work_area varchar, census_year integer, workers double)"
        )
        connection.executemany("insert into raw_insee.insee_commuting values ('09999', 'COM', ?, ?, ?, ?)", CENSUS)
        yield connection


def ratios(warehouse: duckdb.DuckDBPyConnection) -> Profile:
    dataset = load_catalog()["insee_commuting"]
    metrics = ["means_of_transport_over_total", "places_of_work_over_total", "censuses_with_means_of_transport"]
    return profile_table(warehouse, "raw_insee.insee_commuting", metrics, dataset.suite(dataset.tables[0]))


def test_ratios_of_a_census_count_the_years_that_have_the_parts(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The census of 2011 has the total only, and 20_30 is the sum of the places outside the commune."""
    measured = ratios(warehouse)
    assert (measured["means_of_transport_over_total"], measured["places_of_work_over_total"]) == (1, 1)
    assert measured["censuses_with_means_of_transport"] == 1
    warehouse.execute("insert into raw_insee.insee_commuting values ('09999', 'COM', '3T4', '_T', 2016, 5)")
    assert ratios(warehouse)["means_of_transport_over_total"] == 1.05
