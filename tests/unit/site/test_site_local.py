"""The first lines of the pages of EPCI and groupings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from leviers.site.pages import Renderer

ROUTE, BUILDINGS, FARMS = "transport routier", "résidentiel et tertiaire", "agriculture"
APART = {"secteur_premier": ROUTE, "secteur_second": BUILDINGS}
SECTORS = [
    {"secteur": ROUTE, "court": "Route", "sujet": "la route"},
    {"secteur": BUILDINGS, "court": "Bâtiments", "sujet": "les bâtiments"},
    {"secteur": FARMS, "court": "Agriculture", "sujet": "l'agriculture"},
]
TOGETHER = {"rapport_min": None, "rapport_max": None, "leviers_mesures": 7, "leviers": 30, **APART}


def headline(
    numbers: Mapping[str, Any], weights: Sequence[Mapping[str, Any]] = (), series: Sequence[Mapping[str, Any]] = ()
) -> str:
    publication = {"publie_le": datetime(2026, 11, 29), "contact": None}
    edition = SimpleNamespace(rows={"secteurs": SECTORS}.get, of=lambda query, key: [], publication=publication)
    environment = Renderer(edition)._environment  # type: ignore[arg-type]
    module = environment.get_template("local.html.j2").make_module({"data": lambda query: [], "root": "", "page": {}})
    return module.headline(numbers, weights, series).striptags()  # type: ignore[attr-defined,no-any-return]


def weight(sector: str, low: float, high: float, place: str | None) -> dict[str, Any]:
    return {"secteur": sector, "minimum": low, "maximum": high, "place": place, "nature": "estimate", "unite": "kt"}


@pytest.mark.parametrize(
    ("low", "high", "sentence"),
    [(1.87, 2.33, "pèse deux fois"), (1.7, 3.4, "pèse 1,7 à 3,4 fois"), (12.1, 40, "pèse 12 à 40 fois")],
)
def test_a_sector_is_compared_with_the_next_where_ranges_are_apart(low: float, high: float, sentence: str) -> None:
    assert headline({"rapport_min": low, "rapport_max": high, **APART}) == f"la route {sentence} les bâtiments"


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
