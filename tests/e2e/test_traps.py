"""Traps of the real files, each read in the published file against what the files themselves or their notes say."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leviers.warehouse.project import DBT_DIR
from tests.conftest import Ran

pytestmark = pytest.mark.xdist_group("real")
MIRROR = Path(os.environ.get("LEVIERS_TEST_MIRROR", "."))


def hub_rows(hub_id: int, axis: str | None = None) -> list[tuple[str, int, str | None, float | None]]:
    """Region, year, category and value of each row of an indicator of the hub, as received."""
    content: dict[str, Any] = json.loads((MIRROR / "ecolab_irpe" / f"{hub_id}.json").read_text(encoding="utf-8"))
    cube = content["cubeName"]
    return [
        (
            row[f"{cube}.geocode_region"],
            int(row[f"{cube}.date_mesure"][:4]),
            row[f"{cube}.{axis}"] if axis else None,
            None if row[content["measureName"]] is None else float(row[content["measureName"]]),
        )
        for row in content["data"]
    ]


def series(ran: Ran, indicator_id: str, code: str = "76", level: str = "region") -> dict[int, float | None]:
    rows = ran.home.query(
        """
        select year, value from marts.fct_indicator_value
        where indicator_id = ? and territory_code = ? and territory_level = ?
        order by year
        """,
        indicator_id,
        code,
        level,
    )
    return {int(str(year)): None if value is None else float(str(value)) for year, value in rows}


def known(values: dict[int, float | None]) -> dict[int, float]:
    return {year: value for year, value in values.items() if value is not None}


def test_520_is_in_tonnes_whatever_its_label_says(real: Ran) -> None:
    assert series(real, "eu_ets_industrial_emissions")[2023] == 1178279
    unit = "select unit from marts.dim_indicator where indicator_id = 'eu_ets_industrial_emissions'"
    assert real.home.query(unit) == [("tCO2e",)]


def test_686_starts_where_all_modes_are_counted(real: Ran) -> None:
    values = series(real, "hub_686")
    assert min(values) == 2014
    assert known(values)[2014] == pytest.approx(15.4e9, rel=0.01)
    not_regions = {code for code, *_ in hub_rows(686)} & {"ZZ", "0", "00", "99"}
    assert "ZZ" in not_regions
    published = {
        code
        for (code,) in real.home.query(
            "select distinct territory_code from marts.fct_indicator_value where indicator_id = 'hub_686'"
        )
    }
    assert not published & not_regions


def test_685_ends_in_2013_and_is_then_unknown_not_zero(real: Ran) -> None:
    values = series(real, "hub_685")
    assert max(known(values)) == 2013
    assert values[2024] is None
    assert max(known(series(real, "hub_685", "84"))) == 2024


@pytest.mark.parametrize(("hub_id", "first_year", "megawatts_2024"), [(899, 1999, 4562), (898, 1998, 1787)])
def test_899_and_898_lose_the_year_1900(real: Ran, hub_id: int, first_year: int, megawatts_2024: float) -> None:
    assert 1900 in {year for _, year, _, _ in hub_rows(hub_id)}
    earliest = "select min(year) from marts.fct_indicator_value where indicator_id = ?"
    assert real.home.query(earliest, f"hub_{hub_id}") == [(first_year,)]
    assert series(real, f"hub_{hub_id}")[2024] == pytest.approx(megawatts_2024, abs=0.5)


def test_42_is_per_head_in_tonnes_and_meets_a_target_in_kilograms(real: Ran) -> None:
    assert known(series(real, "hub_42"))[2021] == pytest.approx(0.642, abs=0.001)
    rows = real.home.query(
        """
        select p.target_value * 1000, t.value, t.unit
        from marts.fct_lever_progress as p
        inner join marts.fct_lever_target as t using (lever_id, territory_level, territory_code)
        where p.indicator_id = 'hub_42' and p.territory_code = '76' and t.measure = 'physical_level'
        """
    )
    [(in_tonnes, target, unit)] = rows
    assert unit == "kg/head"
    assert in_tonnes == pytest.approx(target)
    assert target == pytest.approx(518.7, abs=0.05)


@pytest.mark.parametrize(("hub_id", "axis"), [(133, "type_amenagement"), (955, "mode_transport")])
def test_133_and_955_are_one_series_per_category_of_their_hidden_axis(real: Ran, hub_id: int, axis: str) -> None:
    received: dict[object, list[tuple[object, ...]]] = defaultdict(list)
    for region, year, category, value in hub_rows(hub_id, axis):
        received[category].append((region, year, value))
    published: dict[object, list[tuple[object, ...]]] = defaultdict(list)
    for indicator, *row in real.home.query(
        "select indicator_id, territory_code, year, value from marts.fct_indicator_value where indicator_id like ?",
        f"hub_{hub_id}_%",
    ):
        published[indicator].append(tuple(row))
    assert len(received) == len(published) == 7
    assert Counter(map(frozenset, published.values())) == Counter(map(frozenset, received.values()))


@pytest.mark.parametrize("hub_id", [763, 764, 638, 833])
def test_a_zero_that_stands_for_missing_is_no_value(real: Ran, hub_id: int) -> None:
    rows = hub_rows(hub_id)
    zeros = {(region, year) for region, year, _, value in rows if value == 0}
    assert zeros
    published = {
        (region, year): (value, status)
        for region, year, value, status in real.home.query(
            "select territory_code, year, value, value_status from marts.fct_indicator_value where indicator_id = ?",
            f"hub_{hub_id}",
        )
    }
    assert {published[key] for key in zeros & published.keys()} == {(None, "missing")}
    regions = {region for region, _ in published}
    assert {region for region, _ in zeros} <= regions
    others = {(region, year): value for region, year, _, value in rows if value and region in regions}
    assert {key: published[key][0] for key in others} == pytest.approx(others)


def test_household_waste_is_known_in_odd_years_only(real: Ran) -> None:
    years = "select distinct year from marts.fct_indicator_value where starts_with(indicator_id, 'household_waste')"
    assert sorted(real.home.query(years)) == [(year,) for year in range(2009, 2022, 2)]
    assert all(year % 2 for year in known(series(real, "hub_42")))


def test_heating_oil_breaks_in_2012_and_no_progress_crosses_a_break(real: Ran) -> None:
    values = series(real, "petroleum_heating_oil_sales")
    assert (values[2011], values[2012]) == (770992, 458638)
    with (DBT_DIR / "seeds" / "indicators" / "series_breaks.csv").open(encoding="utf-8") as file:
        breaks = [(row["indicator_id"], int(row["break_year"])) for row in csv.DictReader(file)]
    assert ("petroleum_heating_oil_sales", 2012) in breaks
    for indicator_id, break_year in breaks:
        crossing = real.home.query(
            """
            select path_value, progress_pct from marts.fct_lever_progress
            where indicator_id = ? and baseline_year < ? and latest_year >= ?
            """,
            indicator_id,
            break_year,
            break_year,
        )
        assert set(crossing) <= {(None, None)}
    sales = (
        "select distinct progress_pct from marts.fct_lever_progress where indicator_id = 'petroleum_heating_oil_sales'"
    )
    assert real.home.query(sales) == [(None,)], "sales move with prices and stocks: a joint verdict alone reads them"


def test_sales_that_a_departement_cannot_have_burnt_are_found_and_their_sums_with_them(real: Ran) -> None:
    found = real.home.query(
        """
        select territory_level, territory_code, year from quality.fct_series_anomaly
        where indicator_id = 'petroleum_heating_oil_sales' and is_impossible and year between 2022 and 2024
        """
    )
    assert set(found) == {
        ("departement", "31", 2024),
        ("region", "76", 2024),
        ("departement", "2A", 2022),
        ("region", "94", 2022),
    }


def test_heat_moves_with_masking_and_says_that_it_is_a_lower_bound(real: Ran) -> None:
    rows = real.home.query(
        """
        select v.year, sum(v.value), sum(v.masked_count), max(v.completeness_pct)
        from marts.fct_indicator_value as v
        inner join marts.dim_territory as t using (territory_level, territory_code)
        where v.indicator_id = 'heat_delivered_known' and v.territory_level = 'departement' and t.region_code = '76'
        group by v.year
        order by v.year
        """
    )
    assert {row[0]: round(float(str(row[1]))) for row in rows} == {
        2018: 274433,
        2020: 177365,
        2021: 617793,
        2022: 404815,
    }
    assert all(int(str(row[2])) > 0 and float(str(row[3])) < 100 for row in rows)
    region = real.home.query(
        """
        select masked_count, completeness_pct from marts.fct_indicator_value
        where indicator_id = 'heat_delivered_known' and territory_level = 'region' and territory_code = '76'
            and year = 2022
        """
    )
    [(masked, completeness)] = region
    assert masked == 43
    assert float(str(completeness)) < 100
    roles = "select distinct role from marts.bridge_lever_indicator where indicator_id = 'heat_delivered_known'"
    assert real.home.query(roles) == [("key",)]


def test_no_fleet_is_read_in_the_file_that_has_more_cars_than_people(real: Ran) -> None:
    rows = real.home.query(
        """
        select i.indicator_id, b.role from marts.dim_indicator as i
        left join marts.bridge_lever_indicator as b using (indicator_id)
        where i.dataset_id = 'irve_departement'
        """
    )
    assert rows
    assert "measure" not in {role for _, role in rows}
    assert {indicator for indicator, _ in rows} == {"charging_points_departement"}


def test_labels_that_differ_inside_one_release_are_aliases(real: Ran) -> None:
    folder = MIRROR / "sgpe_grist"
    levers, chantiers = (
        {row[column].split(" / ", 1)[-1] for row in csv.DictReader((folder / name).open(encoding="utf-8"))}
        for name, column in (("grist-leviers.csv", "Chantier associé"), ("grist-chantiers.csv", "Chantier"))
    )
    assert "Verdir les véhicules individuels" in levers - chantiers
    assert "Verdir les voitures particulières" in chantiers - levers
    rows = real.home.query(
        "select chantier_name_fr, alias_fr from marts.dim_chantier where framework_version = 'SGPE-2026'"
    )
    assert len(rows) == 37
    names = {str(name) for name, _ in rows}
    aliases = {str(alias) for _, alias in rows if alias}
    assert chantiers - names == aliases
    assert names - chantiers == {name for name, alias in rows if alias}
    assert ("Verdir les véhicules individuels", "Verdir les voitures particulières") in rows


def test_waste_recovery_is_material_and_organic(real: Ran) -> None:
    material, organic, recovered, waste = (
        known(series(real, f"household_waste{part}"))
        for part in ("_material_recovery", "_organic_recovery", "_recovered", "")
    )
    assert {year: material[year] + organic[year] for year in recovered} == pytest.approx(recovered)
    share = {year: 100 * recovered[year] / waste[year] for year in (2019, 2021)}
    assert share[2021] == pytest.approx(51.66, abs=0.005)
    assert share == pytest.approx({year: known(series(real, "hub_681"))[year] for year in share}, abs=0.01)


@pytest.mark.parametrize(
    ("lever_id", "expected", "lacks_path"),
    [("energie_reseaux_chaleur", (57, 54.6, 47.4), False), ("dechets_sobriete", (611, 519, 642), True)],
)
def test_a_target_passed_and_a_start_that_is_no_measure(
    real: Ran, lever_id: str, expected: tuple[float, ...], lacks_path: bool
) -> None:
    rows = real.home.query(
        """
        select baseline_value, target_value, latest_value, path_value is null from marts.fct_lever_progress
        where indicator_id = ? and territory_level = 'region' and territory_code = '76'
        """,
        f"sgpe_kit_{lever_id}",
    )
    [(*values, found)] = rows
    assert values == pytest.approx(expected, rel=0.001)
    assert found == lacks_path


def test_the_parts_of_border_epci_lie_inside_the_region(real: Ran) -> None:
    communes = real.home.query(
        """
        select territory_code, epci_code, departement_code, region_code from marts.dim_territory
        where territory_level = 'commune' and epci_code is not null
        """
    )
    regions, departements = defaultdict(set), defaultdict(set)
    for _, epci, departement, region in communes:
        regions[epci].add(region)
        if region == "76":
            departements[epci].add(departement)
    borders = {epci for epci, crossed in regions.items() if "76" in crossed and len(crossed) > 1}
    assert len(departements) == 164
    assert len(borders) == 6
    assert sum(len(crossed) > 1 for crossed in departements.values()) == 11

    inside = {commune: epci for commune, epci, _, region in communes if region == "76"}
    of_communes: dict[tuple[object, ...], float] = defaultdict(float)
    of_epci: dict[tuple[object, ...], float] = {}
    for lever, measure, level, code, value in real.home.query(
        """
        select lever_id, measure, territory_level, territory_code, value from marts.fct_lever_target_allocation
        where key_id not in ('same_as_region', 'epci_sector_trajectory') and territory_level in ('commune', 'epci')
            and parent_code = '76' and not is_remainder
        """
    ):
        if level == "commune":
            of_communes[lever, measure, inside[code]] += float(str(value))
        else:
            of_epci[lever, measure, code] = float(str(value))
    assert of_epci.keys() == of_communes.keys()
    assert of_epci == pytest.approx(of_communes, rel=1e-9, abs=1e-9)
    assert borders <= {epci for _, _, epci in of_epci}

    sums = {
        lever: float(str(value))
        for lever, value in real.home.query(
            """
            select lever_id, sum(value) from marts.fct_lever_target_allocation
            where key_id not in ('same_as_region', 'epci_sector_trajectory') and territory_level = 'epci'
                and parent_code = '76' and measure = 'ktco2e_avoided'
            group by lever_id
            """
        )
    }
    targets = {
        lever: float(str(value))
        for lever, value in real.home.query(
            """
            select lever_id, value from marts.fct_lever_target
            where territory_code = '76' and territory_level = 'region' and measure = 'ktco2e_avoided'
            """
        )
    }
    assert len(targets) == 30
    assert sums == pytest.approx(targets, abs=1e-9)


def test_charging_points_of_no_commune_are_quarantined_and_said(real: Ran) -> None:
    with duckdb.connect() as connection:
        counted = connection.execute(
            "select count(distinct id_pdc_itinerance) from read_parquet(?) "
            "where code_insee_commune in ('30918', '66253')",
            [str(MIRROR / "irve_static" / "irve-statique.parquet")],
        ).fetchall()
    assert counted == [(26,)]
    rows = real.home.query(
        """
        select distinct value, reason from quality.fct_quarantined_row
        where dataset_id = 'irve_static' and value in ('commune 30918', 'commune 66253')
        """
    )
    reason = "a commune of no vintage of the COG"
    assert sorted(rows) == [("commune 30918", reason), ("commune 66253", reason)]
    assert series(real, "charging_points")[2024] == 2053 - 26
    said = [line for line in real.run.stdout.splitlines() if line.startswith("quarantine: irve_static: ")]
    assert any(reason in line for line in said)
