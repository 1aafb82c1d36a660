"""The search of each page in Chromium, opened from a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]
OPTIONS = "items => items.map(item => item.textContent.trim())"


@pytest.fixture
def page(site: Path, browser: Browser) -> Iterator[Page]:
    """A page below the home page, which writes no error to the console."""
    opened, errors = browser.new_page(viewport={"width": 1200, "height": 900}), []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto((site / "territoires" / "epci-200066355.html").as_uri())
    yield opened
    opened.close()
    assert not errors


def typed(page: Page, text: str) -> list[str]:
    """The options that a text gives, once the index is there."""
    page.focus("#recherche")
    page.wait_for_function("window.LEVIERS_INDEX")
    page.fill("#recherche", text)
    return page.eval_on_selector_all("#resultats li", OPTIONS)


# The typed text, and the first or second hit.
FIRST = {
    "toulouse": "Toulouse commune (31), Toulouse Métropole",
    "Toulouze": "Toulouse commune (31), Toulouse Métropole",
    "Tuolouse": "Toulouse commune (31), Toulouse Métropole",
    "31555": "Toulouse commune (31), Toulouse Métropole, code Insee 31555",
    "toulouse gaz": "Changement de chaudière à gaz (résidentiel), Toulouse commune (31), Toulouse Métropole",
    "mende": "Mende commune (48), CC Coeur de Lozère",
    "st gaudens": "Saint-Gaudens commune (31), CC Coeur et Coteaux du Comminges",
    "gaudens": "Saint-Gaudens commune (31), CC Coeur et Coteaux du Comminges",
    "ste croix volvestre": "Sainte-Croix-Volvestre commune (09), CC Couserans-Pyrénées",
    "sainte": "Sainte-Marie-la-Mer commune (66), CU Perpignan Méditerranée Métropole",
    "Carcassone": "Carcassonne commune (11), CA Carcassonne Agglo",
    "Montpelier": "Montpellier commune (34), Montpellier Méditerranée Métropole",
    "Rodes": "Rodez commune (12), CA Rodez Agglomération",
    "castelnau d'ary": "Castelnaudary commune (11), CC Castelnaudary Lauragais Audois",
    "sete": "Sète commune (34), CA Sète Agglopôle Méditerranée",
    "L\u2019Union": "L'Union commune (31), Toulouse Métropole",
    "l'union": "L'Union commune (31), Toulouse Métropole",
    "mende 48": "Mende commune (48), CC Coeur de Lozère",
    "beziers medit": "CA de Béziers-Méditerranée intercommunalité",
    "CC aure louron": "CC Aure Louron intercommunalité",
    "aure louron": "CC Aure Louron intercommunalité",
    "coeur de lozere": "CC Coeur de Lozère intercommunalité",
    "cœur de Lozère": "CC Coeur de Lozère intercommunalité",
    "perpignan metropole": "CU Perpignan Méditerranée Métropole intercommunalité",
    "sicoval": "CA du Sicoval intercommunalité",
    "243100518": "Toulouse Métropole intercommunalité, Siren 243100518",
    "departement du gard": "Gard département",
    "Hérault": "Hérault département",
    "haute garone": "Haute-Garonne département",
    "region occitanie": "Occitanie région",
    "eolien": "Électricité renouvelable levier",
    "solaire": "Électricité renouvelable levier",
    "passoires": "Sobriété et isolation des bâtiments (résidentiel) levier",
    "fioul": "Changement de chaudière à fioul (résidentiel) levier",
    "gaz": "Changement de chaudière à gaz (résidentiel) levier",
    "pompe à chaleur": "Changement de chaudière à fioul (résidentiel) levier",
    "voiture": "Véhicules électriques levier",
    "velo": "Vélo et transport en commun levier",
    "covoiturage": "Covoiturage levier",
    "zan": "Sobriété foncière levier",
    "artificialisation": "Sobriété foncière levier",
    "haie": "Gestion des haies levier",
    "foret": "Gestion des forêts levier",
    "bois": "Gestion des forêts levier",
    "méthanisation": "Biogaz levier",
    "metanisation": "Biogaz levier",
    "usine": "Production industrielle levier",
    "pcaet": "La loi et les documents page, PCAET",
    "methode": "Méthode page",
    "sources": "Sources page",
    "qualité": "Qualité page",
    "loi": "La loi et les documents page, loi",
}


def test_the_wanted_place_is_first_or_second(page: Page) -> None:
    assert len(FIRST) >= 40
    offered = {text: typed(page, text)[:2] for text in FIRST}
    lost = {
        text: options
        for text, options in offered.items()
        if not any(option.startswith(FIRST[text]) for option in options)
    }
    assert lost == {}


def test_a_word_leads_to_each_lever_that_it_names(page: Page) -> None:
    names = [option.split(" levier")[0] for option in typed(page, "voiture")]
    assert {"Véhicules électriques", "Covoiturage", "Réduction des déplacements"} <= set(names)


def test_the_index_comes_with_the_first_use_alone(site: Path, page: Page) -> None:
    assert page.evaluate("typeof window.LEVIERS_INDEX") == "undefined"
    page.focus("#recherche")
    page.wait_for_function("window.LEVIERS_INDEX")
    page.press("#recherche", "Tab")
    page.focus("#recherche")
    assert page.locator("script[src$='recherche.js']").count() == 1


def test_a_place_and_a_lever_lead_to_the_lever_on_the_page_of_the_place(page: Page) -> None:
    for text in ("mende covoiturage", "covoiturage mende"):
        typed(page, text)
        page.press("#recherche", "Enter")
        page.wait_for_url("**/epci-244800405.html?commune=48095#levier-covoiturage")
        assert page.locator("#levier-covoiturage").evaluate("one => one.open && one.checkVisibility()")


def test_an_address_may_hold_the_search(site: Path, page: Page) -> None:
    page.goto(f"{(site / 'index.html').as_uri()}?q=Mende")
    page.locator("[role=option]", has_text="Mende").first.wait_for()


def test_arrows_move_and_enter_opens(site: Path, page: Page) -> None:
    field, active = page.locator("#recherche"), page.locator("[role=option][aria-selected=true]")
    count = len(typed(page, "toulouse"))
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowDown")
    field.press("ArrowDown")
    assert active.inner_text().startswith("Toulouse Métropole")
    assert field.get_attribute("aria-activedescendant") == active.get_attribute("id")
    field.press("ArrowUp")
    assert active.inner_text().startswith("Toulouse commune")
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") == f"resultat-{count - 1}"
    field.press("ArrowDown")
    field.press("Escape")
    assert field.input_value() == "toulouse"
    assert field.get_attribute("aria-expanded") == "false"
    assert not page.locator("#resultats").is_visible()
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    assert page.url == f"{(site / 'territoires' / 'epci-243100518.html').as_uri()}?commune=31555"
    assert page.inner_text(".found").startswith("Toulouse, ")
    assert page.locator("#communes tbody tr").first.get_attribute("id") == "commune-31555"


def test_enter_or_a_click_opens_without_arrows(site: Path, page: Page) -> None:
    typed(page, "eolien")
    page.press("#recherche", "Enter")
    assert page.url == (site / "leviers" / "energie_electricite_renouvelable.html").as_uri()
    page.goto((site / "index.html").as_uri())
    typed(page, "Mende")
    page.locator("[role=option]", has_text="Mende").first.click()
    assert page.url == f"{(site / 'territoires' / 'epci-244800405.html').as_uri()}?commune=48095"


def test_enter_before_the_index_is_there_opens_what_was_typed(site: Path, page: Page) -> None:
    page.evaluate(
        """() => {
            const field = document.getElementById('recherche');
            field.value = 'Mende';
            field.focus();
            field.form.requestSubmit();
        }"""
    )
    page.wait_for_url("**/territoires/epci-244800405.html?commune=48095")


@pytest.mark.parametrize(("text", "words"), [("saint gen", "1 résultat de plus"), ("sainte", "{} résultats de plus")])
def test_more_than_eight_results_are_behind_one_option(page: Page, text: str, words: str) -> None:
    options = typed(page, text)
    more = int(options[8].split(" ")[0])
    assert options[8:] == [words.format(more)]
    page.press("#recherche", "ArrowUp")
    page.press("#recherche", "Enter")
    items = page.eval_on_selector_all("#resultats li", OPTIONS)
    assert items[:8] == options[:8]
    assert len(items) == 8 + min(more, 24) + (more > 24)
    assert page.get_attribute("#recherche", "aria-activedescendant") == "resultat-8"
    assert len(typed(page, "saint g")) == 9


def test_a_search_without_a_result_says_so(page: Page) -> None:
    assert typed(page, "zzzz") == ["Aucun résultat"]
    assert page.inner_text("[role=status]").strip() == "Aucun résultat"
    assert typed(page, "99999") == ["Aucun résultat code postal ou Insee inconnu ici"]
    page.press("#recherche", "Enter")
    assert page.url.endswith("epci-200066355.html")
    typed(page, "")
    assert not page.locator("#resultats").is_visible()


def test_the_open_list_is_accessible(page: Page) -> None:
    for text in ("saint", "zzzz"):
        typed(page, text)
        page.press("#recherche", "ArrowDown")
        result = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
        assert not result.violations_count, result.generate_report()


def test_without_a_script_the_form_leads_to_the_lists(site: Path, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((site / "territoires" / "epci-200066355.html").as_uri())
    page.fill("#recherche", "Mende")
    page.press("#recherche", "Enter")
    page.wait_for_url("**/index.html?q=Mende#territoires")
    page.close()
