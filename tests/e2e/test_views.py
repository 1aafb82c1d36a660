"""The French views of the published file: whole, cut to the scope, without a code where a reader expects words."""

from __future__ import annotations

import math
from statistics import median

import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.xdist_group("demo")


def test_the_observations_are_the_values_of_the_scope(demo: Ran) -> None:
    expected = """
        select count(*), count(distinct v.indicator_id), sum(v.value)
        from marts.fct_indicator_value as v
        inner join marts.dim_territory as t using (territory_level, territory_code)
        where t.is_in_scope
    """
    seen = "select count(*), count(distinct indicateur_id), sum(valeur) from vues.fait_observation"
    (wanted,), (found,) = demo.home.query(expected), demo.home.query(seen)
    assert found[:2] == wanted[:2]
    assert found[2] == pytest.approx(wanted[2])


def test_a_fact_is_there_once_and_has_one_key_of_its_territory(demo: Ran) -> None:
    facts = """
        select count(*), count(distinct (territoire_id, indicateur_id, annee)), sum(valeur) filter (
            where indicateur_id = 'capacity_solar' and niveau = 'departement' and annee = 2024
        )
        from vues.fait_observation
    """
    [(rows, keys, solar)] = demo.home.query(facts)
    assert rows == keys > 0
    assert round(solar) == 3986, "the sum of the README, and not once per lever"
    strangers = "select count(*) from vues.fait_observation anti join vues.dim_territoire using (territoire_id)"
    assert demo.home.query(strangers) == [(0,)]
    iso = "select territoire_id, code_iso from vues.dim_territoire where code_territoire in ('76', '31') order by all"
    assert demo.home.query(iso) == [("departement:31", "FR-31"), ("region:76", "FR-OCC")]


def test_a_value_that_verdicts_leave_out_is_set_apart(demo: Ran) -> None:
    left_out = """
        select v.indicator_id, v.territory_code, v.year
        from marts.fct_indicator_value as v
        inner join marts.dim_territory as t using (territory_level, territory_code)
        where t.is_in_scope and (v.is_anomalous or v.is_incomplete_year) and v.value is not null
    """
    shown = "select indicateur_id, code_territoire, annee from vues.fait_observation where confiance = 'écartée'"
    assert sorted(demo.home.query(shown)) == sorted(demo.home.query(left_out)) != []
    unexplained = "select 1 from vues.fait_observation where (confiance = 'bonne') <> (coalesce(reserves, '') = '')"
    assert demo.home.query(unexplained) == []


def test_every_code_has_a_label(demo: Ran) -> None:
    labels = {(domain, code): label for domain, code, label in demo.home.query("from marts.dim_label")}
    for table, column, domain in (
        ("fct_indicator_value", "value_status", "value_status"),
        ("fct_lever_target", "measure", "measure"),
        ("bridge_lever_indicator", "role", "role"),
        ("bridge_lever_indicator", "comparability", "comparability"),
        ("bridge_lever_indicator", "link_confidence", "link_confidence"),
        ("dim_indicator", "direction", "direction"),
        ("dim_dataset", "absent_means", "absent_means"),
        ("dim_dataset", "licence_basis", "licence_basis"),
        ("dim_snapshot", "origin", "origin"),
        ("dim_territory", "legal_type", "legal_type"),
        ("dim_legal_obligation", "condition_code", "obligation_condition"),
        ("fct_territory_obligation", "answer", "obligation_answer"),
        ("fct_indicator_change", "doubt_code", "change_doubt"),
        ("fct_sector_emission", "nature", "emission_nature"),
        ("fct_sector_emission", "place", "sector_place"),
    ):
        codes = demo.home.query(f"select distinct {column} from marts.{table} where {column} is not null")
        assert [code for (code,) in codes if (domain, code) not in labels] == [], column


def test_an_indicator_says_whether_and_where_it_has_values(demo: Ran) -> None:
    assert demo.home.query(
        """
        select has_values, levels_with_values, first_year, last_year, short_code
        from marts.dim_indicator where indicator_id = 'hub_42'
        """
    ) == [(True, "region", 2009, 2021, "household_waste_per_head_hub")]
    wrong = """
        select count(*) from marts.dim_indicator as i
        where i.has_values <> exists(
            select 1 from marts.fct_indicator_value as v where v.indicator_id = i.indicator_id and v.value is not null
        )
    """
    assert demo.home.query(wrong) == [(0,)]


