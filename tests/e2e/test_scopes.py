"""Other scopes than the region of the first run: the targets of the simulator file, and parts that sum to them."""

from __future__ import annotations

import json
import math
import os
import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from leviers.warehouse.dbt import run_dbt
from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("real")
MIRROR = Path(os.environ.get("LEVIERS_TEST_MIRROR", "."))
# Four islands are in no EPCI: Bréhat, Ouessant and Sein in Bretagne, L'Île-d'Yeu in Pays de la Loire.
REGIONS_WITH_COMMUNES_IN_NO_EPCI = {"53", "52"}


def simulator_sums(region_codes: dict[str, str]) -> dict[str, float]:
    """The demand of the simulator on each region, read without the warehouse."""
    values: dict[str, list[float]] = defaultdict(list)
    for entry in json.loads((MIRROR / "sgpe_cop_simulator" / "data.json").read_text(encoding="utf-8")):
        if entry["regionName"] != "Région exemple":
            values[region_codes[entry["regionName"]]].append(entry["objCO2"])
    return {code: math.fsum(parts) for code, parts in values.items()}


PARTS = ("int_territories_unioned+,+fct_lever_target_allocation", "--indirect-selection", "buildable")


TARGETS = """
    select (territory_code, lever_id), value from marts.fct_lever_target
    where territory_level = 'region' and measure = 'ktco2e_avoided'
"""
PARTS_OF_REGIONS = """
    select territory_level, (parent_code, lever_id), sum(value) from marts.fct_lever_target_allocation
    where measure = 'ktco2e_avoided' and key_id <> 'epci_sector_trajectory'
        and territory_level in ('commune', 'departement', 'epci')
    group by all
"""
AVIGNON = """
    select parent_code, count(distinct lever_id) from marts.fct_lever_target_allocation
    where territory_level = 'epci' and territory_code = '248400251' and measure = 'ktco2e_avoided'
    group by all order by all
"""
Demand = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Scope:
    """What a scope shall have, and what is built for it: regions, targets by region and lever, parts by level."""

    lever_count: int
    wanted: set[str] | None
    avignon: list[tuple[str, int]]
    regions: dict[str, str]
    in_scope: set[str]
    targets: Demand
    parts: dict[str, Demand]
    found_of_avignon: list[tuple[str, int]]

    @property
    def asked(self) -> Demand:
        return {key: value for key, value in self.targets.items() if key[0] in self.in_scope}


@pytest.fixture(
    scope="module",
    params=[
        ("94", PARTS, 26, {"94"}, []),
        ("all", ("int_territories_unioned+",), 45, None, [("76", 30), ("93", 30)]),
    ],
    ids=["94", "all"],
)
def scope(request: pytest.FixtureRequest, real: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Scope:
    """Another region builds the parts and their inputs; all regions build everything that the scope reaches."""
    region, reached, lever_count, wanted, avignon = request.param
    home = tmp_path_factory.mktemp("scope")
    shutil.copy(real.home.path / "warehouse.duckdb", home)
    scoped = ("--select", *reached, "--exclude-resource-type", "unit_test", "--exclude-resource-type", "exposure")
    built = run_dbt(home, region, "build", "--full-refresh", *scoped)
    assert {result["status"] for result in built} <= {"success", "pass", "warn"}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        regions = warehouse.execute(
            "select name, territory_code, is_in_scope from marts.dim_territory where territory_level = 'region'"
        ).fetchall()
        parts: dict[str, Demand] = defaultdict(dict)
        for level, key, value in warehouse.execute(PARTS_OF_REGIONS).fetchall():
            parts[level][key] = value
        return Scope(
            lever_count,
            wanted,
            avignon,
            {name: code for name, code, _ in regions},
            {code for _, code, is_in_scope in regions if is_in_scope},
            dict(warehouse.execute(TARGETS).fetchall()),
            parts,
            warehouse.execute(AVIGNON).fetchall(),
        )


def test_a_scope_is_a_region_or_all(scope: Scope) -> None:
    assert scope.in_scope == (scope.wanted or set(scope.regions.values()))


def test_targets_sum_to_those_of_the_simulator(scope: Scope) -> None:
    sums: dict[str, float] = defaultdict(float)
    for (code, _), value in scope.targets.items():
        sums[code] += value
    assert len(sums) == 18
    assert sums == pytest.approx(simulator_sums({**scope.regions, "PACA": "93"}), abs=1e-9)


def test_a_scope_asks_its_levers(scope: Scope) -> None:
    assert len({lever for _, lever in scope.asked}) == scope.lever_count


@pytest.mark.parametrize("level", ["commune", "departement"])
def test_parts_sum_to_the_target_of_their_region(scope: Scope, level: str) -> None:
    assert scope.parts[level] == pytest.approx(scope.asked, abs=1e-9)


def test_parts_of_epci_sum_to_the_target_where_they_cover_the_region(scope: Scope) -> None:
    covered = {key: value for key, value in scope.asked.items() if key[0] not in REGIONS_WITH_COMMUNES_IN_NO_EPCI}
    assert {key: scope.parts["epci"][key] for key in covered} == pytest.approx(covered, abs=1e-9)


def test_an_epci_of_two_regions_has_parts_of_both(scope: Scope) -> None:
    """Le Grand Avignon, where both are in the scope."""
    assert scope.found_of_avignon == scope.avignon
