"""The pages of the demo in Chromium, opened from the folder as a reader opens them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from leviers.site.browser import chromium
from leviers.site.export import export_territory
from leviers.text.french import alphabetical
from tests.conftest import Ran

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]
KINDS = (
    "index.html", "donnees.html", "tables.html", "sources.html", "qualite.html", "methode.html", "changements.html",
    "territoires/region-76.html", "territoires/departement-31.html", "territoires/epci-200066355.html",
    "leviers/sols_haies.html", "chantiers/fnv2022_04.html",
)  # fmt: skip
DRAWN = 10


@pytest.fixture(scope="module")
def site(demo: Ran) -> Path:
    assert demo.run.returncode == 0, demo.run.stdout + demo.run.stderr
    return (demo.home.path / "published" / "site").resolve()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = chromium()
    assert found, "there is no chromium on the PATH"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


class Watched:
    """A page, what it wrote to the console as an error, and what it asked of others than the folder."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith("file:") else self.outside.append(asked.url))


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    yield Watched(page)
    page.close()


def every_page_to_look_at(site: Path) -> list[str]:
    others = sorted(str(path.relative_to(site)) for path in site.rglob("*.html"))
    return [*KINDS, *random.Random(76).sample(others, DRAWN)]  # noqa: S311 - drawn to look at, no secret


@pytest.mark.parametrize("width", [1200, 390])
def test_pages_are_accessible_and_quiet(site: Path, watched: Watched, width: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": 900})
    axe = Axe()
    violations = {}
    for name in every_page_to_look_at(site):
        watched.page.goto((site / name).as_uri())
        options = {"resultTypes": ["violations"], "preload": False}  # axe would load the style sheet from a folder
        found = axe.run(watched.page, options=options)
        if found.violations_count:
            violations[name] = found.generate_report()
    assert not violations, "\n".join(f"{name}: {report}" for name, report in violations.items())
    assert not watched.errors
    assert not watched.outside


@pytest.mark.parametrize(
    ("typed", "found", "page"),
    [
        ("sete", "Sète (34), CA Sète Agglopôle Méditerranée", "epci-200066355"),
        ("L\u2019Union", "L'Union (31), Toulouse Métropole", "epci-243100518"),
        ("beziers medit", "CA de Béziers-Méditerranée (intercommunalité)", "epci-243400769"),
        ("Hérault", "Hérault (département)", "departement-34"),
        ("departement du gard", "Gard (département)", "departement-30"),
        ("region occitanie", "Occitanie (région)", "region-76"),
        ("perpignan metropole", "CU Perpignan Méditerranée Métropole (intercommunalité)", "epci-200027183"),
        ("communauté de communes aure louron", "CC Aure Louron (intercommunalité)", "epci-246500573"),
        ("34301", "Sète (34), CA Sète Agglopôle Méditerranée, code Insee 34301", "epci-200066355"),
    ],
)
def test_search_finds_places_without_their_accents(
    site: Path, watched: Watched, typed: str, found: str, page: str
) -> None:
    watched.page.goto((site / "index.html").as_uri())
    watched.page.fill("#recherche", typed)
    link = watched.page.locator("#resultats a", has_text=found).first
    assert link.text_content() == found
    link.click()
    assert watched.page.url.endswith(f"territoires/{page}.html")


@pytest.mark.parametrize("name", ["territoires/epci-200066355.html", "leviers/sols_haies.html", "sources.html"])
def test_every_page_finds_a_commune(site: Path, watched: Watched, name: str) -> None:
    watched.page.goto((site / name).as_uri())
    watched.page.fill("#recherche", "Mende")
    link = watched.page.locator("#resultats a", has_text="Mende (48)")
    assert link.text_content() == "Mende (48), CC Coeur de Lozère"
    link.click()
    assert watched.page.url == (site / "territoires" / "epci-244800405.html").as_uri()
    assert not watched.errors


def test_search_without_result_says_so(site: Path, watched: Watched) -> None:
    watched.page.goto((site / "index.html").as_uri())
    watched.page.fill("#recherche", "zzzz")
    assert watched.page.inner_text("#resultats") == "Aucun résultat"
    watched.page.fill("#recherche", "99999")
    assert "les codes postaux ne sont pas connus" in watched.page.inner_text("#resultats")


def test_a_filter_shows_what_holds_the_words_and_counts_it(site: Path, watched: Watched) -> None:
    watched.page.goto((site / "tables.html").as_uri())
    watched.page.fill("#filtre-tables", "moves share of gap")
    tables = watched.page.locator("#tables > details:visible")
    assert tables.count() == 1
    assert tables.locator("tbody tr:visible").all_inner_texts()[0].split("\t")[0].endswith(" moves_by_share_of_gap")
    assert watched.page.inner_text("#nombre-tables").startswith("1 sur ")
    watched.page.fill("#filtre-tables", "")
    assert watched.page.locator("#tables > details[open]").count() == 0
    watched.page.goto((site / "donnees.html").as_uri())
    watched.page.fill("#filtre-series", "zzzz")
    assert watched.page.inner_text("#nombre-series") == "Aucun résultat"
    watched.page.goto((site / "qualite.html").as_uri())
    watched.page.fill("#filtre-notes", "occitanie biogaz")
    assert watched.page.locator("#notes tbody tr:visible").count() == 1


def test_a_click_on_the_map_opens_the_page(site: Path, watched: Watched) -> None:
    watched.page.goto((site / "index.html").as_uri())
    watched.page.locator("[data-page='territoires/departement-31.html']").first.click()
    assert watched.page.url.endswith("territoires/departement-31.html")


def test_a_lever_is_chosen_on_the_maps_of_the_home_page(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / "index.html").as_uri())
    titles, legend = page.locator(".choice h3"), page.locator(".choice[data-level='epci'] .legend")
    first, keys = titles.all_inner_texts(), legend.inner_text()
    page.select_option("#levier-carte", "energie_electricite_renouvelable")
    assert all(title.startswith("Puissance électrique renouvelable") for title in titles.all_inner_texts())
    assert "MW" in legend.inner_text()
    drawing = page.locator(".choice[data-level='epci'] figure > svg")
    assert "158\u00a0territoires renseignés" in (drawing.get_attribute("aria-label") or "")
    assert "MW" in page.locator("[data-page='territoires/epci-243400769.html'] title").first.evaluate(
        "title => title.textContent"
    )
    page.click("#page-levier")
    assert page.url.endswith("leviers/energie_electricite_renouvelable.html")
    page.goto((site / "index.html").as_uri())
    hidden = page.evaluate("Object.keys(LEVIERS_MAPS).find(id => !LEVIERS_MAPS[id].levels.epci.kinds)")
    page.select_option("#levier-carte", hidden)
    assert not page.locator(".choice[data-level='epci'] figure").is_visible()
    assert "Pas de carte" in page.locator(".choice[data-level='epci'] .note").inner_text()
    page.select_option("#levier-carte", "")
    assert (titles.all_inner_texts(), legend.inner_text()) == (first, keys)
    assert not watched.errors


