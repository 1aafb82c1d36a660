"""Budgets of each page of the demo, as far as its text shows: tests/site has the rest, in Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import FinishedRun
from tests.html import Page
from tests.site.budgets import BUDGETS, TERRITORIES, kind_of

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def site(demo: FinishedRun) -> Path:
    assert demo.run.returncode == 0, demo.run.stdout + demo.run.stderr
    return (demo.home.path / "published" / "site").resolve()


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Every page by its name in the folder."""
    return {str(path.relative_to(site)): Page(path) for path in sorted(site.rglob("*.html"))}


def over(key: str, values: dict[str, float]) -> dict[str, float]:
    """The pages that do not hold a budget, and their value."""
    return {name: value for name, value in values.items() if not BUDGETS[key].holds(kind_of(name), value)}


@pytest.mark.parametrize("key", ["words", "sheet_words"])
def test_words_are_within_the_budget_of_the_kind(pages: dict[str, Page], key: str) -> None:
    assert sum(kind_of(name) in TERRITORIES for name in pages) >= 1 + 13 + 164
    assert not over(key, {name: page.folded_words for name, page in pages.items()})


def test_bytes_are_within_the_budget_of_the_kind(site: Path, pages: dict[str, Page]) -> None:
    assert not over("bytes", {name: (site / name).stat().st_size for name in pages})
