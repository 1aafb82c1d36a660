"""Other scopes than the region of the first run: the targets of the simulator file, and parts that sum to them."""

from __future__ import annotations

import json
import math
import os
import shutil
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from leviers.warehouse.dbt import run_dbt
from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("real")
MIRROR = Path(os.environ.get("LEVIERS_TEST_MIRROR", "."))
GRAND_AVIGNON = "248400251"
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


@pytest.mark.parametrize(
    ("region", "lever_count", "reached"), [("94", 26, PARTS), ("all", 45, ("int_territories_unioned+",))]
)
def test_scope(real: FinishedRun, tmp_path: Path, region: str, lever_count: int, reached: tuple[str, ...]) -> None:
    """Another region builds the parts and their inputs; all regions build everything that the scope reaches."""
    shutil.copy(real.home.path / "warehouse.duckdb", tmp_path)
    scoped = ("--select", *reached, "--exclude-resource-type", "unit_test", "--exclude-resource-type", "exposure")
    built = run_dbt(tmp_path, region, "build", "--full-refresh", *scoped)
    assert {result["status"] for result in built} <= {"success", "pass", "warn"}

    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as warehouse:
        regions = dict(
            warehouse.execute(
                "select name, territory_code from marts.dim_territory where territory_level = 'region'"
            ).fetchall()
        )
        in_scope = {
            code
            for (code,) in warehouse.execute(
                "select territory_code from marts.dim_territory where territory_level = 'region' and is_in_scope"
            ).fetchall()
        }
        targets = {
            (code, lever): value
            for code, lever, value in warehouse.execute(
                """
                select territory_code, lever_id, value from marts.fct_lever_target
                where territory_level = 'region' and measure = 'ktco2e_avoided'
                """
            ).fetchall()
        }
        parts: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
        for level, code, lever, value in warehouse.execute(
            """
            select territory_level, parent_code, lever_id, sum(value) from marts.fct_lever_target_allocation
            where measure = 'ktco2e_avoided' and key_id <> 'epci_sector_trajectory'
                and territory_level in ('commune', 'departement', 'epci')
            group by all
            """
        ).fetchall():
            parts[level][code, lever] = value
        avignon = warehouse.execute(
            """
            select parent_code, count(distinct lever_id) from marts.fct_lever_target_allocation
            where territory_level = 'epci' and territory_code = ? and measure = 'ktco2e_avoided'
            group by all order by all
            """,
            [GRAND_AVIGNON],
        ).fetchall()

    assert in_scope == (set(regions.values()) if region == "all" else {region})
    sums: dict[str, float] = defaultdict(float)
    for (code, _), value in targets.items():
        sums[code] += value
    assert len(sums) == 18
    assert sums == pytest.approx(simulator_sums({**regions, "PACA": "93"}), abs=1e-9)

    asked = {key: value for key, value in targets.items() if key[0] in in_scope}
    assert len({lever for _, lever in asked}) == lever_count
    assert parts["commune"] == pytest.approx(asked, abs=1e-9)
    assert parts["departement"] == pytest.approx(asked, abs=1e-9)
    covered = {key: value for key, value in asked.items() if key[0] not in REGIONS_WITH_COMMUNES_IN_NO_EPCI}
    assert {key: parts["epci"][key] for key in covered} == pytest.approx(covered, abs=1e-9)
    assert avignon == ([("76", 30), ("93", 30)] if region == "all" else [])