def test_lists_of_the_home_page_are_alphabetical_and_no_item_is_torn_between_columns(
    site: Path, watched: Watched
) -> None:
    page = watched.page
    page.goto((site / "index.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    places = page.locator("#territoires details").last.locator("li").all_inner_texts()
    assert places == sorted(places, key=alphabetical)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        torn = "items => items.filter(item => item.getClientRects().length > 1).length"
        assert page.eval_on_selector_all(".columns li", torn) == 0


def test_without_a_script_the_maps_lead_to_the_levers(site: Path, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((site / "index.html").as_uri())
    assert not page.locator("#levier-carte").is_visible()
    assert page.locator("#page-levier").get_attribute("href") == "#leviers"
    page.close()


def test_nothing_scrolls_sideways_on_a_phone(site: Path, watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 390, "height": 800})
    wide = {}
    for name in every_page_to_look_at(site):
        watched.page.goto((site / name).as_uri())
        width = watched.page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide[name] = width
    assert not wide


def test_levels_are_stacked_on_a_phone(site: Path, watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 390, "height": 800})
    for name in ("departement-31", "epci-243200409"):
        watched.page.goto((site / "territoires" / f"{name}.html").as_uri())
        table = watched.page.locator("#ou-en-est table")
        cells = [cell.bounding_box() or {} for cell in table.locator("tbody tr").first.locator("th, td").all()]
        assert len({cell["x"] for cell in cells}) == 1
        assert min(cell["width"] for cell in cells) > 340
        assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
        assert "Occitanie\u00a0: " in table.inner_text()


def test_a_long_name_of_a_file_is_broken_on_a_phone(site: Path, watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 390, "height": 800})
    watched.page.goto((site / "territoires" / "region-76.html").as_uri())
    watched.page.evaluate("document.querySelector('#sources li .note').append('fichier_'.repeat(40))")
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390


