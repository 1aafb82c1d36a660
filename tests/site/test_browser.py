"""The pages of the demo in Chromium, opened from the folder as a reader opens them."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from leviers.common.french import two_figures
from leviers.site import build_site
from leviers.site.export import export_territory
from tests.conftest import FinishedRun, change_everywhere
from tests.site.budgets import A4, MEASURES, PHONE, SCREEN, Watched, drawn, sizes_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]
REGION = "territoires/region-76.html"
OPEN_ALL = "document.querySelectorAll('details').forEach(details => { details.open = true; })"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SCREEN, PHONE], ids=["1280", "390"])
def test_pages_are_accessible_and_quiet(site: Path, watched: Watched, viewport: dict[str, int], scheme: str) -> None:
    watched.page.set_viewport_size(viewport)  # type: ignore[arg-type]
    watched.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    axe = Axe()
    violations = {}
    for name in drawn(site, territories=4):
        watched.page.goto((site / name).as_uri())
        watched.page.evaluate(OPEN_ALL)
        options = {"resultTypes": ["violations"], "preload": False}  # axe would load the style sheet from a folder
        result = axe.run(watched.page, options=options)
        if result.violations_count:
            violations[name] = result.generate_report()
    assert not violations, "\n".join(f"{name}: {report}" for name, report in violations.items())
    assert not watched.errors
    assert not watched.outside


# The texts of the charts that are too faint: axe looks at none in a drawing. A halo is the ground of its text.
FAINT = """
() => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const pixel = color => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = color => pixel(color).slice(0, 3).map(part => part / 255)
        .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
        .reduce((sum, part, index) => sum + part * [.2126, .7152, .0722][index], 0);
    const groundOf = text => {
        const style = getComputedStyle(text);
        if (style.paintOrder.startsWith('stroke') && style.stroke !== 'none') return style.stroke;
        for (let up = text; up; up = up.parentElement) {
            const color = getComputedStyle(up).backgroundColor;
            if (pixel(color)[3] === 255) return color;
        }
        return getComputedStyle(document.documentElement).colorScheme.includes('dark') ? '#121212' : '#fff';
    };
    return [...document.querySelectorAll('svg.chart[role=img] text')].filter(text => text.checkVisibility())
        .map(text => {
            const [one, other] = [light(getComputedStyle(text).fill), light(groundOf(text))].sort((a, b) => b - a);
            return [text.textContent, Math.round((one + .05) / (other + .05) * 10) / 10];
        })
        .filter(([, contrast]) => contrast < 4.5);
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_of_charts_stand_out_from_their_ground(site: Path, watched: Watched, scheme: str) -> None:
    watched.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    faint = {}
    for name in drawn(site):
        watched.page.goto((site / name).as_uri())
        watched.page.evaluate(OPEN_ALL)
        if texts := watched.page.evaluate(FAINT):
            faint[name] = texts
    assert not faint


def test_a_page_is_dark_where_the_reader_wants_it(site: Path, watched: Watched) -> None:
    watched.page.emulate_media(color_scheme="dark")
    watched.page.goto((site / REGION).as_uri())
    grounds = "['body', 'html'].map(name => getComputedStyle(document.querySelector(name)).backgroundColor)"
    colors = watched.page.evaluate(f"{grounds}.map(color => color.match(/[\\d.]+/g).map(Number))")
    opaque = [color for color in colors if len(color) == 3]
    assert opaque
    assert all(max(color) < 80 for color in opaque)


def pressed(page: Page, name: str, times: int) -> list[str]:
    """The summaries that a key reaches, pressed so many times, by their place in the page."""
    reached = []
    for _ in range(times):
        page.keyboard.press(name)
        focused = page.evaluate(
            "[...document.querySelectorAll('main summary')].indexOf(document.activeElement) + ' ' + "
            "getComputedStyle(document.activeElement).outlineStyle"
        )
        index, outline = focused.split(" ")
        if index != "-1":
            assert outline != "none", f"summary {index} does not show that it is reached"
            reached.append(index)
    return reached


