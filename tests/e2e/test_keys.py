"""What divides a target can be true, stands where it is, and says when it asks for more than there is."""

from __future__ import annotations

import duckdb
import pytest

from tests.conftest import Ran


@pytest.mark.xdist_group("demo")
def test_no_key_of_an_energy_passes_the_ceiling_that_another_fails(demo: Ran) -> None:
    """Of the oil boilers of dwellings, no key, kept or in the range, gives a departement 4 MWh a dwelling."""
    with duckdb.connect(str(demo.home.path / "warehouse.duckdb"), read_only=True) as warehouse:
        rows = warehouse.sql(
            """
            select ranges.key_id, max(parts.value * factors.mwh_per_unit / dwellings.value)
            from marts.fct_lever_part_by_key as ranges
            inner join intermediate.int_allocation_keys_listed as listed
                using (lever_id, key_id)
            inner join seeds.emission_factors as factors on listed.indicator_id = factors.indicator_id
            inner join intermediate.int_allocation_parts_valued as parts
                on listed.indicator_id = parts.indicator_id and ranges.territory_code = parts.part_code
            inner join marts.fct_indicator_value as dwellings
                on
                    dwellings.indicator_id = 'dwellings_main'
                    and dwellings.territory_level = 'departement'
                    and dwellings.territory_code = parts.part_code
            where ranges.lever_id = 'residentiel_chaudieres_fioul' and ranges.territory_level = 'departement'
            group by ranges.key_id
            """
        ).fetchall()
    assert rows
    assert all(most <= 4 for _, most in rows), rows


@pytest.mark.xdist_group("demo")
def test_a_whole_is_no_truer_than_its_part(demo: Ran) -> None:
    assert demo.home.query(
        """
        select indicator_id, kind from quality.fct_series_anomaly
        inner join marts.fct_indicator_value using (indicator_id, territory_level, territory_code, year)
        where indicator_id like 'residential%' and territory_code = '48' and is_anomalous order by all
        """
    ) == [
        ("residential_energy_consumption", "impossible_component"),
        ("residential_fuel_oil_consumption", "implausible_per_dwelling"),
    ]


@pytest.mark.xdist_group("demo")
def test_the_industry_of_an_epci_is_that_of_its_sites(demo: Ran) -> None:
    """Nîmes has one site, the Muretain none; what the Tarn has in no commune is a row of its own."""
    parts = {
        str(code): value
        for code, value in demo.home.query(
            """
            select territory_code, key_value from marts.fct_lever_target_allocation
            where
                lever_id = 'industrie_production' and measure = 'ktco2e_avoided' and territory_level = 'epci'
                and (is_remainder or territory_code in ('243000643', '200068641'))
            """
        )
    }
    assert parts == {"243000643": 11620, "200068641": 0, "81": 5314}
    sums = demo.home.query(
        """
        select allocation.territory_level, sum(allocation.value) - any_value(targets.value)
        from marts.fct_lever_target_allocation as allocation
        inner join marts.fct_lever_target as targets
            on
                allocation.lever_id = targets.lever_id
                and allocation.parent_code = targets.territory_code
                and targets.territory_level = 'region'
                and allocation.measure = targets.measure
                and allocation.framework_version = targets.framework_version
        where allocation.lever_id = 'industrie_production' and allocation.measure = 'ktco2e_avoided'
            and allocation.territory_level in ('departement', 'epci', 'commune')
        group by allocation.territory_level
        order by allocation.territory_level
        """
    )
    assert [level for level, _ in sums] == ["commune", "departement", "epci"]
    assert [difference for _, difference in sums] == pytest.approx([0, 0, 0], abs=1e-9)


@pytest.mark.xdist_group("demo")
def test_what_cannot_be_reached_says_so(demo: Ran) -> None:
    """The two oil levers ask more than heating oil emits, heat networks more than they do."""
    rows = demo.home.query(
        """
        select lever_id, round(use_asked_ktco2e), use_asked_ktco2e > use_emissions_ktco2e
        from marts.fct_lever_target
        where territory_code = '76' and exceeds_emissions and measure = 'ktco2e_avoided'
        order by lever_id
        """
    )
    assert rows == [
        ("energie_reseaux_chaleur", 57, True),
        ("residentiel_chaudieres_fioul", 1328, True),
        ("tertiaire_chaudieres_fioul", 1328, True),
    ]
    [(emitted,)] = demo.home.query(
        """
        select distinct targets.use_emissions_ktco2e - 3.15 / 1000 * sales.value
        from marts.fct_lever_target as targets
        inner join marts.fct_indicator_value as sales
            using (territory_level, territory_code)
        where use_label = 'le fioul domestique' and territory_code = '76' and year = use_emissions_year
            and indicator_id = 'petroleum_heating_oil_sales'
        """
    )
    assert emitted == pytest.approx(0, abs=1e-9)


@pytest.mark.xdist_group("real")
def test_heat_networks_are_asked_more_than_they_emit_wherever_one_is(real: Ran) -> None:
    flagged = real.home.query(
        """
        select count(*), count(*) filter (where parts.exceeds_emissions), bool_and(regional.exceeds_emissions)
        from marts.fct_lever_part as parts
        inner join marts.fct_lever_part as regional
            on parts.lever_id = regional.lever_id and parts.region_code = regional.territory_code
        where
            parts.lever_id = 'energie_reseaux_chaleur'
            and parts.territory_level = 'departement'
            and regional.territory_level = 'region'
            and parts.use_emissions_ktco2e > 0
        """
    )
    assert flagged == [(11, 11, True)]


@pytest.mark.xdist_group("real")
def test_an_estimate_of_emissions_carries_the_error_of_its_key(real: Ran) -> None:
    """Diesel is half as wrong as population; what buildings burn is better than their electricity or their number."""
    errors = {
        key: float(str(error))
        for key, error in real.home.query(
            """
            select distinct split_part(key_id, '__', 1), key_error_median_pct from marts.fct_emission_estimate
            where key_error_regions >= 12
            """
        )
    }
    assert errors["petroleum_diesel_sales"] < errors["population"]
    assert errors["building_fuel_emissions_2011_2021"] < errors["tertiary_electricity_consumption"]
    assert errors["building_fuel_emissions_2011_2021"] < errors["residential_energy_consumption"]
    unmeasured = real.home.query("select count(*) from marts.fct_emission_estimate where key_error_median_pct is null")
    assert unmeasured == [(0,)]
