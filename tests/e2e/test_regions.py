"""Every region of the real files, and the whole country, publishes with all its pages: `make test-regions`."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from leviers.warehouse.project import REGIONS
from tests.conftest import MIRROR, Home

pytestmark = [pytest.mark.regions, pytest.mark.warehouse]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One for all: what is loaded stays, another region only builds again."""
    if not MIRROR:
        pytest.skip("LEVIERS_TEST_MIRROR names no folder of real files")
    yield Home(tmp_path_factory.mktemp("regions") / "home")


@pytest.mark.parametrize("region", [*REGIONS, "all"])
def test_a_region_publishes_with_all_its_pages(home: Home, region: str) -> None:
    start = time.monotonic()
    done = home.run("refresh", "--region", region, "--mirror", str(MIRROR), "--offline")
    seconds = time.monotonic() - start
    told = f"--region {region}: exit {done.returncode}, {seconds:.0f} s"
    if done.returncode == 0:
        pages = len(list((home.published.parent / "site").rglob("*.html")))
        told += f", {pages} pages, {home.published.stat().st_size:,} bytes"
    print(told, flush=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert home.query("select region from marts.fct_publication order by published_at desc limit 1") == [(region,)]
    assert [line for line in done.stdout.splitlines() if "defect" in line] == []
    assert home.missing_pages() == set()
