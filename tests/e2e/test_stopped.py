"""What stops a run from outside, Ctrl-C or a full disk: one line says so, and the next run does what is left."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from ingestion.options import Options
from leviers import run
from leviers.warehouse.home import read_run_state
from leviers.warehouse.project import dbt_target
from tests.conftest import LEVIERS, Home, Ran
from tests.dagster_graph.test_as_of import tables_that_differ
from tests.processes import session_of

pytestmark = pytest.mark.xdist_group("demo")
GROUPS = "group_type,group_code,group_name,commune_code\ncrte,T1,Groupe Test,31555\ncrte,T1,Groupe Test,31069\n"
NAME = "grouping_member"
PATIENCE = 300.0


@pytest.fixture
def home(demo: Ran, tmp_path: Path) -> Home:
    """A home of the demo with a grouping that is not loaded yet."""
    home = demo.home.copy_to(tmp_path / "home")
    file = tmp_path / "groups.csv"
    file.write_text(GROUPS)
    assert home.run("groupings", "add", str(file)).returncode == 0
    return home


def interrupted(home: Home, once: str) -> tuple[int, str]:
    """Runs the demo, and presses Ctrl-C once its log holds some words."""
    known = set(home.path.glob("logs/*.log"))
    process = subprocess.Popen(
        [LEVIERS, "demo"],
        env=os.environ | {"LEVIERS_HOME": str(home.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + PATIENCE
        while not any(once in path.read_text() for path in set(home.path.glob("logs/*.log")) - known):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=PATIENCE)
        until = time.monotonic() + 10  # helpers of Python end by themselves, a moment later
        while left := session_of(process.pid):
            assert time.monotonic() < until, left
            time.sleep(0.05)
    finally:
        for pid in session_of(process.pid):
            os.kill(pid, signal.SIGKILL)
    return process.returncode, said


def built_models(home: Home) -> int:
    results = json.loads((dbt_target(home.path) / "run_results.json").read_text())["results"]
    return sum(result["unique_id"].startswith("model.") for result in results)


def test_what_was_interrupted_before_any_write_costs_nothing(home: Home) -> None:
    before = read_run_state(home.path)
    status, said = interrupted(home, once="fetch: ")
    assert status == 130
    assert said.splitlines()[-1].startswith("interrupted: ")
    assert "Traceback" not in said
    assert read_run_state(home.path) == before


def test_after_an_interrupted_build_what_changed_is_built_and_nothing_else(home: Home) -> None:
    inode = home.published.stat().st_ino
    status, said = interrupted(home, once="Concurrency: ")
    assert status == 130, said
    assert said.splitlines()[-1].startswith("interrupted: ")
    assert "Traceback" not in said
    assert home.published.stat().st_ino == inode
    assert (state := read_run_state(home.path)) and state.unbuilt == (NAME,)

    again = home.run("demo")
    assert again.returncode == 0, again.stdout
    assert f"the last run did not end well: built again is what depends on {NAME}" in again.stdout
    assert (state := read_run_state(home.path)) and state.unbuilt == ()
    models = json.loads((dbt_target(home.path) / "manifest.json").read_text())["nodes"].values()
    assert built_models(home) < sum(node["resource_type"] == "model" for node in models) * 0.9

    of_the_part = home.copy_to(home.path.with_name("part"))
    said_now: list[str] = []
    whole = run.refresh(Options(home=home.path, offline=True, demo=True, full=True), "76", said_now.append)
    assert whole.exit_status == 0, said_now
    assert tables_that_differ(of_the_part.published, home.published) == []


def test_a_full_disk_is_told_in_one_line_and_refuses_no_file(home: Home) -> None:
    """A limit on the size of files stands for the disk: here the warehouse has reached it."""
    size = (home.path / "warehouse.duckdb").stat().st_size
    full = subprocess.run(
        [LEVIERS, "demo"],
        env=os.environ | {"LEVIERS_HOME": str(home.path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2)),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert full.returncode == 1
    assert "Traceback" not in full.stdout + full.stderr
    [line] = [line for line in full.stderr.splitlines() if line.startswith("Error: ")]
    assert line.startswith("Error: the disk is full: ")

    again = home.run("demo")
    assert again.returncode == 0, again.stdout
    assert ", 0 failed" in again.stdout
    assert home.query("select name from marts.dim_territory where territory_level = 'crte'") == [("Groupe Test",)]
