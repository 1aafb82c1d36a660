"""The whole job on the bundled figures: published, readable by anybody, untouched by bad input."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("demo")


def test_the_demo_publishes_and_says_where(demo: FinishedRun) -> None:
    assert demo.run.returncode == 0, demo.run.stdout + demo.run.stderr
    assert f"Published DuckDB file: {demo.home.published}" in demo.run.stdout
    assert "bundled figures" in demo.run.stdout
    assert "Occitanie (région 76)" in demo.run.stdout
    assert "Véhicules électriques" in demo.run.stdout


def test_only_marts_quality_and_views_are_published(demo: FinishedRun) -> None:
    schemas = demo.home.query("select distinct table_schema from information_schema.tables order by 1")
    assert schemas == [("marts",), ("quality",), ("vues",)]
    folder = demo.home.published.parent
    tables = {name for (name,) in demo.home.query("select table_name from information_schema.tables")}
    assert {path.stem for path in (folder / "parquet").iterdir()} == tables
    package = json.loads((folder / "datapackage.json").read_text())
    assert {resource["name"] for resource in package["resources"]} == tables
    assert package["licenses"]
    assert "expectations" in (folder / "reports" / "index.html").read_text().lower()


def test_a_second_run_changes_nothing_and_says_so(demo: FinishedRun, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    first_stat = home.published.stat()
    second = home.run("demo")
    assert second.returncode == 0
    assert "nothing changed" in second.stdout
    assert re.search(r"^datasets: 0 changed, \d+ unchanged, \d+ absent, 0 failed$", second.stdout, re.MULTILINE)
    assert home.published.stat().st_ino == first_stat.st_ino


def test_nothing_heavy_is_imported_when_nothing_changed(demo: FinishedRun, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    code = (
        "import sys; from pathlib import Path;"
        "from ingestion.options import Options; from leviers.cli.run import refresh;"
        f"refresh(Options(home=Path({str(home.path)!r}), offline=True, demo=True), '76', print);"
        "heavy = {'apprise', 'dagster', 'dbt', 'dlt', 'great_expectations', 'pandas', 'pyarrow'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


def test_check_runs_everything_and_changes_nothing(demo: FinishedRun, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    inode = home.published.stat().st_ino
    result = home.run_here("check", "--json")
    rows = json.loads(result.stdout)
    assert {row["guard"] for row in rows} == {"great_expectations", "dbt"}
    assert result.exit_code == 0, [row["message"] for row in rows if row["status"] != "passed"]
    assert home.published.stat().st_ino == inode
