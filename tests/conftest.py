"""Shared fixtures: a warehouse of the bundled figures and, where the folder is there, one of the real files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

LEVIERS = str(Path(sys.executable).with_name("leviers"))
MIRROR = os.environ.get("LEVIERS_TEST_MIRROR")


@dataclass(frozen=True)
class Home:
    """A LEVIERS_HOME and the command line on it."""

    path: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"LEVIERS_HOME": str(self.path), "COLUMNS": "200"}
        return subprocess.run(
            [LEVIERS, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=1500
        )

    @property
    def published(self) -> Path:
        return self.path / "published" / "leviers.duckdb"

    def query(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.published), read_only=True) as connection:
            return connection.execute(sql, parameters).fetchall()

    def copy_to(self, path: Path) -> Home:
        shutil.copytree(self.path, path, symlinks=True)
        return Home(path)


README = Path(__file__).parents[1] / "README.md"
COVERAGE = """
    with series as (
        select distinct lever_id, territory_level from marts.fct_lever_coverage where has_series
    ),
    keys as (
        select distinct lever_id, territory_level from marts.fct_lever_target_allocation
        where measure = 'ktco2e_avoided' and parent_code = '76' and not is_proxy
    )
    select
        (select count(*) from series where territory_level = 'region'),
        (select count(*) from series where territory_level = 'departement'),
        (select count(*) from series where territory_level = 'epci'),
        (select count(*) from series where territory_level = 'commune'),
        (select count(distinct lever_id) from series where territory_level in ('departement', 'epci', 'commune')),
        (select count(*) from keys where territory_level = 'departement'),
        (select count(*) from keys where territory_level = 'epci'),
        (select count(*) from keys where territory_level = 'commune')
"""


def shown_coverage(run: str) -> tuple[int, ...]:
    """The counts of levers that the README shows for a run."""
    line = next(line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {run} |"))
    return tuple(int(cell) for cell in line.strip("|").split("|")[1:])


@dataclass(frozen=True)
class Ran:
    """A home and what the first run on it said."""

    home: Home
    run: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """The warehouse of the bundled figures; tests that change it work on a copy."""
    home = Home(tmp_path_factory.mktemp("demo") / "home")
    yield Ran(home, home.run("demo"))


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """The warehouse of the real files for Occitanie."""
    if not MIRROR:
        pytest.skip("LEVIERS_TEST_MIRROR names no folder of real files")
    home = Home(tmp_path_factory.mktemp("real") / "home")
    yield Ran(home, home.run("refresh", "--region", "76", "--mirror", MIRROR, "--offline"))
