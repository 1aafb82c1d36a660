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
from tests.conftest import Ran

pytestmark = pytest.mark.xdist_group("demo")

ONE_QUERY = """
select
    v.territory_level,
    count(*) as territories,
    round(sum(v.value)) as total,
    any_value(v.year) as year,
    any_value(s.file_name) as file_name,
    any_value(s.licence) as licence
from marts.fct_indicator_value as v
inner join marts.dim_territory as t using (territory_level, territory_code)
inner join marts.dim_snapshot as s using (snapshot_id)
where v.indicator_id = ? and t.is_in_scope and v.territory_level in ('region', 'departement', 'epci')
group by v.territory_level
"""


def test_the_demo_publishes_and_says_where(demo: Ran) -> None:
    assert demo.run.returncode == 0, demo.run.stdout + demo.run.stderr
    assert f"Published DuckDB file: {demo.home.published}" in demo.run.stdout
    assert "bundled figures" in demo.run.stdout
    assert "Occitanie (région 76)" in demo.run.stdout
    assert "Véhicules électriques" in demo.run.stdout


def test_only_marts_quality_and_views_are_published(demo: Ran) -> None:
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


@pytest.mark.parametrize(
    ("indicator", "levels"),
    [("social_dwellings", {"region": 1, "departement": 13, "epci": 164}), ("capacity_solar", {"region": 1})],
)
def test_one_query_gives_value_year_file_and_licence(demo: Ran, indicator: str, levels: dict[str, int]) -> None:
    rows = {row[0]: row[1:] for row in demo.home.query(ONE_QUERY, indicator)}
    for level, count in levels.items():
        territories, total, year, file_name, licence = rows[level]
        assert (territories, year, file_name, licence) == (count, 2024, "figures.csv", "Licence Ouverte 2.0")
        assert total


def test_every_value_leads_to_a_file_with_hash_and_licence(demo: Ran) -> None:
    lost = demo.home.query(
        """
        select count(*) from marts.fct_indicator_value as v
        left join marts.dim_snapshot as s using (snapshot_id)
        where s.sha256 is null or s.licence is null
        """
    )
    assert lost == [(0,)]
    assert demo.home.query("select distinct origin from marts.dim_snapshot") == [("bundled",)]


def test_a_second_run_changes_nothing_and_says_so(demo: Ran, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    before = home.published.stat()
    second = home.run("demo")
    assert second.returncode == 0
    assert "nothing changed" in second.stdout
    assert re.search(r"^datasets: 0 changed, \d+ unchanged, \d+ absent, 0 failed$", second.stdout, re.MULTILINE)
    assert home.published.stat().st_ino == before.st_ino


def test_nothing_heavy_is_imported_when_nothing_changed(demo: Ran, tmp_path: Path) -> None:
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


def test_every_published_table_and_column_says_what_it_holds(demo: Ran) -> None:
    described = demo.home.query(
        """
        select table_name, column_name, comment from duckdb_columns() where not internal
        union all
        select table_name, null, comment from duckdb_tables()
        union all
        select view_name, null, comment from duckdb_views() where not internal
        """
    )
    assert described
    assert [row[:2] for row in described if not row[2]] == []


OLD_CLIENT = Path(sys.prefix) / "duckdb1"


@pytest.mark.skipif(not OLD_CLIENT.exists(), reason="make test installs the old DuckDB client beside the environment")
def test_an_old_duckdb_client_opens_the_file_and_reads_every_view(demo: Ran) -> None:
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


def test_a_reader_keeps_its_version_while_a_new_one_is_published(demo: Ran, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    with duckdb.connect(str(home.published), read_only=True) as reader:
        before = reader.execute("select count(*) from marts.dim_territory").fetchone()
        shutil.rmtree(home.path / "publications")
        assert reader.execute("select count(*) from marts.dim_territory").fetchone() == before


def test_a_demo_does_not_replace_a_warehouse_of_real_files(demo: Ran, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    state = json.loads((home.path / "run.json").read_text())
    (home.path / "run.json").write_text(json.dumps(state | {"demo": False}))
    refused = home.run("demo")
    assert refused.returncode == 2
    assert "holds a warehouse of real files" in refused.stderr


def test_two_jobs_do_not_write_at_once(demo: Ran, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    with writing(home.path):
        busy = home.run("demo")
    assert busy.returncode == 1
    assert "another job is writing here" in busy.stderr


@pytest.mark.parametrize("command", ["sources", "status"])
def test_commands_print_json(demo: Ran, command: str) -> None:
    done = demo.home.run(command, "--json")
    assert done.returncode == 0, done.stderr
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


def test_bad_arguments_end_with_2(demo: Ran) -> None:
    assert demo.home.run("refresh", "--region", "99").returncode == 2
    assert demo.home.run("refresh", "--only", "no_such").returncode == 2


def test_check_runs_everything_and_changes_nothing(demo: Ran, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    inode = home.published.stat().st_ino
    done = home.run("check", "--json")
    rows = json.loads(done.stdout)
    assert {row["guard"] for row in rows} == {"great_expectations", "dbt"}
    assert done.returncode == 0, [row["message"] for row in rows if row["status"] != "passed"]
    assert home.published.stat().st_ino == inode
