"""The pages of territories: a headline whose words follow the numbers, and the cards of levers."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, cast

import duckdb
import pytest

from leviers import site
from leviers.common.typography import APOSTROPHE
from leviers.site.pages import PageKind, Renderer
from leviers.site.published import PublishedFile, Row

PAGE = {
    "cle": "region:00", "fichier": "region-00", "genre": "region", "titre": "Brumaille", "niveau_libelle": "région",
    "region_id": "region:00", "region": "Brumaille",
}  # fmt: skip
COUNTS = {
    "juges": 19,
    "en_retard": 0,
    "a_contresens": 0,
    "sur_la_ligne": 0,
    "demande_ktco2e": 1500.0,
    "affichee_ktco2e": 1500.0,
}
FACT = {
    "fait_nom": "Fret routier", "fait_annee": 2024, "fait_valeur": 17.91, "fait_attendu": 16.0,
    "fait_unite": "milliards de tonnes-km", "fait_decimales": 1, "fait_lissage": 1,
    "fait_doit_baisser": True,
}  # fmt: skip
NO_FACT = dict.fromkeys(FACT)
CARD: Row = {
    "levier_id": "fret", "nom": "Fret routier", "serie": "Tonnes-km", "lecture": "behind",
    "lecture_libelle": "en retard",
    "tendance": None, "tendance_libelle": None, "demande_ktco2e": 1235.0, "raison": None, "est_affichee": True,
    "repere": "cible de l'État", "confiance": "C", "confiance_libelle": "deux réserves", "annee": 2024,
    "valeur": 17.91e9, "valeur_attendue": 16.02e9, "valeur_visee": 14.8e9, "valeur_prolongee": 18.9e9,
    "annee_visee": 2030, "annee_atteinte": None, "sans_prolongement": None, "rythme_observe": 0.2e9,
    "rythme_necessaire": -0.5e9, "unite": "milliards de tonnes-km", "facteur": 1e-9, "decimales": 1,
    "indicateur": "Tonnes-kilomètres routières",
    "fichiers": [
        {"source": "Producteur", "licence": "Licence Ouverte 2.0", "fichier": "route.csv",
         "fichier_du_jeu": "a/route.csv"},
        {"source": "Producteur", "licence": "Licence Ouverte 2.0", "fichier": "rail.csv",
         "fichier_du_jeu": "a/rail.csv"},
    ],
    "points": [
        {"annee": 2019, "valeur": 17.9e9, "est_sure": True},
        {"annee": 2024, "valeur": 18.5e9, "est_sure": True},
    ],
    "est_un_taux": False, "prolongement": None,
    "trajectoire": [{"annee": 2024, "valeur": 16.02e9, "incertitude": None}], "cible": None, "manque": None,
    "annee_attendue": 2024, "ruptures": None, "lissage_annees": 3, "correction_climat_libelle": None, "cle": None,
    "nombre_cles": None,
    "regle": "En retard au-delà de l'incertitude.", "compte_par_l_etat": "Tonnes-kilomètres",
    "lieu_du_compte": "deux lieux",
    "couverture_libelle": "une partie de ce que compte l'État", "refus_de_l_etat": "Rien pour cette région.",
    "par_departement": [
        {"nom": "Val-Brumeux", "minimum": 219.0, "maximum": 264.0, "retenue": 264.0},
        {"nom": "Haute-Brume", "minimum": 66.0, "maximum": 66.0, "retenue": 66.0},
    ],
    "nombre_cles_departements": 2, "est_tracee": True,
    "doutes": [
        {"doute": "le sens dépend de l'année", "part": 1.6},
        {"doute": "marge de la série", "part": 0.37},
        {"doute": "une série pour plusieurs leviers", "part": None},
    ],
}  # fmt: skip
FILES: list[Row] = [
    {"fichier_du_jeu": "a/route.csv", "empreinte_sha256": "0123abcd" * 8, "recupere_le": datetime(2026, 11, 28)},
    {"fichier_du_jeu": "a/rail.csv", "empreinte_sha256": "4567cdef" * 8, "recupere_le": datetime(2026, 11, 28)},
]
NOT_JUDGED: Row = dict.fromkeys(CARD) | {
    "levier_id": "haies", "nom": "Haies", "serie": None, "lecture": "not_judged", "lecture_libelle": "non jugé",
    "demande_ktco2e": 183.0, "raison": "aucune série comparable n'est chargée : la clé est une surface",
    "est_tracee": False,
}  # fmt: skip


class Rows:
    """An edition of given rows."""

    publication: ClassVar[Row] = {"publie_le": datetime(2026, 11, 29), "contact": None}

    def __init__(self, **queries: list[Row]) -> None:
        self.rows = queries.__getitem__

    def of(self, query: str, _key: str) -> list[Row]:
        return self.rows(query)


def rendered(section: str, rows: list[Row], page: Row | None = None, **others: list[Row]) -> str:
    queries: dict[str, Any] = {"leviers": [CARD], "groupes": [], "empreintes": FILES, section: rows} | others
    renderer = Renderer(cast(PublishedFile, Rows(**queries)))
    return renderer.page(PageKind("territoires", "territoires/{fichier}.html", (section,)), page or PAGE)


def words_of(html: str, pattern: str) -> str:
    match = re.search(pattern, html, re.DOTALL)
    assert match
    return " ".join(re.sub("<[^>]+>", "", match[1]).split()).replace(APOSTROPHE, "'")


@pytest.mark.parametrize(
    ("counts", "headline"),
    [
        ({"en_retard": 7}, "7 leviers sur 19 jugés sont en retard, aucun n'est sur la ligne"),
        ({"en_retard": 1, "sur_la_ligne": 2}, "1 levier sur 19 jugés est en retard, 2 sur la ligne"),
        ({"en_retard": 7, "a_contresens": 1, "sur_la_ligne": 2},
         "7 leviers sur 19 jugés sont en retard, 1 à contresens, 2 sur la ligne"),
        ({"sur_la_ligne": 2}, "2 leviers sur 19 jugés sont sur la ligne, aucun n'est en retard"),
        ({"a_contresens": 1, "juges": 1}, "1 levier sur 1 jugé est à contresens, aucun n'est sur la ligne"),
    ],
)  # fmt: skip
def test_the_words_of_a_headline_follow_its_numbers(counts: dict[str, int], headline: str) -> None:
    html = rendered("tete", [COUNTS | FACT | counts])
    assert words_of(html, "<h1>(.*?)</h1>") == headline
    assert words_of(html, '<p class="lead">(.*?)</p>') == (
        "Fret routier : 17,9 milliards de tonnes-km en 2024, contre 16,0 au plus. "
        "L'État demande 1 500 kt de CO₂ par an d'ici 2030."
    )


def test_the_expected_value_says_its_good_side() -> None:
    html = rendered("tete", [COUNTS | FACT | {"fait_doit_baisser": False}])
    assert "contre 16,0 au moins. " in words_of(html, '<p class="lead">(.*?)</p>')


@pytest.mark.parametrize(
    ("row", "headline"),
    [
        (FACT, "19 leviers jugés, tous incertains"),
        (NO_FACT, "1 500 kt de CO₂ à éviter par an d'ici 2030"),
        (NO_FACT | {"demande_ktco2e": None}, "Brumaille"),
    ],
)  # fmt: skip
def test_a_territory_without_a_reading_opens_with_its_own_number(row: Row, headline: str) -> None:
    assert words_of(rendered("tete", [COUNTS | row]), "<h1>(.*?)</h1>") == headline


def test_a_territory_whose_group_alone_concludes_opens_with_the_group() -> None:
    group = CARD | {"nom": "Carburants routiers", "annee": 2025, "valeur": 17.2e9}
    html = rendered("tete", [COUNTS | FACT], groupes=[group])
    assert words_of(html, "<h1>(.*?)</h1>") == "Carburants routiers : en retard"
    assert "Un à un, 19 leviers jugés, tous incertains." in words_of(html, '<p class="lead">(.*?)</p>')
    unsure = rendered("tete", [COUNTS | FACT], groupes=[group | {"lecture": "unsure"}])
    assert words_of(unsure, "<h1>(.*?)</h1>") == "19 leviers jugés, tous incertains"


def test_a_card_says_where_its_lever_stands_and_folds_the_rest() -> None:
    html = rendered("leviers", [CARD, NOT_JUDGED])
    assert re.findall(r'data-levier="(\w+)" data-lecture="(\w+)"', html) == [
        ("fret", "behind"),
        ("haies", "not_judged"),
    ]
    assert words_of(html, r"</svg>\s*(<p><b.*?)</p>") == ("En retard. Tonnes-km, en moyenne de 2022 à 2024."), (
        "the drawing says the amounts"
    )
    assert words_of(html, r'<p class="cite">(.*?)</p>').startswith(
        "« Brumaille. Tonnes-km : 17,9 milliards de tonnes-km en moyenne de 2022 à 2024, contre 16,0 attendus ; "
        "au rythme observé, 18,9 en 2030. En retard"
    )
    assert re.findall("<dt>Règle</dt><dd>(.*?)</dd>", html) == ["En retard au-delà de l’incertitude."]  # noqa: RUF001
    assert words_of(html, "<dt>L.État compte</dt><dd>(.*?)</dd>") == (
        "Tonnes-kilomètres (deux lieux). La série compte une partie de ce que compte l'État. Rien pour cette région."
    )
    front = re.sub(r"(?<=</summary>).*?</details>", "", html, flags=re.DOTALL)
    assert "aucune série comparable" not in front.lower()
    assert words_of(html, r'<div class="why">\s*<div>\s*<p>(.*?)</p>') == (
        "Aucune série comparable n'est chargée. La clé est une surface."
    )


def test_a_doubt_has_its_weight_or_is_said_to_have_none_known() -> None:
    html = rendered("leviers", [CARD])
    assert re.findall(r"<i[^>]*></i><b>(.*?)</b>", html) == [
        "tout",
        "37\N{NARROW NO-BREAK SPACE}%",
        "inconnu",
        "219\N{EN DASH}264",
        "66",
    ]
    assert 'style="--a:83%;--b:100%;--c:100%"' in html


def test_a_card_leads_to_the_files_of_its_series_and_names_each_producer_and_licence_once() -> None:
    html = re.sub("</?data[^>]*>", "", rendered("leviers", [CARD])).replace("\N{NO-BREAK SPACE}", " ")
    assert ("Fichiers : <code>route.csv 0123abcd</code>, <code>rail.csv 4567cdef</code>, Licence Ouverte 2.0.") in html
    assert html.count("Producteur") == 1


def test_the_headline_has_its_own_numbers_and_direction() -> None:
    """The direction is down or up, or no lever strikes."""
    with duckdb.connect() as connection:
        connection.execute("""
            create schema vues;
            create table vues.fait_resume as from (values
                ('region:02', 0, 0, 0, 0, null, null, null, null, null, null, null, null),
                ('region:00', 19, 5, 2, 1, 1500, 'fret', 'Fret routier', 2024, 17.5, 16, 'Gt.km', 1),
                ('region:01', 4, 3, 0, 1, 20, 'haies', 'Haies', 2023, 90, 110, 'km', 0)
            ) as t (
                territoire_id, juges, en_retard, a_contresens, sur_la_ligne, demande_ktco2e, levier_marquant_id,
                levier_marquant, annee, valeur, valeur_attendue, unite, decimales
            );
            create table vues.fait_trajectoire as from (values
                ('region:00', 'fret', 1, 18, 14, 2030), ('region:00', 'haies', 2, 70, 71, 2030),
                ('region:01', 'haies', 3, 80, 120, 2030), ('region:01', 'fret', 2, 9, 8, 2030),
                ('region:01', 'haies', 3, 80, 120, 2029)
            ) as t (territoire_id, levier_id, lissage_annees, valeur_depart, valeur_visee, annee);
            alter table vues.fait_trajectoire add column annee_visee integer default 2030;
            create table vues.fait_demande as from (values
                ('region:00', 1300, false), ('region:00', 200, true)
            ) as t (territoire_id, demande_ktco2e, est_masquee);
            attach ':memory:' as made;
            create table made."montre.sql" as from (values
                ('region:00', 'fret', 'Fret sur route'), ('region:00', 'haies', 'Haies'),
                ('region:01', 'haies', 'Haies')
            ) as t (territoire_id, levier_id, nom);
        """)
        query = Path(site.__file__).with_name("queries") / "tete.sql"
        rows = connection.sql(query.read_text(encoding="utf-8")).fetchall()
    assert rows == [
        ("region:00", 19, 5, 2, 1, 1500, 1300, "Fret sur route", 2024, 17.5, 16, "Gt.km", 1, 1, True),
        ("region:01", 4, 3, 0, 1, 20, None, "Haies", 2023, 90, 110, "km", 0, 3, False),
        ("region:02", 0, 0, 0, 0, *[None] * 10),
    ]
