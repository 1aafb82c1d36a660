"""What the pages of EPCI and groupings say first, and which series they set beside those of similar territories."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from leviers.site import charts
from leviers.site.edition import QUERIES
from leviers.site.pages import Renderer

ROUTE, BUILDINGS, FARMS = "transport routier", "résidentiel et tertiaire", "agriculture"
APART = {"secteur_premier": ROUTE, "secteur_second": BUILDINGS}
TOGETHER = {"rapport_min": None, "rapport_max": None, "leviers_mesures": 7, "leviers": 30, **APART}


def headline(
    numbers: Mapping[str, Any], weights: Sequence[Mapping[str, Any]] = (), series: Sequence[Mapping[str, Any]] = ()
) -> str:
    edition = SimpleNamespace(rows=lambda query: [], of=lambda query, key: [], publication={})
    environment = Renderer(edition)._environment  # type: ignore[arg-type]
    module = environment.get_template("local.html.j2").make_module({"data": lambda query: [], "root": "", "page": {}})
    return module.headline(numbers, weights, series).striptags()  # type: ignore[attr-defined,no-any-return]


def weight(sector: str, low: float, high: float, place: str | None) -> dict[str, Any]:
    return {"secteur": sector, "minimum": low, "maximum": high, "place": place, "nature": "estimate", "unite": "kt"}


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(1.87, 2.33, "pèse deux fois"), (1.7, 3.4, "pèse 1,7 à 3,4 fois"), (12.1, 40, "pèse 12 à 40 fois")],
)
def test_a_sector_is_compared_with_the_next_where_ranges_are_apart(low: float, high: float, said: str) -> None:
    assert headline({"rapport_min": low, "rapport_max": high, **APART}) == f"la route {said} les bâtiments"


def test_sectors_that_may_be_first_are_named_together() -> None:
    weights = [weight(ROUTE, 116, 148, "first_by_little"), weight(BUILDINGS, 44, 80.6, "may_be_first")]
    assert headline(TOGETHER, weights) == "la route semble en tête, 116\N{EN DASH}148 kt"
    near = [weight(ROUTE, 70, 148, "may_be_first"), weight(BUILDINGS, 44, 80.6, "may_be_first")]
    assert headline(TOGETHER, near) == "route ou bâtiments en tête"
    three = [*near, weight(FARMS, 26, 79, "may_be_first")]
    assert headline(TOGETHER, three) == "route, bâtiments ou agriculture en tête"
    assert headline(TOGETHER, [*near, weight(FARMS, 26, 29, None)]) == headline(TOGETHER, near)


def test_a_sector_without_another_name_keeps_its_own() -> None:
    assert headline(TOGETHER, [weight("pêche au lac", 3, 4, "first")]) == "pêche au lac en tête, 3\N{EN DASH}4 kt"


def test_where_nothing_is_estimated_a_number_of_its_own_stands_first() -> None:
    assert headline(TOGETHER, [], [{"nom": "Solaire", "valeur": 674.3, "unite": "W par habitant"}]) == (
        "Solaire, 674 W par habitant"
    )
    assert headline(TOGETHER) == "7 leviers mesurés sur 30"


SERIES = [  # lever, theme, share, value, median, smallest, largest
    ("a", "rouler", 9.0, 5.0, 4.0, 1.0, 8.0),
    ("b", "rouler", 8.0, 5.0, 4.0, 1.0, 8.0),
    ("c", "manger", 2.0, 5.0, 4.0, 1.0, 8.0),
    ("d", "dormir", 20.0, 0.0, 0.0, 0.0, 8.0),
    ("e", "dormir", 19.0, 5.0, 5.0, 5.0, 5.0),
    ("f", "produire", 1.0, 0.0, 4.0, 1.0, 8.0),
]


def test_series_are_one_per_theme_and_nought_beside_nought_says_nothing() -> None:
    connection = duckdb.connect()
    connection.execute("create schema vues")
    connection.execute("create table rows (l text, t text, share double, v double, m double, low double, high double)")
    connection.executemany("insert into rows values (?, ?, ?, ?, ?, ?, ?)", SERIES)
    for view, columns in {
        "cop_diagnostic": "'x' as territoire_id, l as levier_id, 'r' as region_id, l as indicateur_id",
        "dim_levier": "l as levier_id, t as thematique_id",
        "dim_indicateur_court": "l as indicateur_id, l as indicateur_court",
        "fait_part": "'x' as territoire_id, l as levier_id, 'r' as region_id, share as part_ktco2e",
        "fait_source": "l as fichier_id, l as fichier, l as empreinte_sha256, l as licence",
        "fait_comparaison": """'x' as territoire_id, l as indicateur_id, l as indicateur, 2023 as annee,
            v as valeur, 'ha' as unite,
            m as mediane_semblables, low as minimum_semblables, high as maximum_semblables, low as
            premier_quartile_semblables, high as troisieme_quartile_semblables, 10 as semblables,
            1 as rang_parmi_semblables, l as fichier_id""",
    }.items():
        connection.execute(f"create view vues.{view} as select {columns} from rows")
    found = connection.execute((QUERIES / "semblables.sql").read_text(encoding="utf-8")).fetchall()
    assert [row[1] for row in found] == ["a", "c", "f"]


@pytest.mark.parametrize(("factor", "unit", "first"), [(1.0, "kt", 12.0), (0.01, "t", 120.0)])
def test_effort_takes_shares_that_say_something_of_a_place(factor: float, unit: str, first: float) -> None:
    connection = duckdb.connect()
    connection.execute("create schema vues")
    connection.execute("create table rows (l text, share double, sites boolean)")
    shares = [("gone", 13.0, False), ("none", 0.0, None), *((f"l{i}", float(12 - i), i == 0 or None) for i in range(8))]
    connection.executemany("insert into rows values (?, ?, ?)", shares)
    for view, columns in {
        "fait_part": f"""'x' as territoire_id, l as levier_id, 'r' as region_id, share * {factor} as part_ktco2e,
            share * {factor} as part_min_ktco2e, null::double as part_max_ktco2e, sites as situe_les_sites,
            false as repose_sur_une_seule_cle""",
        "dim_levier": "l as levier_id, l as levier_court",
        "fait_lecture": """l as levier_id, 'r' as territoire_id, 'behind' as lecture, 'en retard' as lecture_libelle,
            null as tendance, null as tendance_libelle""",
    }.items():
        connection.execute(f"create view vues.{view} as select {columns} from rows")
    query = (QUERIES / "effort.sql").read_text(encoding="utf-8")
    found = connection.execute(f"select nom, maximum, unite, lecture from ({query})").fetchall()
    assert [row[0] for row in found] == [f"l{i}" for i in range(6)]
    assert found[0] == ("l0", pytest.approx(first), unit, "behind")


def test_the_words_of_a_reading_stand_beside_its_mark_once() -> None:
    row = {"nom": "a", "minimum": 1, "maximum": 2, "texte": "1 ou 2", "lecture": "behind", "note": "en retard"}
    chart = charts.ranges([row, row | {"nom": "b"}], "Effort")
    assert chart.wide.count("en retard") == 1
    assert chart.wide.count("is-behind") == 2 * chart.wide.count("is-behind", 0, chart.wide.index(">b<"))
    assert [cells[-1] for cells in chart.rows] == ["en retard", "en retard"]
