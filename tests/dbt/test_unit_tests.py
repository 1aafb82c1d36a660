"""The dbt unit tests: all that the files hold run, on the tables of a warehouse, and pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from leviers.warehouse.dbt import dbt_manifest, run_dbt
from leviers.warehouse.project import DBT_DIR
from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("job")


def test_all_unit_tests_pass(demo: FinishedRun, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home").path
    declared = json.loads(dbt_manifest().read_text())["unit_tests"]
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) or {} for path in (DBT_DIR / "models").rglob("*.yml")]
    written = [(test["model"], test["name"]) for file in files for test in file.get("unit_tests", [])]
    assert sorted((test["model"], test["name"]) for test in declared.values()) == sorted(written)
    results = run_dbt(home, "76", "test", "--select", "test_type:unit")
    assert {result["unique_id"]: result["status"] for result in results} == dict.fromkeys(declared, "pass")