def test_a_territory_has_an_area_and_an_epci_ten_like_it(demo: Ran) -> None:
    area = "select sum(area_km2) from marts.dim_territory where territory_level = ? and is_in_scope"
    ((region,),), ((departements,),) = demo.home.query(area, "region"), demo.home.query(area, "departement")
    assert region == pytest.approx(73_362, rel=2e-3)  # inland water included; 72,724 in the land register
    assert departements == pytest.approx(region, rel=1e-3)
    assert demo.home.query(
        "select legal_type, legal_type_label_fr from marts.dim_territory where territory_code = '243100518'"
    ) == [("METRO", "métropole")]
    counts = """
        select distinct count(*) from vues.pont_territoire_semblable where niveau = 'epci' group by territoire_id
    """
    assert demo.home.query(counts) == [(10,)]
    nearest = "select semblable from vues.pont_territoire_semblable where territoire_id = 'epci:243100518' and rang = 1"
    assert demo.home.query(nearest) == [("Montpellier Méditerranée Métropole",)]


def test_every_level_has_similar_and_adjacent_territories(demo: Ran) -> None:
    """By one distance: the ten nearest or, of the twelve other departements that ship, the nearer half."""
    counts = (
        "select niveau, count(distinct territoire_id), max(rang) from vues.pont_territoire_semblable group by niveau"
    )
    assert sorted(demo.home.query(counts)) == [("departement", 13, 6), ("epci", 164, 10)]
    nearest = "select semblable, distance from vues.pont_territoire_semblable where territoire_id = ? and rang = 1"
    [(name, distance)] = demo.home.query(nearest, "departement:34")
    assert name == "Haute-Garonne"
    size = "select population, density_per_km2 from marts.dim_territory where name = ? and iso_code is not null"
    (own,), (other,) = demo.home.query(size, "Hérault"), demo.home.query(size, name)
    assert distance == pytest.approx(math.hypot(*(math.log(a / b) for a, b in zip(own, other, strict=True))))
    beside = "select limitrophe from vues.pont_territoire_limitrophe where territoire_id = ? order by all"
    assert [name for (name,) in demo.home.query(beside, "departement:09")] == [
        "Aude", "Haute-Garonne", "Pyrénées-Orientales",
    ]  # fmt: skip
    pairs = "select territory_level, territory_code, adjacent_code from marts.bridge_adjacent_territory"
    found = set(demo.home.query(pairs))
    assert found == {(level, other, one) for level, one, other in found}


def test_a_value_is_compared_by_inhabitant_with_the_same_year_of_its_similar_ones(demo: Ran) -> None:
    compared = """
        select annee, valeur, unite, semblables, mediane_semblables, rang_parmi_semblables
        from vues.fait_comparaison where territoire_id = 'epci:243400017' and indicateur_id = 'capacity_solar'
    """
    [(year, own, unit, count, middle, rank)] = demo.home.query(compared)
    by_head = """
        select v.value / t.population
        from vues.pont_territoire_semblable as p
        inner join marts.fct_indicator_value as v
            on v.territory_level = p.niveau and v.territory_code = p.code_semblable
        inner join marts.dim_territory as t using (territory_level, territory_code)
        where p.territoire_id = 'epci:243400017' and v.indicator_id = 'capacity_solar' and v.year = ?
    """
    watts = [1e6 * value for (value,) in demo.home.query(by_head, year)]
    assert (unit, count, len(watts)) == ("watts par habitant", 10, 10)
    assert middle == pytest.approx(median(watts))
    assert rank == 1 + sum(value > own for value in watts)
    herault = """
        select territoire, rank() over (order by valeur desc) as rang
        from vues.fait_comparaison
        inner join vues.dim_territoire using (territoire_id, territoire)
        where
            indicateur_id = 'capacity_solar'
            and departement_id = 'departement:34'
            and fait_comparaison.niveau = 'epci'
        order by rang
    """
    ranks = [rank for _, rank in demo.home.query(herault)]
    assert ranks == list(range(1, len(ranks) + 1)), "each once, and no two alike"
    assert len(ranks) > 10
    assert demo.home.query("select count(*) from vues.fait_comparaison where indicateur_id like 'eu_ets%'") == [(0,)]


def test_what_moved_is_what_was_observed(demo: Ran) -> None:
    apart = """
        select e.levier_id, e.indicateur_id, e.territoire_id
        from vues.fait_evolution as e
        inner join vues.fait_observation as o using (territoire_id, indicateur_id, annee)
        where o.valeur <> e.valeur
    """
    assert demo.home.query(apart) == []
    found = "select doute_code, est_a_verifier, count(*) from vues.fait_evolution group by all"
    checked = {(code, check) for code, check, _ in demo.home.query(found)}
    assert {(None, False), ("uncertain", False), ("jump", True)} <= checked
    assert all(check == (code in {"anomaly", "jump", "apart"}) for code, check in checked)


