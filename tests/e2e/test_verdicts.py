"""Verdicts wait for the data: two invented values of a series that is not loaded yet, and its lines are there.

The rows are written where loaded data arrive, in the working file of the demo, and the verdicts are built again.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from leviers.warehouse.dbt import run_dbt
from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("demo")

DEPARTEMENT, EPCI = "31", "243100518"
LOW = (("departement", DEPARTEMENT), ("epci", EPCI))
ONLY_EPCI = (("epci", EPCI),)
START, LATEST = 2019, 2022
# Lever, series, basis, territories, value of the start and value of the latest year.
PAIRS = [
    ("vehicules_electriques", "electric_cars", "indicative", LOW, 1000, 9000),
    ("vehicules_electriques", "electric_cars_share", "national", LOW, 0.3, 2),
    ("bus_cars_decarbones", "electric_buses_coaches", "indicative", LOW, 3, 40),
    ("residentiel_sobriete_isolation", "hub_residential_energy", "indicative", ONLY_EPCI, 4e6, 3.8e6),
    ("residentiel_sobriete_isolation", "hub_residential_energy", "national", ONLY_EPCI, 4e6, 3.8e6),
    ("residentiel_chaudieres_fioul", "main_dwellings_heated_oil", "indicative", LOW, 20000, 15000),
    ("residentiel_chaudieres_fioul", "main_dwellings_heated_oil_share", "national", LOW, 8, 6.5),
    ("residentiel_chaudieres_gaz", "main_dwellings_heated_town_gas", "indicative", LOW, 90000, 85000),
    ("residentiel_chaudieres_gaz", "main_dwellings_heated_town_gas_share", "national", LOW, 40, 38),
    ("residentiel_chaudieres_gaz", "residential_gas_consumption_commune", "national", LOW, 2e6, 1.7e6),
    ("residentiel_chaudieres_gaz", "residential_gas_consumption_epci", "national", ONLY_EPCI, 2e6, 1.7e6),
    ("tertiaire_sobriete_isolation", "hub_tertiary_energy", "indicative", ONLY_EPCI, 3e6, 2.7e6),
    ("tertiaire_chaudieres_gaz", "tertiary_gas_consumption_commune", "national", LOW, 1e6, 8e5),
    ("tertiaire_chaudieres_gaz", "tertiary_gas_consumption_epci", "national", ONLY_EPCI, 1e6, 8e5),
    ("energie_electricite_renouvelable", "installed_capacity_solar", "indicative", LOW, 20, 42),
    ("energie_electricite_renouvelable", "installed_capacity_wind", "indicative", LOW, 100, 130),
    ("sols_prairies", "rpg_permanent_grassland_area", "national", LOW, 9000, 9100),
    ("agri_bio_hve", "hub_organic_area_share", "national", LOW, 10, 14),
]


@pytest.fixture(scope="module")
def loaded(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working file of the demo with the invented series, its verdicts built again."""
    home = demo.home.copy_to(tmp_path_factory.mktemp("verdicts") / "home").path
    warehouse = home / "warehouse.duckdb"
    ends = {series: (low, first, last) for _, series, _, low, first, last in PAIRS}
    rows = [
        (series, level, code, year, first + (last - first) * max(year - START, 0) / (LATEST - START))
        for series, (territories, first, last) in ends.items()
        for level, code in territories
        for year in range(START - 2, LATEST + 1)
    ]
    with duckdb.connect(str(warehouse)) as connection:
        connection.executemany(
            """
            insert into marts.fct_indicator_value by name
            select
                ? as indicator_id, ? as territory_level, ? as territory_code, ? as year, ? as value,
                make_date(year, 12, 31) as reference_date, 'observed' as value_status, 100 as completeness_pct,
                false as is_incomplete_year
            """,
            rows,
        )
    of_verdicts = "path:models/levers,+fct_lever_verdict"
    built = run_dbt(home, "76", "run", "--full-refresh", "--select", of_verdicts)
    assert {result["status"] for result in built} == {"success"}
    return warehouse


@pytest.mark.parametrize(
    ("lever_id", "series", "basis", "territories"),
    [pytest.param(*pair[:4], id=f"{pair[1]}-{pair[2]}") for pair in PAIRS],
)
def test_a_series_of_two_years_has_its_verdicts(
    loaded: Path, lever_id: str, series: str, basis: str, territories: tuple[tuple[str, str], ...]
) -> None:
    with duckdb.connect(str(loaded), read_only=True) as connection:
        verdicts = connection.execute(
            """
            select territory_level, territory_code, reading, latest_year, confidence from marts.fct_lever_verdict
            where lever_id = ? and indicator_id = ? and basis = ? and territory_code in (?, ?)
            order by territory_level
            """,
            [lever_id, series, basis, DEPARTEMENT, EPCI],
        ).fetchall()
    assert tuple((level, code) for level, code, *_ in verdicts) == territories
    for _, _, reading, latest_year, confidence in verdicts:
        assert latest_year == LATEST
        assert confidence is not None
        assert reading != "not_judged"
