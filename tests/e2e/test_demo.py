"""The whole job on the bundled figures: published, readable by anybody, untouched by bad input."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from leviers.warehouse.home import writing
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
    assert demo.home.query("select schema_name from marts.about_schema order by 1") == schemas
    folder = demo.home.published.parent
    tables = {name for (name,) in demo.home.query("select table_name from information_schema.tables")}
    assert {path.stem for path in (folder / "parquet").iterdir()} == tables
    package = json.loads((folder / "datapackage.json").read_text())
    assert {resource["name"] for resource in package["resources"]} == tables
    assert package["licenses"]
    assert "expectations" in (folder / "reports" / "index.html").read_text().lower()


def test_a_second_run_changes_nothing_and_says_so(demo: FinishedRun, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    before = home.published.stat()
    second = home.run("demo")
    assert second.returncode == 0
    assert "nothing changed" in second.stdout
    assert re.search(r"^datasets: 0 changed, \d+ unchanged, \d+ absent, 0 failed$", second.stdout, re.MULTILINE)
    assert home.published.stat().st_ino == before.st_ino


def test_nothing_heavy_is_imported_when_nothing_changed(demo: FinishedRun, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    code = (
        "import sys; from pathlib import Path;"
        "from ingestion.options import Options; from leviers.cli.run import refresh;"
        f"refresh(Options(home=Path({str(home.path)!r}), offline=True, demo=True), '76', print);"
        "heavy = {'apprise', 'dagster', 'dbt', 'dlt', 'great_expectations', 'pandas', 'pyarrow'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


OLD_CLIENT = Path(sys.prefix) / "duckdb1"


@pytest.mark.skipif(not OLD_CLIENT.exists(), reason="make test installs the old DuckDB client beside the environment")
def test_an_old_duckdb_client_opens_the_file_and_reads_every_view(demo: FinishedRun) -> None:
    code = f"""
import duckdb
connection = duckdb.connect({str(demo.home.published)!r}, read_only=True)
print(duckdb.__version__, connection.execute("select count(*) from marts.fct_lever_target").fetchone()[0])
views = "select schema_name || '.' || view_name from duckdb_views() where not internal"
for (view,) in connection.execute(views).fetchall():
    connection.execute(f"select * from {{view}} limit 1").fetchall()
    print(view)
"""
    environment = os.environ | {"PYTHONPATH": str(OLD_CLIENT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (version, count), *views = map(str.split, done.stdout.splitlines())
    assert version == "1.2.2"
    assert int(count) > 0
    assert ["vues.fait_observation"] in views
    published = demo.home.query("select count(*) from duckdb_views() where not internal")
    assert published == [(len(views),)]


def test_a_reader_keeps_its_version_while_a_new_one_is_published(demo: FinishedRun, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    with duckdb.connect(str(home.published), read_only=True) as reader:
        before = reader.execute("select count(*) from marts.dim_territory").fetchone()
        shutil.rmtree(home.path / "publications")
        assert reader.execute("select count(*) from marts.dim_territory").fetchone() == before


def test_two_jobs_do_not_write_at_once(demo: FinishedRun, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    with writing(home.path):
        busy = home.run("demo")
    assert busy.returncode == 1
    assert "another job is writing here" in busy.stderr


@pytest.mark.parametrize("command", ["sources", "status"])
def test_commands_print_json(demo: FinishedRun, command: str) -> None:
    done = demo.home.run_here(command, "--json")
    assert done.exit_code == 0, done.stderr
    content = json.loads(done.stdout)
    if command == "sources":
        keys = {
            "dataset_id", "producer", "title", "licence", "portal", "grain", "levers", "cadence", "status", "verified",
            "last_snapshot",
        }  # fmt: skip
        assert all(keys <= set(record) for record in content)
    else:
        assert content["last_run"]["region"] == "76"
        assert [(run["end"], run["exit_status"]) for run in content["runs"]] == [("published", 0)]
        assert any(row["observation_age_days"] for row in content["datasets"])
        assert content["incidents"] == []


def test_check_runs_everything_and_changes_nothing(demo: FinishedRun, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    inode = home.published.stat().st_ino
    done = home.run_here("check", "--json")
    rows = json.loads(done.stdout)
    assert {row["guard"] for row in rows} == {"great_expectations", "dbt"}
    assert done.exit_code == 0, [row["message"] for row in rows if row["status"] != "passed"]
    assert home.published.stat().st_ino == inode
