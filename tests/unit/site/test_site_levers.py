"""Pages of levers, of chantiers and the home page, from rows alone."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from leviers.site.pages import PAGE_KINDS, Renderer
from leviers.site.published import Row

LINE: Row = {
    "levier_id": "moulins", "territoire_id": "region:0", "territoire": "Nullepart", "fichier": "region-0",
    "levier_court": "Moulins", "lecture": "behind", "lecture_libelle": "en retard", "tendance": None,
    "tendance_libelle": None, "trajectoire_libelle": "le rythme national", "confiance": "B", "part_faite": 0.2,
    "part_attendue": 0.5,
    "part_incertitude": 0.1, "est_indicatif": True, "demande_ktco2e": 120.0, "manque_sur_ktco2e": 24.0,
    "indicateur": "Ailes qui tournent", "nom": "Ailes", "source": "Meuniers", "unite": "milliers d'ailes",
    "facteur": 0.001, "decimales": 1, "serie_id": "ailes", "lissage_annees": 1, "correction_climat_libelle": None,
    "raison_courte": None, "donnee_manquante": None, "page_du_jeu": None, "annee": 2024, "valeur": 2000.0,
    "valeur_attendue": 3000.0, "valeur_visee": 5000.0, "annee_visee": 2030,
    "points": [{"annee": year, "valeur": 1000.0 + 200 * (year - 2019), "est_sure": True} for year in range(2019, 2025)],
    "est_un_taux": False, "trajectoire": [{"annee": 2019, "valeur": 1000.0, "incertitude": 0.0},
                                    {"annee": 2024, "valeur": 3000.0, "incertitude": 0.0},
                                    {"annee": 2030, "valeur": 5000.0, "incertitude": 0.0}],
    "cible": {"annee": 2030, "valeur": 5000.0, "est_indicative": True}, "prolongement": [], "manque": None,
    "annee_attendue": 2024, "ruptures": [],
}  # fmt: skip
NO_VALUE: Row = {"annee": None, "valeur": None, "valeur_attendue": None, "cible": None, "points": [], "trajectoire": []}
LEVER: Row = {
    "cle": "moulins", "fichier": "moulins", "titre": "Moulins à vent", "levier_court": "Moulins",
    "thematique": "Mieux moudre", "chantier_id": "farine", "chantier": "Farine", "note_cible": None,
}  # fmt: skip
CHANTIER: Row = {
    "cle": "farine", "fichier": "farine", "titre": "Farine", "leviers": 1, "demande_ktco2e": 150.0,
}  # fmt: skip
HOME: Row = {"cle": "", "fichier": "index", "titre": "Accueil", "regions": 1}
HERE: Row = {
    "cle": "region:0",
    "territoire_id": "region:0",
    "genre": "region",
    "fichier": "region-0",
    "titre": "Nullepart",
    "territoire": "Nullepart",
}


class Rows:
    """An edition of rows that are given."""

    def __init__(self, **rows: list[Row]) -> None:
        self.publication: Row = {"publie_le": datetime(2026, 1, 1), "contact": None}
        self._rows = rows

    def rows(self, query: str) -> list[Row]:
        return self._rows.get(query, [])

    def of(self, query: str, key: str) -> list[Row]:
        return [row for row in self.rows(query) if next(iter(row.values())) == key]


def page(query: str, row: Row, **rows: list[Row]) -> str:
    kind = next(kind for kind in PAGE_KINDS if kind.query == query)
    html = Renderer(Rows(**rows)).page(kind, row)  # type: ignore[arg-type]
    return re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", html).replace(
        "\N{RIGHT SINGLE QUOTATION MARK}", "'"
    )


def lever_page(*changes: dict[str, Any], **rows: list[Row]) -> str:
    return page("levier", LEVER, levier_tete=[LINE | change for change in changes], chantier=[CHANTIER], **rows)


def heading(html: str) -> str:
    return re.search("<h1>(.*?)</h1>", html, re.DOTALL)[1].strip()  # type: ignore[index]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "Ailes : 2,0 milliers d'ailes en 2024, 3,0 pour suivre le rythme national"),
        ({"trajectoire_libelle": "la cible de l'État", "lissage_annees": 3},
         "Ailes : 2,0 milliers d'ailes en moyenne de 2022 à 2024, 3,0 pour suivre la cible de l'État"),
        ({"unite": "%", "facteur": 0.01, "decimales": 0, "valeur_attendue": None, "lecture": "not_judged"},
         "Ailes : 20 % en 2024, 50 % visés en 2030"),
        ({"valeur_attendue": None, "cible": None}, "Ailes : 2,0 milliers d'ailes en 2024"),
        (NO_VALUE, "Moulins : 120 kt de CO₂ à éviter par an d'ici 2030"),
        (NO_VALUE | {"demande_ktco2e": None}, "Moulins"),
    ],
)  # fmt: skip
def test_a_lever_opens_with_its_numbers(change: dict[str, Any], expected: str) -> None:
    assert heading(lever_page(change)) == expected


def test_a_value_corrected_for_the_climate_says_so() -> None:
    html = lever_page({"correction_climat_libelle": "faite par le producteur", "unite": "TWh"})
    assert "2,0 TWh corrigés du climat en 2024" in heading(html)


def test_a_lever_of_one_region_shows_its_line_and_of_several_their_ways() -> None:
    of_one_region, of_several = lever_page({}), lever_page({}, {"territoire": "Ailleurs", "territoire_id": "region:1"})
    assert 'id="trajectoire"' in of_one_region
    assert 'id="trajectoire"' not in of_several
    assert 'id="chemin"' in of_several
    assert heading(of_several) == "Moulins : 2 régions en retard"
    unsure = {"lecture": "unsure", "lecture_libelle": "incertain"}
    three = lever_page({}, unsure | {"territoire_id": "region:1"}, unsure | {"territoire_id": "region:2"})
    assert heading(three) == "Moulins : 1 région en retard, 2 incertaines"


def test_a_lever_without_series_shows_what_each_departement_would_take() -> None:
    share = {
        "levier_id": "moulins", "niveau": "departement", "territoire": "Dunes", "fichier": "departement-0",
        "lecture": "not_judged", "lecture_libelle": "non jugé", "tendance": None, "tendance_libelle": None,
        "unite": None, "facteur": None, "decimales": None, "lissage_annees": None, "correction_climat_libelle": None,
        "annee": None, "valeur": None, "valeur_attendue": None, "part_ktco2e": 30.0, "part_min_ktco2e": 20.0,
        "part_max_ktco2e": 40.0, "repose_sur_une_seule_cle": False,
    }  # fmt: skip
    html = lever_page(NO_VALUE, levier_territoires=[share])
    assert 'id="parts"' in html
    assert "Dunes" in html.split('id="parts"')[1].split("</figure>")[0]
    assert "30 kt" in html
    assert "(20 à 40)" in html


def test_a_chantier_without_page_gets_no_link() -> None:
    assert 'href="../chantiers/farine.html"' in lever_page({})
    assert "chantiers/farine" not in page("levier", LEVER, levier_tete=[LINE])


def test_a_chantier_counts_its_levers_and_lists_each_once() -> None:
    rows = [
        {"chantier_id": "farine", "levier": "Moulins à vent", "confiance_chantier": "inferred", "leviers": 1,
                  "lien": f"leviers/{lever}.html"} | LINE | {"levier_id": lever, "levier_court": lever} | change
        for lever, change in (("moulins", {}), ("meules", {"part_faite": None, "demande_ktco2e": 30.0}))
    ]  # fmt: skip
    html = page("chantier", CHANTIER, chantier_tete=rows)
    assert heading(html) == "Farine : 2 leviers, 150 kt de CO₂ à éviter par an d'ici 2030"
    assert re.findall(r'<li data-levier="(\w+)" data-lecture="behind">.*?leviers/\1\.html', html) == ["meules"]
    assert "leviers/moulins.html" in html


def test_the_home_page_has_one_field_and_the_way_of_the_region() -> None:
    ways = [LINE | {"levier_id": f"l{i}", "nom": f"Série {i}", "lien": f"territoires/region-0.html#levier-l{i}"}
            for i in range(30)]  # fmt: skip
    html = page("accueil", HOME, territoires=[HERE], chemin=ways)
    assert html.count('id="recherche"') == 1
    chart = html.split("<figure")[1].split("</svg>")[0]
    assert re.findall(r'href="territoires/region-0.html#levier-l(\d+)"', chart) == [str(i) for i in range(30)]


def test_a_home_page_without_targets_still_stands() -> None:
    html = page("accueil", HOME, territoires=[HERE])
    assert "Un levier est" in html
    assert "<figure" not in html


REGION: Row = {
    "cle": "", "territoire_id": "region:0", "territoire": "Nullepart", "fichier": "region-0", "leviers": 17, "juges": 2,
    "en_retard": 1, "a_contresens": 1, "incertains": 0, "sur_la_ligne": 0, "non_juges": 15, "non_mesures": 6,
    "demande_ktco2e": 1612.0, "part_jugee": 0.25, "manque": "trop tard", "manques": "trop tard (9) ; jamais (6)",
}  # fmt: skip
UNASKED = {"territoire_id": "region:1", "territoire": "Ailleurs", "fichier": "region-1", "non_mesures": 0,
           "demande_ktco2e": None, "part_jugee": None, "manque": None, "manques": None}  # fmt: skip


def test_the_home_page_of_several_regions_says_what_each_lacks() -> None:
    counts = {"regions": 2, "leviers": 34, "juges": 4, "en_retard": 2, "a_contresens": 2}
    counts |= {"incertains": 0, "sur_la_ligne": 0}
    rows = {"territoires": [HERE, HERE], "regions": [REGION, REGION | UNASKED]}
    html = page("accueil", HOME | counts, **rows)
    assert "4 fois sur 34, 2 en retard, 2 à contresens" in html
    assert html.count('id="territoires"') == 1
    asked, unasked = re.findall(r"<tr><th scope=\"row\">.*?</tr>", html, re.DOTALL)
    lacks = ("15, dont 6 sans valeur", "1 612, jugé à 25 %", "<summary>trop tard</summary>")
    assert [text for text in ("region-0.html", "2 sur 17", *lacks) if text not in asked] == []
    assert "sans valeur" not in unasked
    assert "rien de chiffré" in unasked
    assert "jugé à" not in unasked


def test_each_territory_is_listed_once_by_what_it_is_part_of() -> None:
    parts = [{"cle": "", "dans": "Dunes", "territoires": [
        {"fichier": "departement-0", "territoire": "Dunes", "niveau": "departement"},
        {"fichier": "epci-0", "territoire": "Les Oyats", "niveau": "epci"},
    ]}]  # fmt: skip
    html = page("accueil", HOME, territoires=[HERE], parties=parts)
    assert re.findall(r'href="territoires/(\w+-0).html">', html.split('id="territoires"')[1]) == [
        "region-0", "departement-0", "epci-0",
    ]  # fmt: skip
    assert "<summary>Dunes</summary>" in html