def test_cards_are_reached_by_tab_in_their_order_and_opened_by_enter(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / REGION).as_uri())
    stops = page.evaluate(f"{MEASURES}.folded()")["stops"]
    shown = page.evaluate(
        "[...document.querySelectorAll('main summary')]"
        ".flatMap((one, index) => one.checkVisibility() ? [`${index}`] : [])"
    )
    assert len(shown) > 10
    assert pressed(page, "Tab", stops) == shown
    card = page.locator("main summary").first
    card.focus()
    for is_open in (True, False):
        page.keyboard.press("Enter")
        assert card.evaluate("summary => summary.parentElement.open") is is_open


def test_a_page_says_the_same_without_a_script(site: Path, browser: Browser) -> None:
    for name in (REGION, "index.html"):
        counts = []
        for has_scripts in (True, False):
            page = browser.new_page(java_script_enabled=has_scripts, viewport=SCREEN)  # type: ignore[arg-type]
            page.goto((site / name).as_uri())
            folded = page.evaluate(f"{MEASURES}.folded()")
            counts.append((folded["words"], folded["firstCharts"]))
            page.close()
        assert counts[1] == (pytest.approx(counts[0][0], rel=0.05), counts[0][1]), name


def test_the_menu_closes_on_escape_and_gives_the_focus_back(site: Path, watched: Watched) -> None:
    watched.page.goto((site / REGION).as_uri())
    watched.page.locator(".menu summary").click()
    assert watched.page.locator(".menu[open]").count() == 1
    watched.page.keyboard.press("Escape")
    assert watched.page.locator(".menu[open]").count() == 0
    assert watched.page.evaluate("document.activeElement.textContent") == "Menu"


# The texts of the header, the menu, the results, the forms and the footer that leave the window or cover another.
COVERED = """
() => {
    const shown = [...document.querySelectorAll('header *, form *, footer *')].filter(one => one.checkVisibility()
        && !one.closest('.unseen, .skip') && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
    const isOver = one => Boolean(one.closest('.menu ul, [role=listbox]'));
    const boxes = shown.map(one => {
        const range = document.createRange();
        range.selectNodeContents(one);
        return [one, range.getBoundingClientRect()];
    });
    const meet = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
    const high = ([one, box]) => one.closest('.menu') && box.height > 1.9 * parseFloat(getComputedStyle(one).fontSize);
    const isOut = ([, box]) => box.left < 0 || box.right > innerWidth;
    return [
        ...boxes.filter(isOut).map(([one]) => `outside: ${one.textContent}`),
        ...boxes.filter(high).map(([one]) => `broken: ${one.textContent}`),
        ...boxes.flatMap(([one, box], i) => boxes.slice(i + 1).filter(([other, its]) => meet(box, its)
            && !one.contains(other) && !other.contains(one) && isOver(one) === isOver(other))
            .map(([other]) => `${one.textContent} / ${other.textContent}`)),
    ];
}
"""


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_menu_results_and_footer_are_read_on_every_width(site: Path, watched: Watched, width: int) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 800})
    for name in ("index.html", REGION):
        page.goto((site / name).as_uri())
        page.locator(".menu summary").click()
        assert page.evaluate(COVERED) == [], name
        page.keyboard.press("Escape")
        page.fill("#recherche", "toulouse")
        page.locator("[role=option]").first.wait_for()
        assert page.evaluate(COVERED) == [], name


def test_what_is_opened_is_in_the_address_and_back_restores_it(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / REGION).as_uri())
    first, second = page.locator(".card").nth(0), page.locator(".card").nth(1)
    for card in (first, second):
        card.locator("summary").click()
        page.wait_for_url(f"**#{card.get_attribute('id')}")
    page.go_back()
    assert [card.locator("details").evaluate("one => one.open") for card in (first, second)] == [True, False]