A4 = {"width": 741, "height": 1069}  # less the margins, in pixels
# Of a sheet: the smallest size of the text of its columns in points, how many levers it shows and answers it lacks, the
# part of its second column that is blank, and how far its foot is from the edge.
PRINTED = """
() => {
    const columns = document.querySelector('.fiche .columns'), box = columns.getBoundingClientRect();
    const isSeen = part => [...part.getClientRects()].every(r => r.right <= box.right + 1);
    const texts = [...columns.querySelectorAll('dt, dd, p, h2, .note')];
    const second = texts.flatMap(t => [...t.getClientRects()])
        .filter(r => r.left > box.left + box.width / 3 && r.right <= box.right + 1).map(r => r.bottom);
    const lists = [...columns.querySelectorAll('dl')];
    return {
        size: Math.min(...texts.map(text => parseFloat(getComputedStyle(text).fontSize))) * .75,
        levers: [...lists[1].children].filter(isSeen).length,
        lost: [...lists[0].children].filter(answer => !isSeen(answer)).length,
        blank: (box.bottom - Math.max(...second)) / box.height,
        below: document.querySelector('footer').getBoundingClientRect().bottom - innerHeight,
    };
}
"""
LONGER_ANSWERS = """
() => document.querySelectorAll('.fiche .columns dl:first-of-type dd').forEach(answer => {
    const text = answer.textContent;
    answer.textContent += ' ' + text.slice(0, .3 * text.length);
})
"""


@pytest.mark.parametrize("is_longer", [False, True])
def test_a_territory_prints_on_one_full_sheet_that_can_be_read(site: Path, watched: Watched, is_longer: bool) -> None:
    page, fullest = watched.page, sorted(site.glob("territoires/epci-*.html"), key=lambda path: len(_sheet_of(path)))
    names = [path.stem for path in (fullest[0], *fullest[-3:])]
    page.set_viewport_size(A4)  # type: ignore[arg-type]
    for name in ("region-76", "departement-31", "departement-34", "epci-243200409", *names):
        page.emulate_media(media="null")
        page.goto((site / "territoires" / f"{name}.html").as_uri())
        if is_longer:
            page.evaluate(LONGER_ANSWERS)
        assert _pages_of(page.pdf(prefer_css_page_size=True)) == 1, name
        page.emulate_media(media="print")
        found = page.evaluate(PRINTED)
        assert found["size"] >= 8, name
        assert found["levers"] >= (2 if is_longer else 6), name
        assert found["lost"] == 0, name
        assert found["blank"] < (0.15 if is_longer else 0.12), name  # a lever that does not fit leaves its height
        assert found["below"] <= 0, name


def _sheet_of(path: Path) -> str:
    """The text that a territory prints."""
    sheet = path.read_text(encoding="utf-8").split('<section class="fiche')[1].split("</section>")[0]
    return re.sub("<[^>]+>", "", sheet)


def test_a_portrait_is_printed_into_a_file(demo: Ran, tmp_path: Path) -> None:
    path = tmp_path / "sete.pdf"
    export_territory(demo.home.published, "epci", "200066355", "pdf", path)
    assert _pages_of(path.read_bytes()) == 1


def test_pages_of_a_print_are_counted(site: Path, watched: Watched) -> None:
    watched.page.goto((site / "index.html").as_uri())
    assert _pages_of(watched.page.pdf(prefer_css_page_size=True)) > 1


def _pages_of(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n")


CHARTS = "svg.chart"
# Of each chart: whether a mark lies outside its frame, and whether it draws a value and says what it shows.
BROKEN_CHARTS = """
svgs => svgs.filter(svg => {
    const frame = svg.viewBox.baseVal, line = svg.querySelector('.series'), label = svg.getAttribute('aria-label');
    const marks = [...svg.querySelectorAll('line, circle, path, text')];
    const boxes = marks.map(mark => mark.getBBox());
    const outside = boxes.some(b => b.x < -3 || b.y < -3 || b.x + b.width > frame.width + 3
        || b.y + b.height > frame.height + 3);
    const points = svg.querySelectorAll('circle').length;
    return outside || !line || !points || !/\\d/.test(label) || svg.getBoundingClientRect().width < 100;
}).map(svg => svg.closest('article')?.id)
"""


def test_charts_draw_their_values_inside_their_frame(site: Path, watched: Watched) -> None:
    for code in ("region-76", "departement-31"):
        watched.page.goto((site / "territoires" / f"{code}.html").as_uri())
        assert watched.page.locator(CHARTS).count() > 5
        assert watched.page.eval_on_selector_all(CHARTS, BROKEN_CHARTS) == []


@pytest.mark.parametrize(
    "breakage",
    [
        "svg => svg.querySelectorAll('circle').forEach(mark => mark.remove())",
        "svg => svg.querySelector('.series').setAttribute('d', 'M0 0L900 900')",
        "svg => svg.querySelector('text').setAttribute('x', '700')",
        "svg => svg.setAttribute('aria-label', '')",
    ],
)
def test_a_broken_chart_is_noticed(site: Path, watched: Watched, breakage: str) -> None:
    watched.page.goto((site / "territoires" / "region-76.html").as_uri())
    chart = watched.page.locator(CHARTS).first
    lever = chart.evaluate("svg => svg.closest('article').id")
    chart.evaluate(breakage)
    assert watched.page.eval_on_selector_all(CHARTS, BROKEN_CHARTS) == [lever]
