"""The site to look at in Chromium: the demo's, or the folder that ``LEVIERS_TEST_SITE`` names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from leviers.site.browser import chromium
from tests.conftest import FinishedRun
from tests.site.budgets import Watched


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Path:
    if folder := os.environ.get("LEVIERS_TEST_SITE"):
        return Path(folder).resolve()
    demo: FinishedRun = request.getfixturevalue("demo")
    assert demo.run.returncode == 0, demo.run.stdout + demo.run.stderr
    return (demo.home.path / "published" / "site").resolve()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium()
    assert executable, "there is no chromium on the PATH"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    yield Watched(page)
    page.close()
