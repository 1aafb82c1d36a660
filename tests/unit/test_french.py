"""French: numbers, units, days, typography."""

from __future__ import annotations

from datetime import date

import pytest

from leviers.common import french
from leviers.common.typography import typeset
from tests.cases import cases

CASES = cases(__file__)


@pytest.mark.parametrize(
    ("value", "unit", "factor", "decimals", "text"), CASES["amounts_are_written_as_their_scale_says"]
)
def test_amounts_are_written_as_their_scale_says(
    value: float, unit: str, factor: float, decimals: int, text: str
) -> None:
    assert french.amount(value, {"unite": unit, "facteur": factor, "decimales": decimals}) == text


def test_a_difference_has_a_sign_and_the_scale_of_its_values() -> None:
    percents, energy = (
        {"unite": unit, "facteur": factor, "decimales": 1} for unit, factor in (("%", 1), ("GWh", 1e-3))
    )
    assert french.difference(2.5, percents) == "+2,5\u00a0points"
    assert french.difference(-1.5, percents) == "\u22121,5\u00a0point"
    assert french.difference(-1618.0, energy) == "\u22121,62\u00a0GWh"


def test_a_share_has_two_digits() -> None:
    assert [french.rough(value) for value in (0.214, 4.58, 43.4, 203.6, 0.0)] == ["0,21", "4,6", "43", "204", "0"]
    assert french.rough(0.0734) == "moins de\u00a00,1"
    assert [french.span(*ends) for ends in ((0.61, 2.6), (0.011, 0.07), (0.04, 1.2), (0.0, 1.2))] == [
        "de 0,61 à 2,6", "", "jusqu'à 1,2", "de 0 à 1,2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ends", "written"),
    [
        ("une valeur de 2021 est trop ancienne", ";", "Une valeur de 2021 est trop ancienne."),
        ("Pas de cible ; voir la part. 2024 : incomplète.", ";", "Pas de cible. Voir la part. 2024 : incomplète."),
        ("Pas de cible ; voir la part. 2024 : incomplète.", ";:", "Pas de cible. Voir la part. 2024. Incomplète."),
    ],
)
def test_a_long_text_is_set_in_sentences(text: str, ends: str, written: str) -> None:
    assert french.sentences(text, ends) == written


def test_days_and_counts_are_written_in_french() -> None:
    assert french.day(date(2026, 8, 1)) == "1er\u00a0août\u00a02026"
    assert french.day("2026-11-25T10:00:00+00:00") == "25\u00a0novembre\u00a02026"
    assert (french.plural(1, "levier"), french.plural(0, "levier"), french.plural(2, "levier")) == (
        "1\u00a0levier", "0\u00a0levier", "2\u00a0leviers",
    )  # fmt: skip


def test_search_folds_accents_and_apostrophes() -> None:
    assert french.folded("CA de l\u2019Œuvre-d'Été") == french.folded("ca de l oeuvre d ete")


def test_typography_is_french_and_leaves_tags_alone() -> None:
    html = '<p title="a : b">Quoi ? L&#39;eau : « pure » !</p><a href="x?y : z">d\'ici</a>'
    assert typeset(html) == (
        '<p title="a : b">Quoi\u00a0? L\u2019eau\u00a0: «\u00a0pure\u00a0»\u00a0!</p><a href="x?y : z">d\u2019ici</a>'
    )


def test_percents_and_periods_are_typeset() -> None:
    assert typeset("<p>Coeur d'Ecolab</p>") == "<p>Cœur d\u2019Ecolab</p>"
    assert typeset("<p>94 % de 2011-2021</p><td>parc_2011-2021.csv</td>") == (
        "<p>94\u202f% de 2011\u20132021</p><td>parc_2011-2021.csv</td>"
    )
