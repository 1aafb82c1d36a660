"""The main job on the real files, wherever they are: every control total is met, a second run changes nothing."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import shapely

from leviers.warehouse.home import SLIM
from tests.conftest import MIRROR, FinishedRun

pytestmark = pytest.mark.xdist_group("real")


def control_totals() -> list[dict[str, str]]:
    path = Path(MIRROR or ".") / "control_totals.csv"
    return list(csv.DictReader(path.open(encoding="utf-8"))) if path.exists() else []


def test_the_real_files_are_published(real: FinishedRun) -> None:
    assert real.run.returncode == 0, real.run.stdout + real.run.stderr
    assert str(real.home.published) in real.run.stdout
    assert re.search(r"^quarantine: irve_static: .*a commune of no vintage of the COG", real.run.stdout, re.MULTILINE)


@pytest.mark.skipif(not MIRROR, reason="LEVIERS_TEST_MIRROR names no folder of real files")
@pytest.mark.parametrize("control", control_totals(), ids=lambda control: control["control_id"])
def test_control_total(real: FinishedRun, control: dict[str, str]) -> None:
    rows = real.home.query(
        """
        select value, unit from marts.fct_indicator_value
        where indicator_id = ? and territory_level = ? and territory_code = ? and year = ?
        """,
        control["indicator_id"],
        control["territory_level"],
        control["territory_code"],
        int(control["year"]),
    )
    assert len(rows) == 1
    value, unit = rows[0]
    assert unit == control["unit"]
    assert value == pytest.approx(float(control["value"]), rel=1e-9)


def test_a_commune_is_found_by_its_postal_codes(real: FinishedRun) -> None:
    """The figures that ship with the project have none."""
    index = (real.home.published.parent / "site" / "recherche.js").read_text(encoding="utf-8")
    assert re.search(r"Toulouse\|31555\|31\|\d+\|31000 31100 31200 31300 31400 31500\\n", index)


def test_the_slim_file_stays_small(real: FinishedRun) -> None:
    """A browser takes it whole, and a tool of BI opens it from a share."""
    assert real.home.published.with_name(SLIM).stat().st_size <= 8_000_000


def test_contours_are_valid_and_neighbours_keep_one_border(real: FinishedRun) -> None:
    contours = real.home.query("select niveau, geometrie from vues.dim_contour")
    levels = {level for level, _ in contours}
    assert {"epci", "departement", "region"} <= levels
    for level in levels:
        shapes = shapely.from_geojson([geometry for its_level, geometry in contours if its_level == level])
        assert shapely.is_valid(shapes).all(), level
        assert shapely.coverage_is_valid(shapes), level


def test_a_commune_of_another_year_finds_the_one_of_today(real: FinishedRun) -> None:
    """A split commune has the shares of its people; a year that is not loaded has the codes of the last one."""
    query = "select code_commune, code_actuel, round(poids, 6) from vues.communes_de(?) order by all"
    rows = real.home.query(query, 2019)
    assert sum(float(str(weight)) for *_, weight in rows) == pytest.approx(len({code for code, *_ in rows}), abs=1e-3)
    assert [row for row in rows if row[0] == "01039"] == [("01039", "01138", 1.0)]
    assert len([row for row in rows if row[0] == "14712"]) == 2
    assert real.home.query(query, 2020) == rows
    now = {
        code for (code,) in real.home.query("select code_territoire from vues.dim_territoire where niveau = 'commune'")
    }
    assert now <= {code for _, code, _ in rows}