def test_a_series_breaks_for_all_territories_or_for_one(demo: Ran) -> None:
    broken = "select indicateur_id, territoire_id, annee from vues.fait_serie where est_une_rupture group by all"
    found = set(demo.home.query(broken))
    everywhere = {("residential_electricity_consumption", f"departement:{code}", 2018) for code in (31, 34)}
    assert everywhere <= found
    here = {territory for indicator, territory, year in found if "residential_gas" in str(indicator) and year == 2020}
    assert here == {"region:76", "departement:32", "departement:81"}


def test_a_law_is_answered_for_each_territory_that_it_may_ask(demo: Ran) -> None:
    rows = "select count(*), count(distinct (territoire_id, obligation_id)) from vues.fait_obligation"
    [(count, keys)] = demo.home.query(rows)
    assert count == keys
    plans = """
        select reponse, count(*), min(population), max(population)
        from vues.fait_obligation where obligation_id = 'climate_plan' group by reponse
    """
    answers = {answer: (low, high) for answer, _, low, high in demo.home.query(plans)}
    assert set(answers) == {"applies", "just_below", "does_not_apply"}
    assert answers["applies"][0] > 20_000 >= answers["just_below"][1]
    assert answers["just_below"][0] > 19_000 >= answers["does_not_apply"][1]
    unsaid = "select 1 from vues.fait_obligation where (reponse = 'on_condition') <> (condition is not null)"
    assert demo.home.query(unsaid) == []


def test_a_sector_is_of_an_inventory_or_estimated_never_both(demo: Ran) -> None:
    kinds = "select territoire_id, list(distinct nature order by nature) from vues.fait_emission group by all"
    found = {tuple(natures) for _, natures in demo.home.query(kinds)}
    assert all(natures == ("inventory",) or "inventory" not in natures for natures in found)
    first = "select territoire_id from vues.fait_emission where place like 'first%' group by all having count(*) > 1"
    assert demo.home.query(first) == []
    spread = "select count(*) from vues.fait_emission where minimum_tco2e > maximum_tco2e"
    assert demo.home.query(spread) == [(0,)]


def test_the_parts_of_a_territory_are_the_whole(demo: Ran) -> None:
    wrong = """
        select territoire_id, niveau_partie from vues.pont_territoire_partie
        group by territoire_id, niveau_partie, communes_en_tout
        having sum(communes) <> communes_en_tout or abs(sum(part_population) - 1) > 1e-9
    """
    assert demo.home.query(wrong) == []
    assert demo.home.query("select count(distinct territoire_id) from vues.pont_territoire_partie") == [(11,)]


def test_an_epci_has_those_that_share_a_border_with_it(demo: Ran) -> None:
    beside = "select limitrophe from vues.pont_territoire_limitrophe where territoire_id = ? order by all"
    assert [name for (name,) in demo.home.query(beside, "epci:243400769")] == [
        "CA Hérault-Méditerranée", "CC Les Avant-Monts", "CC la Domitienne",
    ]  # fmt: skip
    counts = """
        select count(distinct territory_code), bool_or(territory_code = adjacent_code)
        from marts.bridge_adjacent_territory where territory_level = 'epci'
    """
    assert demo.home.query(counts) == [(164, False)]


def test_a_file_has_the_time_at_which_it_came(demo: Ran) -> None:
    assert demo.home.query(
        "select count(*) from marts.dim_snapshot where retrieved_at_utc <> cast(retrieved_at as timestamp)"
    ) == [(0,)]


def test_renewable_electricity_is_the_sum_of_its_kinds(demo: Ran) -> None:
    apart = """
        select s.territory_level, s.territory_code, s.value, sum(k.value)
        from marts.fct_indicator_value as s
        inner join marts.fct_indicator_value as k using (territory_level, territory_code, year)
        where
            s.indicator_id = 'capacity_renewable'
            and k.indicator_id in ('capacity_solar', 'capacity_wind', 'capacity_hydro', 'capacity_bioenergy')
        group by all
    """
    rows = demo.home.query(apart)
    assert len(rows) == 172  # 6 EPCI have no commune in the register
    assert [row for row in rows if row[2] != pytest.approx(row[3])] == []
    shown = """
        select niveau, indicateur_id from vues.fait_apercu
        where levier_id = 'energie_electricite_renouvelable' and indicateur_id is not null
    """
    assert set(demo.home.query(shown)) == {
        ("departement", "capacity_renewable"),
        ("epci", "capacity_renewable"),
        ("region", "generation_solar_wind"),  # the series that judges it
    }
