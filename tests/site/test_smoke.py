"""One page of the demo on a phone, where the machine has a Chromium: ``make release PROOFS=browser`` looks at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from leviers.site.browser import chromium
from tests.site.budgets import PHONE, Watched

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.skipif(not chromium(), reason="there is no Chromium on the PATH")
def test_a_page_is_accessible_and_quiet(site: Path, watched: Watched) -> None:
    watched.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    watched.page.goto((site / "territoires" / "region-76.html").as_uri())
    result = Axe().run(watched.page, options={"resultTypes": ["violations"], "preload": False})
    assert not result.violations_count, result.generate_report()
    assert not watched.errors
    assert not watched.outside
