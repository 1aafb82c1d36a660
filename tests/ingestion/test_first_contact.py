"""Lessons of real files and portals on a record, on invented rows: a guess would have got them wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from expectations.profile import Profile, profile_table
from ingestion.catalog import Dataset, allowed_hosts, host_intervals, load_catalog
from ingestion.portals.support.files import slug
from ingestion.snapshots import Snapshot
from tests.fakes.live import serve
from tests.fakes.server import FakeServer
from tests.fixtures.mirror import text_files
from tests.ingestion.helpers import Bring, read, small


def read_whole(dataset: Dataset, snapshots: list[Snapshot]) -> list[dict[str, Any]]:
    rows, report = read(small(dataset), *snapshots)
    assert (report.quarantined, report.warnings) == ([], [])
    return rows


def test_charging_points_come_from_the_consolidated_file_alone() -> None:
    irve = load_catalog()["irve_static"]
    title = "consolidation-etalab-schema-irve-statique-v-2.3.1-20260401"
    others = (
        "consolidation-etalab-schema-irve-v-2.0.3-20230103",
        "consolidation-transport-avec-doublons-irve-statique",
    )
    assert irve.fetch
    assert [name for name in (title, *others) if re.search(str(irve.fetch.params["title"]), name)] == [title]
    assert irve.tables[0].layouts_for(f"{title}.csv")


@pytest.mark.parametrize(
    ("name", "table"),
    [("Communes26", "commune"), ("departements26", "departement"), ("Regions26", "region"), ("France26", None)],
)
def test_vacancy_files_are_found_by_their_own_names(name: str, table: str | None) -> None:
    """The dataset is named after communes, departements and regions; the totals of France are a few lines."""
    lovac = load_catalog()["lovac_commune"]
    file_name = f"Lovac_opendata_{name}.csv"
    url = f"logements-vacants-du-parc-prive-lovac-par-commune-departement-region-et-france/{file_name.lower()}"
    assert lovac.fetch
    is_found = any(re.search(str(lovac.fetch.params["title"]), text, re.IGNORECASE) for text in (file_name, url))
    names = {each.name for each in lovac.tables for text in (file_name, slug(file_name)) if each.layouts_for(text)}
    assert (is_found, names) == (table is not None, {table} if table else set())


def test_the_departements_of_ore_need_no_operators(server: FakeServer, bring: Bring) -> None:
    dataset = load_catalog()["ore_electricity_departement"]
    name = "6l33py6xpnaolvzkckzkhcic.ndjson"
    needed = ("filiere", "annee", "code_departement", "code_grand_secteur", "conso_totale_mwh")
    given = [json.loads(line) for line in text_files(dataset.dataset_id)[name].splitlines()]
    body = "\n".join(json.dumps({key: row[key] for key in needed}) for row in given).encode()
    rows = read_whole(dataset, bring.stored(serve(server, dataset, {name: body})))
    assert [row["consumption"] for row in rows] == [row["conso_totale_mwh"] for row in given]
    assert {row["operator"] for row in rows} == {None}


def test_a_heat_network_may_have_no_identifier(server: FakeServer, bring: Bring) -> None:
    dataset = load_catalog()["sdes_heat_networks"]
    text = "OPERATEUR;ANNEE;FILIERE;COMMUNE_CODE;COMMUNE_LIBELLE;CONSOTOT\nOpérateur Test;2018;C;09999;Commune;12.5\n"
    [row] = read_whole(dataset, bring.stored(serve(server, dataset, {"reseaux-2018.csv": text.encode()})))
    assert (row["network_id"], row["delivered"]) == (None, 12.5)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("""
            create schema raw_insee;
            create table raw_insee.insee_commuting as
            select '09999' as territory, 'COM' as territory_kind, *
            from (values
                ('_T', '_T', 2011, 90.0::double),
                ('_T', '_T', 2016, 100.0), ('3', '_T', 2016, 40.0), ('5', '_T', 2016, 60.0),
                ('_T', '10', 2016, 30.0), ('_T', '20_30', 2016, 70.0), ('_T', '21', 2016, 70.0)
            ) as t (transport, work_area, census_year, workers)
        """)
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


def test_the_limits_of_portals_are_kept() -> None:
    """Melodi answers 30 requests a minute."""
    assert 60 / host_intervals()["api.insee.fr"] <= 30


def test_a_census_counts_communes_at_the_total_of_each_dimension(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The file of Melodi has every level, and dwellings by rooms, cars and tenure beside the fuels."""
    dimensions = ["dwelling_type", "tenure", "rooms", "length_of_stay", "cars", "parking", "building_period"]
    totals = dict.fromkeys(dimensions, "_T")
    kept = {"territory_kind": "COM", "measure": "DWELLINGS", "occupation": "DW_MAIN", **totals, "census_year": 2023}
    rows = [
        {**kept, "fuel": "_T", "main_dwellings": 30e6},
        {**kept, "fuel": "OIL", "main_dwellings": 3e6},
        {**kept, "fuel": "ELC", "main_dwellings": 26e6},
        {**kept, "fuel": "_T", "main_dwellings": 12e6, "dwelling_type": "1"},
        {**kept, "fuel": "_T", "main_dwellings": 30e6, "territory_kind": "EPCI"},
        {**kept, "fuel": "_T", "main_dwellings": 3e6, "occupation": "DW_VAC"},
    ]
    warehouse.register("given", pa.Table.from_pylist(rows))
    warehouse.execute("create table raw_insee.insee_census_heating as from given")
    dataset = load_catalog()["insee_census_heating"]
    metrics = ["main_dwellings_per_year", "oil_share", "share_of_the_fuels"]
    measured = profile_table(warehouse, "raw_insee.insee_census_heating", metrics, dataset.suite(dataset.tables[0]))
    assert [round(measured[name], 3) for name in metrics] == [30e6, 0.1, 0.967]


def test_no_portal_is_asked_for_what_it_does_not_have() -> None:
    """The new portal of Enedis has no generation after 2016."""
    assert load_catalog()["enedis_generation_departement"].fetch is None
    assert "opendata.enedis.fr" not in allowed_hosts()
