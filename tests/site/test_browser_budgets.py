"""The budgets of the pages, in Chromium: every kind of page and ten territories that are drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.site.budgets import BUDGETS, KINDS, Measured, drawn, measure, table

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
