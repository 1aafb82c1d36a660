"""The page of an EPCI: its curves, its parts by who decides, and its communes."""

from __future__ import annotations

import re

from leviers.site.published import Row
from tests.unit.site.test_site_territory import CARD, rendered, words_of

PAGE: Row = {"cle": "epci:0", "fichier": "epci-0", "genre": "local", "titre": "Les Oyats", "niveau_libelle": "EPCI"}


def part(lever: str, role: str, rank: int = 1, amount: float = 2.0) -> Row:
    return {
        "levier_id": lever, "nom": lever, "qui": role, "rang": rank, "valeur": amount, "minimum": amount / 2,
        "maximum": amount, "repere": 1.0, "serie": None, "phrase": None, "phrase_echelle": None,
    }  # fmt: skip


def test_what_others_decide_comes_last_and_five_of_it_are_drawn() -> None:
    rows = [part("Vélo", "decide"), part("Fioul", "share", amount=9.0), part("Usines", "none", 7, 0.0)]
    rows[2:2] = [part(f"Fret {i}", "none", i) for i in range(1, 7)]
    html = rendered("parts", rows, PAGE)
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", html.split("</svg>")[1])
    wanted = ["Vous décidez", "Vélo", "Vous aidez", "Fioul", "D’autres décident", "Fret 1", "Fret 5"]  # noqa: RUF001
    assert [text for text in shown if text in wanted] == wanted
    assert "Fret 6" not in shown
    assert "1 autre ligne</summary>" in html.replace("\N{NO-BREAK SPACE}", " ")
    assert words_of(html, r'<p class="soft small">(.*?)</p>').replace("\N{NO-BREAK SPACE}", " ") == (
        "Sans objet ici : usines."
    )


def test_without_competences_no_group_is_named() -> None:
    assert "décident" not in rendered("parts", [part("Vélo", "none")], PAGE)


def test_a_curve_says_whose_it_is_and_the_heading_what_it_finds() -> None:
    rows = [CARD | {"serie": "Sols consommés", "est_ici": True, "lieu": "Les Oyats"},
            CARD | {"serie": "Fioul vendu", "est_ici": False, "lieu": "Dunes", "lecture": "unsure",
                    "lecture_libelle": "incertain"}]  # fmt: skip
    html = rendered("courbes", rows, PAGE)
    heading = words_of(html, "<h2>(.*?)</h2>").replace("\N{NO-BREAK SPACE}", " ")
    assert heading == "En retard : sols consommés ; incertain : fioul vendu (Dunes)"
    assert re.findall(r'<span class="tag(?: here)?">(.*?)</span>', html) == ["ici", "Dunes"]


def test_a_commune_has_its_row_and_its_own_values() -> None:
    values = [{"indicateur": "Solaire", "unite": "MW", "annee": 2024, "valeur": 3.2}]
    rows: list[Row] = [{"code": "46042", "territoire": "Dune", "population": 900, "valeurs": values},
            {"code": "46043", "territoire": "Creux", "population": None, "valeurs": []}]  # fmt: skip
    html = rendered("communes", rows, PAGE)
    assert re.findall(r'<tr id="commune-(\d+)">.*?<td data-c="Solaire">(.*?)</td>', html) == [
        ("46042", "3,2 (2024)"), ("46043", ""),
    ]  # fmt: skip
