"""Tests of one module each: nothing here starts a process."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import duckdb
import pytest


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command of a test works in its folder, never in the home of the machine."""
    monkeypatch.setenv("LEVIERS_HOME", str(tmp_path))


@pytest.fixture(autouse=True)
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a test with a process stands in tests/runs"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "leviers.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute("""
            create table marts.dim_territory as
            from (values
                ('region', '76', 'Région Test'), ('departement', '09', 'Département Test'),
                ('epci', '999000001', 'CC du Mont-Test'), ('epci', '999000002', 'CA de Saint-Œuf Métropole'),
                ('commune', '09901', 'Un'), ('commune', '09902', 'Homonyme'), ('commune', '09903', 'Homonyme'),
                ('commune', '09904', 'Département Test'), ('commune', '09905', 'Mont-Test')
            ) as t (territory_level, territory_code, name)
        """)
        connection.execute("""
            create table marts.fct_indicator_value as
            from (values
                ('hub_waste_per_head', 'departement', '09', 2021, 0.5, false),
                ('hub_waste_per_head', 'departement', '09', 2022, 0.6, true)
            ) as t (indicator_id, territory_level, territory_code, year, value, is_entered)
        """)
    return path


@pytest.fixture
def published(tmp_path: Path, made: Path) -> Path:
    """A published file, which no test changes, in the home of a test."""
    path = tmp_path / "published" / made.name
    path.parent.mkdir()
    os.link(made, path)
    return path
