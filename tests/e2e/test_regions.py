"""Every region of the real files, and the whole country, publishes with all its pages: `make release`."""

from __future__ import annotations

import json
import math
import time
from collections import defaultdict
from pathlib import Path

import pytest

from leviers.warehouse.seeds import REGIONS
from tests.conftest import MIRROR, Home

pytestmark = [pytest.mark.release, pytest.mark.warehouse]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home for all regions: the loaded data stay, another region only builds again."""
    if not MIRROR:
        pytest.skip("LEVIERS_TEST_MIRROR names no folder of real files")
    return Home(tmp_path_factory.mktemp("regions") / "home")


@pytest.mark.parametrize("region", [*REGIONS, "all"])
def test_a_region_publishes_with_all_its_pages(home: Home, region: str) -> None:
    start = time.monotonic()
    result = home.run("refresh", "--region", region, "--mirror", str(MIRROR), "--offline")
    seconds = time.monotonic() - start
    summary = f"--region {region}: exit {result.returncode}, {seconds:.0f} s"
    if result.returncode == 0:
        pages = len(list((home.published.parent / "site").rglob("*.html")))
        summary += f", {pages} pages, {home.published.stat().st_size:,} bytes"
    print(summary, flush=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert home.query("select arg_max(region_demandee, publie_le) from vues.fait_publication") == [(region,)]
    judged = """
        select count(*), count(manque), sum(leviers) = sum(juges + non_juges) from vues.fait_resume
        where niveau = 'region'
    """
    region_count = len(REGIONS) if region == "all" else 1
    assert home.query(judged) == [(region_count, region_count, True)]
    assert [line for line in result.stdout.splitlines() if "defect" in line] == []
    assert home.missing_pages() == set()


def test_the_targets_of_the_country_sum_to_those_of_the_simulator(home: Home) -> None:
    """The country is built last. The file of the simulator is read here without the warehouse."""
    regions = home.query("select name, territory_code from marts.dim_territory where territory_level = 'region'")
    codes = {str(name): str(code) for name, code in regions} | {"PACA": "93"}
    file = Path(MIRROR or ".") / "sgpe_cop_simulator" / "data.json"
    demands: dict[str, list[float]] = defaultdict(list)
    for entry in json.loads(file.read_text(encoding="utf-8")):
        if entry["regionName"] != "Région exemple":
            demands[codes[entry["regionName"]]].append(entry["objCO2"])
    rows = home.query("""
        select territory_code, sum(value) from marts.fct_lever_target
        where territory_level = 'region' and measure = 'ktco2e_avoided' group by all
    """)
    sums = {str(code): total for code, total in rows}
    assert len(sums) == 18
    assert sums == pytest.approx({code: math.fsum(each) for code, each in demands.items()}, abs=1e-9)
