"""Verdicts wait for the data: two invented values of a series that is not loaded yet, and its lines are there.

The rows are written where loaded data arrive, in the working file of the demo, and the verdicts are built again.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from leviers.warehouse.dbt import run_dbt
from tests.conftest import Ran

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
def loaded(demo: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
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
                'observed' as value_status, 100 as completeness_pct, false as is_incomplete_year
            """,
            rows,
        )
    of_verdicts = "path:models/levers,+fct_lever_verdict"
    built = run_dbt(home, "76", "run", "--full-refresh", "--select", of_verdicts)["results"]
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
        found = connection.execute(
            """
            select territory_level, territory_code, reading, latest_year, confidence from marts.fct_lever_verdict
            where lever_id = ? and indicator_id = ? and basis = ? and territory_code in (?, ?)
            order by territory_level
            """,
            [lever_id, series, basis, DEPARTEMENT, EPCI],
        ).fetchall()
    assert tuple((level, code) for level, code, *_ in found) == territories
    for _, _, reading, latest_year, confidence in found:
        assert latest_year == LATEST
        assert confidence is not None
        assert reading != "not_judged"


def test_national_targets_that_are_converted_meet_their_series(demo: Ran) -> None:
    """Water, 10 % less than in 2019; homes rated F or G and people who sort bio-waste, whose series start too late."""
    assert demo.home.query(
        """
        select indicator_id, round(target_value / coalesce(start_value, 1), 6), reading, reason
        from marts.fct_lever_verdict
        where
            territory_level = 'region' and territory_code = '76'
            and indicator_id in ('hub_638', 'dwellings_fg_share', 'biowaste_sorting_share')
        order by indicator_id
        """
    ) == [
        ("biowaste_sorting_share", 100, "not_judged", "Une seule année : 2023, 29,53 pour une cible de 100."),
        ("dwellings_fg_share", 3.85, "not_judged", "La série commence en 2023 : il faut 2019, ou 2018, pour départ."),
        (
            "hub_638",
            0.9,
            "unsure",
            "selon les années retenues, ou leur moyenne, la série est d'un côté ou de l'autre de la trajectoire",
        ),
    ]


def test_the_heat_networks_of_the_region_alone_are_judged_by_their_renewable_share(demo: Ran) -> None:
    """Below the region one network that does not answer turns the share: the series stands, without a verdict."""
    assert demo.home.query(
        """
        select territory_level, territory_code, indicator_id, latest_year, reading, confidence
        from marts.fct_lever_verdict
        where lever_id = 'energie_reseaux_chaleur' and basis = 'national'
        """
    ) == [("region", "76", "hub_510", 2024, "unsure", "D")]
    assert demo.home.query(
        """
        select count(distinct territory_code) > 20 from marts.fct_indicator_value
        where indicator_id = 'heat_commune_renewable_share' and territory_level = 'epci'
        """
    ) == [(True,)]


def test_what_concludes_would_not_be_overturned(demo: Ran) -> None:
    """Beyond the uncertainty, on recent years; below the region every judged series ends in 2021."""
    assert demo.home.query(
        """
        select lever_id, reading from marts.fct_lever_verdict
        where is_shown and reading not in ('unsure', 'not_judged')
        order by lever_id
        """
    ) == [
        ("agri_batiments_machines", "behind"),
        ("bus_cars_decarbones", "behind"),
        ("energie_biogaz", "behind"),
        ("energie_electricite_renouvelable", "behind"),
        ("fret_efficacite_sobriete", "behind"),
        ("residentiel_chaudieres_fioul", "on_line"),
        ("sols_sobriete_fonciere", "behind"),
        ("tertiaire_chaudieres_fioul", "on_line"),
        ("vehicules_electriques", "behind"),
    ]
    reasons = demo.home.query(
        """
        select distinct reason_code from marts.fct_lever_verdict
        where is_shown and reading <> 'not_judged' and territory_level <> 'region'
        order by all
        """
    )
    assert reasons == [("too_old",), ("variants_differ",)]


def test_a_means_has_a_line_that_counts_for_no_lever(demo: Ran) -> None:
    assert demo.home.query(
        """
        select lever_id, indicator_id, reading, is_shown, counted_as from marts.fct_lever_verdict
        where judges = 'means' and territory_level = 'region' and reading <> 'not_judged'
        order by all
        """
    ) == [
        ("fret_decarbone_multimodalite", "hub_463", "behind", False, None),
        ("fret_decarbone_multimodalite", "hub_465", "behind", False, None),
        ("velo_transport_commun", "secure_cycle_routes_joined", "behind", False, None),
    ]


def test_a_lever_and_territory_have_one_reading_and_the_rest_stands_beside(demo: Ran) -> None:
    """Every lever that the State quantifies here, and every one that is followed, in each territory; each line once."""
    shown = "select count(*), count(distinct (levier_id, territoire_id)) from vues.fait_lecture"
    [(rows, pairs)] = demo.home.query(shown)
    assert rows == pairs
    assert demo.home.query(
        """
        select count(*) from vues.cop_diagnostic as listed
        anti join vues.fait_lecture as readings using (levier_id, niveau, code_territoire)
        """
    ) == [(0,)]
    [(lines,)] = demo.home.query(
        "select count(*) from marts.fct_lever_verdict inner join marts.dim_framework using (framework_version) "
        "where is_target_version"
    )
    [(others,)] = demo.home.query("select count(*) from vues.fait_lecture_autre")
    assert rows + others == lines


def test_the_reasons_of_a_grade_are_rows_that_add_up_to_it(demo: Ran) -> None:
    """Each doubt of one step or more takes one, and one that weighs more as many as it weighs."""
    assert demo.home.query(
        """
        select count(*) from (
            select
                verdicts.confidence,
                chr((65 + least(3, greatest(count(*) filter (where weight > 0), max(weight))))::integer) as expected
            from marts.fct_lever_verdict as verdicts
            inner join marts.fct_verdict_doubt as doubts
                using (lever_id, indicator_id, basis, territory_level, territory_code, framework_version)
            where verdicts.reading <> 'not_judged'
            group by lever_id, indicator_id, basis, territory_level, territory_code, framework_version, confidence
        )
        where confidence <> expected
        """
    ) == [(0,)]


def test_a_line_without_a_variant_of_its_own_is_none(demo: Ran) -> None:
    """What compares has the pair that it stands on among its variants, with the path and the gap of the line."""
    assert demo.home.query(
        """
        select count(*) from marts.fct_lever_verdict as verdicts
        left join marts.fct_verdict_variant as variants
            on
                (verdicts.lever_id, verdicts.indicator_id, verdicts.basis, verdicts.territory_level)
                = (variants.lever_id, variants.indicator_id, variants.basis, variants.territory_level)
                and verdicts.territory_code = variants.territory_code
                and variants.is_main
        where
            verdicts.decided_by <> 'not_comparable'
            and (verdicts.gap is distinct from variants.gap or verdicts.path_value is distinct from variants.path_value)
        """
    ) == [(0,)]