def test_a_lever_is_copied_as_a_sentence_with_its_address_and_saved_as_a_picture(
    site: Path, watched: Watched, tmp_path: Path
) -> None:
    page = watched.page
    page.goto((site / REGION).as_uri())
    card = page.locator(".card").first
    card.locator("summary").click()
    page.evaluate("document.execCommand = () => { window.copied = document.activeElement.value; }")
    card.locator("[data-share=sentence]").click()
    assert page.evaluate("window.copied").endswith(f". » {page.url}")
    with page.expect_download() as download:
        card.locator("[data-share=image]").click()
    download.value.save_as(tmp_path / "card.png")
    assert (tmp_path / "card.png").stat().st_size > 5_000


def test_no_page_is_wider_than_a_small_phone(site: Path, watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 320, "height": 640})
    watched.page.goto((site / REGION).as_uri())
    watched.page.evaluate(OPEN_ALL)
    assert watched.page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_long_word_is_broken_on_a_phone(site: Path, watched: Watched) -> None:
    watched.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for name in drawn(site, territories=2, others=1):
        watched.page.goto((site / name).as_uri())
        watched.page.evaluate(OPEN_ALL)
        watched.page.evaluate("document.querySelectorAll('main p').forEach(p => p.append('fichier_'.repeat(40)))")
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


def test_every_sheet_is_one_page_of_a4(site: Path, watched: Watched) -> None:
    sheets = sorted(site.glob("fiches/*.html"))
    assert len(sheets) == len(list(site.glob("territoires/*.html")))
    wrong = {}
    for path in sheets:
        watched.page.goto(path.as_uri())
        if (sizes := sizes_of(watched.page.pdf(prefer_css_page_size=True))) != [A4]:
            wrong[path.name] = sizes
    assert not wrong


def test_a_sheet_is_printed_into_a_file(demo: FinishedRun, tmp_path: Path) -> None:
    path = tmp_path / "sete.pdf"
    export_territory(demo.home.published, "epci", "200066355", "pdf", path)
    assert sizes_of(path.read_bytes()) == [A4]


def test_a_hostile_label_is_text_in_the_search(demo: FinishedRun, watched: Watched, tmp_path: Path) -> None:
    """No script runs and nothing is asked for, as tests/e2e/test_site.py shows of the pages."""
    published = tmp_path / "changed.duckdb"
    shutil.copyfile(demo.home.published, published)
    label = """ <script>alert('x')</script>" onload="alert(1)' onfocus='alert(2) <img src=x onerror=alert(3)>"""
    with duckdb.connect(str(published)) as connection:
        change_everywhere(connection, "levier", "levier || $label", label=label)
    build_site(published, tmp_path / "site", ["index.html", "recherche.js"])
    messages: list[str] = []
    watched.page.on("dialog", lambda dialog: messages.append(dialog.message))
    watched.page.goto((tmp_path / "site" / "index.html").as_uri())
    watched.page.evaluate(OPEN_ALL)
    watched.page.fill("#recherche", "haies")
    watched.page.locator("[role=option]", has_text="<script>alert(").first.wait_for()
    assert watched.page.locator("[onload], [onfocus], [onerror]").count() == 0
    assert (messages, watched.errors, watched.outside) == ([], [], [])


def test_an_action_in_tonnes_is_what_the_file_says(site: Path, watched: Watched, demo: FinishedRun) -> None:
    watched.page.goto((site / "territoires" / "epci-200066371.html").as_uri())
    form = watched.page.locator("form.action")
    said = form.locator("output")
    for action in form.locator("option").evaluate_all("options => options.map(option => option.value)"):
        [(tonnes, share)] = demo.home.query(
            f"select tonnes, part_couverte_pct from vues.tonnes_d_une_action('{action}', 'epci:200066371', 2)"
        )
        form.locator("select").select_option(action)
        form.locator("input").fill("2")
        numbers = [two_figures(float(str(tonnes))), two_figures(float(str(share)))]
        assert said.inner_text().startswith(f"{numbers[0]} t de CO₂ par an en 2030 : {numbers[1]} %"), action
    for written, refusal in [("-2", "positive"), ("", "positive"), ("1.000", "mille ou un"), ("1e9", "niveau de 2019")]:
        form.locator("select").select_option("logements_fioul")
        form.locator("input").fill(written)
        assert refusal in said.inner_text()
