"""Heat networks, electricity and gas on the real files: the totals that were counted in the files by other means."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.xdist_group("real")

HEAT = {
    "heat_commune_deliveries": {2018: 505070, 2020: 701323, 2022: 728600, 2023: 773893},
    "heat_commune_production": {2018: 688096.126824, 2020: 828396.676, 2022: 904752.9581, 2023: 938707.8123},
    "heat_commune_biomass_production": {2018: 200367.9488945, 2020: 241151.6456, 2022: 244386.8078, 2023: 251938.5908},
}
COLD = {2018: 94097, 2020: 77534.5, 2022: 83183, 2023: 73263.22}
SECRET_NETWORKS = {2018: 17, 2020: 1, 2022: 4, 2023: 3}


def series(real: Ran, indicator: str, level: str, code: str, column: str = "value") -> dict[int, Any]:
    """A column of a published series, by year."""
    rows = real.home.query(
        f"select year, {column} from marts.fct_indicator_value "
        "where indicator_id = ? and territory_level = ? and territory_code = ?",
        indicator,
        level,
        code,
    )
    return {int(str(year)): value for year, value in rows}


@pytest.mark.parametrize("indicator", HEAT)
def test_networks_of_occitanie_add_up(real: Ran, indicator: str) -> None:
    assert series(real, indicator, "region", "76") == pytest.approx(HEAT[indicator], rel=1e-9)


def test_cold_of_the_departements_adds_up(real: Ran) -> None:
    """Four departements of thirteen have cold networks: too few for a figure of the region."""
    assert series(real, "cold_commune_deliveries", "region", "76") == {}
    rows = real.home.query(
        """
        select indicator_values.year, sum(indicator_values.value)
        from marts.fct_indicator_value as indicator_values
        inner join marts.dim_territory as territories using (territory_level, territory_code)
        where indicator_values.indicator_id = 'cold_commune_deliveries'
        and territories.territory_level = 'departement' and territories.region_code = '76'
        group by indicator_values.year
        """
    )
    assert {int(str(year)): total for year, total in rows} == pytest.approx(COLD, rel=1e-9)


def test_secret_networks_are_counted_and_lower_the_completeness(real: Ran) -> None:
    assert series(real, "heat_commune_deliveries", "region", "76", "masked_count") == SECRET_NETWORKS
    shares = series(real, "heat_commune_deliveries", "region", "76", "completeness_pct")
    assert shares[2018] < min(shares[year] for year in (2020, 2022, 2023))


def test_the_panel_says_how_much_of_the_heat_it_has(real: Ran) -> None:
    shares = series(real, "heat_panel_share", "region", "76")
    assert shares == pytest.approx({2020: 95.4515, 2022: 88.1213, 2023: 92.4244}, rel=1e-5)


def test_gas_of_dwellings_is_a_lower_bound_where_cells_are_hidden(real: Ran) -> None:
    place = ("residential_gas_consumption_departement_2011_2021", "departement", "31")
    assert series(real, *place)[2021] == pytest.approx(2766273.80529, rel=1e-9)
    assert series(real, *place, "completeness_pct")[2021] < 100
    assert series(real, *place, "masked_count")[2021] > 0


def test_an_operator_in_kwh_adds_no_terawatthours(real: Ran) -> None:
    values = series(real, "electricity_consumption_departement_2011_2021", "departement", "66")
    assert sorted(values) == list(range(2011, 2022))
    assert max(values.values()) < 1.2 * min(values.values())
