"""The budgets of the pages, in Chromium: every kind of page and ten territories that are drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.html import Page
from tests.site.budgets import BUDGETS, KINDS, Measured, drawn, kind_of, measure, table

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]
WRITTEN = Path(__file__).parents[2] / "build" / "budgets.md"


@pytest.fixture(scope="module")
def measured(site: Path, browser: Browser) -> list[Measured]:
    return [measure(browser, site, name) for name in drawn(site)]


def test_the_table_of_budgets_is_printed(measured: list[Measured], capsys: pytest.CaptureFixture[str]) -> None:
    printed = table(measured)
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(
        f"# Budgets of the pages\n\nWorst value / limit, over the pages measured.\n\n{printed}", encoding="utf-8"
    )
    with capsys.disabled():
        print(f"\n{printed}")
    assert {page.kind for page in measured} >= set(KINDS) - {"groupement"}  # the demo has none


@pytest.mark.parametrize("key", BUDGETS)
def test_every_page_is_within_its_budget(measured: list[Measured], key: str) -> None:
    assert not {page.name: page.over[key] for page in measured if key in page.over}


def test_words_without_a_browser_are_those_of_the_browser(site: Path, measured: list[Measured]) -> None:
    for page in measured:
        if kind_of(page.name) != "fiche":
            assert Page(site / page.name).folded_words == pytest.approx(page.values["words"], rel=0.08, abs=5), (
                page.name
            )


SVG = '<svg class="chart" role="img" aria-label="Dit" viewBox="0 0 100 100" width="300" height="300">{}</svg>'
FULL = """
<!doctype html><meta name="viewport" content="width=device-width"><style>
body {{ margin: 0; font: 16px sans-serif }}
.unseen {{ position: absolute; width: 1px; overflow: hidden; clip-path: inset(50%) }}
</style><body><p class="unseen">Trois mots cachés</p><p>Un CO<sub>2</sub> de 15\u202f338 kt. Deux mots.</p>{svg}
<details><summary>Pli</summary><p>Six mots <a href="#">que</a> voici ici encore.</p>
<div class="behind"><table><tr><td>derrière</td></tr></table></div></details>
<a href="#" style="display: none">caché</a><p style="margin-top: 900px">Plus bas</p>
"""


Made = Callable[[str], Measured]


@pytest.fixture
def page_of(tmp_path: Path, browser: Browser) -> Made:
    def made(svg: str) -> Measured:
        (tmp_path / "index.html").write_text(FULL.format(svg=SVG.format(svg)), encoding="utf-8")
        return measure(browser, tmp_path, "index.html")

    return made


def test_words_and_charts_of_a_page_are_counted(page_of: Made) -> None:
    page = page_of('<title>Titre</title><text x="5" y="20" font-size="5">Dessin 12</text>')
    values = page.values
    assert values["first_words"] == values["first_words_phone"] == 7 + 2 + 1
    assert values["words"] == 12
    assert values["words_open"] == 12 + 6
    assert (values["first_charts"], values["first_charts_phone"]) == (1, 1)
    assert (values["stops"], values["longest"]) == (1, 6)
    assert values["mean"] == pytest.approx((5 + 2 + 6) / 3, abs=0.1)
    assert values["smallest"] == 15
    assert (values["unreadable"], values["errors"], values["outside"], values["wide"]) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("svg", "text"),
    [
        ('<text x="80" y="20" font-size="9">Trop loin</text>', "clipped: Trop loin"),
        ('<text x="5" y="20" font-size="9">Un</text><text x="8" y="23" font-size="9">Autre</text>', "Un / Autre"),
    ],
)
def test_texts_of_a_chart_that_cannot_be_read_are_found(page_of: Made, svg: str, text: str) -> None:
    page = page_of(svg)
    assert page.examples["unreadable"] == [f"1280: {text}", f"390: {text}"]
    assert "unreadable" in page.over


def test_an_error_and_an_outside_request_are_found(page_of: Made) -> None:
    page = page_of("</svg><script>throw Error('non')</script><img src='http://127.0.0.1:9/x.png' alt=''><svg>")
    assert {"errors", "outside"} <= set(page.over)
