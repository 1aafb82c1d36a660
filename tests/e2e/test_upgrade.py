"""Homes of earlier versions, with what people entered, are brought up to date by this one: `make release`."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from leviers.warehouse.home import FORMAT_FILE
from tests.conftest import Home
from tests.e2e.entries import GROUPS, ROADMAP, SERIES
from tests.e2e.old_versions import old_code

pytestmark = [pytest.mark.release, pytest.mark.warehouse]
ENTRIES = {"groupings": GROUPS, "commitments": ROADMAP.replace("2050", "2030"), "indicators": SERIES}
OLD = {
    "0.1": ("4b6018a3", ("groupings", "commitments")),
    "0.5": ("98f1e47d", tuple(ENTRIES)),
    "0.9": ("bedef1da", tuple(ENTRIES)),
}
KEPT = {
    "groupings": """
        select territory_level, territory_code, name from marts.dim_territory where territory_code = 'T1'
    """,
    "commitments": """
        select territory_code, horizon_year, new_ambition from marts.fct_lever_commitment order by all
    """,
    "indicators": """
        select territory_code, year, value from marts.fct_indicator_value
        where indicator_id = 'residential_gas_consumption_commune' and dataset_id = 'entered_value' order by all
    """,
}


@pytest.mark.parametrize("version", OLD)
def test_a_home_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path, version: str) -> None:
    commit, kinds = OLD[version]
    code, home = tmp_path / "code", Home(tmp_path / "home")
    environment = old_code(commit, code) | {"LEVIERS_HOME": str(home.path)}
    project = tomllib.loads((code / "pyproject.toml").read_text())["project"]
    assert project["version"].startswith(version)
    module, _, function = project["scripts"]["leviers"].partition(":")

    def old(*arguments: str) -> None:
        start = [sys.executable, "-c", f"from {module} import {function}; {function}()", *arguments]
        result = subprocess.run(start, cwd=code, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr

    for kind in kinds:
        (tmp_path / f"{kind}.csv").write_text(ENTRIES[kind], encoding="utf-8")
        old(kind, "add", str(tmp_path / f"{kind}.csv"))
    old("demo")
    last = home.published.resolve().parent.name
    entries = {path: path.read_bytes() for path in home.path.glob("inputs/*/*")}
    first_rows = {kind: home.ask_working(KEPT[kind]) for kind in kinds}
    assert [len(rows) for rows in first_rows.values()] == [1, 3, 4][: len(kinds)]

    result = home.run("demo")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "damaged:" not in result.stdout
    assert entries == {path: path.read_bytes() for path in home.path.glob("inputs/*/*")}
    assert {kind: home.ask_working(KEPT[kind]) for kind in kinds} == first_rows
    publications = home.query("select publication_id, publication_precedente_id from vues.fait_publication")
    assert last in {publication for row in publications for publication in row}, publications
    assert (home.path / FORMAT_FILE).exists()
    assert "nothing changed" in home.run("demo").stdout
