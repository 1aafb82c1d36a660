"""Series below the region, and the weather, read in the published file against what their files were seen to say."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Ran
from tests.e2e.test_traps import known, series

pytestmark = pytest.mark.xdist_group("real")
MIRROR = Path(os.environ.get("LEVIERS_TEST_MIRROR", "."))


@pytest.mark.parametrize(
    ("indicator", "year", "reference_date", "value"),
    [
        ("secure_cycle_routes", 2019, "2019-12-31", 4463),
        ("secure_cycle_routes", 2022, "2022-12-31", 5616),
        ("secure_cycle_routes_ppg", 2022, "2022-12-31", 5616),
        ("secure_cycle_routes_ppg", 2024, "2024-09-30", 6272),
        ("charging_points_deployed", 2019, "2019-12-31", 3431),
        ("charging_points_deployed", 2022, "2022-12-31", 7806),
        ("charging_points_ppg", 2022, "2022-07-31", 6255),
        ("charging_points_ppg", 2024, "2024-10-31", 13960),
        ("biowaste_sorting_inhabitants_ppg", 2021, "2021-12-31", 1243037),
        ("biowaste_sorting_inhabitants_ppg", 2024, "2024-07-31", 2424739),
        ("maprimerenov_cumulative", 2022, "2022-10-31", 131075),
        ("maprimerenov_cumulative_ppg", 2022, "2022-12-31", 155465),
        ("maprimerenov_cumulative_ppg", 2024, "2024-08-31", 226064),
    ],
)
def test_a_stock_is_dated_by_the_end_of_its_month(
    real: Ran, indicator: str, year: int, reference_date: str, value: float
) -> None:
    rows = real.home.query(
        """
        select cast(reference_date as varchar), value, is_provisional from marts.fct_indicator_value
        where indicator_id = ? and territory_code = '76' and territory_level = 'region' and year = ?
        """,
        indicator,
        year,
    )
    assert rows == [(reference_date, value, not reference_date.endswith("-12-31"))]


def test_targets_of_2026_are_no_observations(real: Ran) -> None:
    years = real.home.query(
        "select max(year) from marts.fct_indicator_value where dataset_id = 'ditp_indicators_departement'"
    )
    assert years == [(2024,)]


def test_files_of_maprimerenov_are_flows_of_full_years_only(real: Ran) -> None:
    assert series(real, "maprimerenov_validated") == {2021: 76254 - 13549}
    assert series(real, "maprimerenov_validated_ppg") == {2023: 211446 - 155465}


def test_the_two_series_of_cycle_routes_meet_in_every_departement(real: Ran) -> None:
    rows = real.home.query(
        """
        select count(*), count(*) filter (where old.value = new.value)
        from marts.fct_indicator_value as old
        inner join marts.fct_indicator_value as new using (territory_level, territory_code, year, reference_date)
        inner join marts.dim_territory as territories using (territory_level, territory_code)
        where
            old.indicator_id = 'secure_cycle_routes' and new.indicator_id = 'secure_cycle_routes_ppg'
            and territory_level = 'departement' and territories.is_in_scope
        """
    )
    assert rows == [(13, 13)]


def test_degree_days_fill_missing_days_and_tell_how_many_are_known(real: Ran) -> None:
    values = known(series(real, "heating_degree_days"))
    assert {year: round(values[year]) for year in (2019, 2022, 2025)} == {2019: 1546, 2022: 1378, 2025: 1382}
    with duckdb.connect() as connection:
        measured = connection.execute(
            f"""
            with months as (
                select
                    year("Date") as year,
                    count(*) as known_days,
                    day(last_day(any_value("Date"))) as all_days,
                    avg(greatest(17 - "TMoy (°C)", 0)) as mean
                from read_csv('{MIRROR}/odre_regional_temperature/*.csv', delim = ';', header = true)
                where "Code INSEE région" = 76 and year("Date") < 2026
                group by year, month("Date")
            )
            select year, sum(known_days), sum(all_days), sum(mean * all_days) from months group by year order by year
            """
        ).fetchall()
    assert [known_days for _, known_days, _, _ in measured] == [366, 365, 365, 365, 366, 364, 363, 361, 355, 353]
    assert values == pytest.approx({year: degree_days for year, _, _, degree_days in measured})
    completeness = real.home.query(
        """
        select year, completeness_pct, value_status from marts.fct_indicator_value
        where indicator_id = 'heating_degree_days' and territory_code = '76' order by year
        """
    )
    assert completeness == [
        (year, pytest.approx(100 * known_days / all_days), "aggregated" if known_days == all_days else "estimated")
        for year, known_days, all_days, _ in measured
    ]


def test_commuting_shares_are_of_communes_alone_and_none_is_lost(real: Ran) -> None:
    assert series(real, "public_transport_commuting_share_anct", "31555", "commune") == {
        2010: 24.2,
        2015: 26.2,
        2021: 27.8,
    }
    assert series(real, "public_transport_commuting_share_anct", "34172", "commune") == {
        2010: 19.6,
        2015: 22.1,
        2021: 21.8,
    }
    published = real.home.query(
        """
        select territory_level, count(*), count(value) from marts.fct_indicator_value
        inner join marts.dim_territory using (territory_level, territory_code)
        where indicator_id = 'public_transport_commuting_share_anct' and region_code = '76'
        group by year, territory_level order by year
        """
    )
    assert published == [("commune", 4441, 4420), ("commune", 4441, 4411), ("commune", 4441, 4402)]
    # communes of 2024 that merged until 2026: eight codes that are gone, four that hold more than they did
    set_aside = real.home.query(
        """
        select sum(row_count) from quality.fct_quarantined_row
        where
            dataset_id = 'anct_commuting_public_transport'
            and left(value, 10) in (
                select 'commune ' || departement_code from marts.dim_territory
                where territory_level = 'departement' and region_code = '76'
            )
        """
    )
    assert set_aside == [(3 * (4453 - 4441),)]
