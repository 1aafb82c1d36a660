"""The scope of the whole country: each target of the simulator file, on the regions that it names.

The sums of the parts are held by tests of dbt, which `make release` runs on the country.
"""

from __future__ import annotations

import json
import math
import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from leviers.warehouse.dbt import run_dbt
from tests.conftest import MIRROR, FinishedRun

pytestmark = [pytest.mark.release, pytest.mark.xdist_group("real")]
TARGETS = """
    select territory_code, lever_id, value from marts.fct_lever_target
    where territory_level = 'region' and measure = 'ktco2e_avoided'
"""
REGIONS = "select name, territory_code, is_in_scope from marts.dim_territory where territory_level = 'region'"


@dataclass(frozen=True)
class Country:
    """The targets and the regions of a home that is built for all regions."""

    targets: list[tuple[str, str, float]]
    regions: list[tuple[str, str, bool]]


@pytest.fixture(scope="module")
def country(real: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Country:
    home = tmp_path_factory.mktemp("scope")
    shutil.copy(real.home.path / "warehouse.duckdb", home)
    scoped = ("--select", "int_territories_unioned+", "--exclude-resource-type", "exposure")
    built = run_dbt(home, "all", "build", "--full-refresh", *scoped)
    assert {result["status"] for result in built} <= {"success", "pass", "warn"}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        return Country(warehouse.execute(TARGETS).fetchall(), warehouse.execute(REGIONS).fetchall())


def test_the_scope_all_has_every_region(country: Country) -> None:
    assert [name for name, _, is_in_scope in country.regions if not is_in_scope] == []


def test_targets_sum_to_those_of_the_simulator(country: Country) -> None:
    """The file of the simulator is read here without the warehouse."""
    codes = {name: code for name, code, _ in country.regions} | {"PACA": "93"}
    file = Path(MIRROR or ".") / "sgpe_cop_simulator" / "data.json"
    demands: dict[str, list[float]] = defaultdict(list)
    for entry in json.loads(file.read_text(encoding="utf-8")):
        if entry["regionName"] != "Région exemple":
            demands[codes[entry["regionName"]]].append(entry["objCO2"])
    sums: dict[str, float] = defaultdict(float)
    for code, _, value in country.targets:
        sums[code] += value
    assert len(sums) == 18
    assert sums == pytest.approx({code: math.fsum(each) for code, each in demands.items()}, abs=1e-9)


def test_the_country_is_asked_its_levers(country: Country) -> None:
    assert len({lever for _, lever, _ in country.targets}) == 45
