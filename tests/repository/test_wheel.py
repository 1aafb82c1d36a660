"""The content of an installation: a wheel of the files that the code opens, without tools and tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from leviers.warehouse.dbt import CACHE_VARIABLE
from leviers.warehouse.project import REPOSITORY, dbt_fingerprint
from tests.conftest import FinishedRun, Share

PARTS = ("ingestion", "expectations", "dagster_project", "leviers", "dbt")


@pytest.fixture(scope="module")
def wheel(share: Share) -> Path:
    """Built once, from a copy of the files of the checkout: setuptools leaves a folder beside what it builds."""

    def build(source: Path) -> None:
        for name in _tracked():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / name, source / name)
        command = [str(Path(sys.executable).with_name("uv")), "build", "--wheel", "--offline", "--no-build-isolation"]
        subprocess.run([*command, "--python", sys.executable], cwd=source, check=True, capture_output=True)

    [built] = (share("wheel", build) / "dist").glob("*.whl")
    return built


def _tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if (REPOSITORY / name).is_file()]


def test_the_wheel_holds_every_file_of_the_parts_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    parts = [name for name in _tracked() if name.partition("/")[0] in PARTS and not Path(name).name.startswith(".")]
    places = {"leviers/spark/adapter/": "dbt/adapters/leviersspark/", "dbt/": "leviers/dbt/"}
    pattern = re.compile("^(" + "|".join(places) + ")")
    assert packed == {pattern.sub(lambda place: places[place[1]], name) for name in parts}


@pytest.mark.release
@pytest.mark.xdist_group("demo")
def test_the_wheel_runs_away_from_the_checkout_and_writes_into_its_home(
    wheel: Path, demo: FinishedRun, tmp_path: Path
) -> None:
    """Its packages come before the packages of the checkout; their dependencies are the tests' own."""
    code, home = tmp_path / "code", demo.home.copy_to(tmp_path / "home").path
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(code)
    before = {path: path.stat().st_mtime_ns for path in code.rglob("*")}
    environment = os.environ | {"PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1", "LEVIERS_HOME": str(home)}
    del environment[CACHE_VARIABLE]

    def python(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=True).stdout

    not_compiled = "import leviers.warehouse.dbt as d; d.COMPILE = ('parse',)"  # the SQL of a test is of the same files
    parsed = python("-c", f"{not_compiled}; print(d.DBT_DIR, d.dbt_manifest(), d.dbt_fingerprint())")
    assert parsed.split() == [str(code / "leviers" / "dbt"), str(home / "dbt/parsed/manifest.json"), dbt_fingerprint()]
    assert "nothing changed" in python("-m", "leviers.cli.main", "demo"), "the same code: nothing is built again"
    assert "Haute-Garonne" in python("-m", "leviers.cli.main", "territory", "31")
    assert {path: path.stat().st_mtime_ns for path in code.rglob("*")} == before
