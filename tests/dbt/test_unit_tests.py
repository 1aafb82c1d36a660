"""The dbt unit tests: all of them run, on the tables of a warehouse, and pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leviers.warehouse.dbt import dbt_manifest, run_dbt
from tests.conftest import Ran

pytestmark = pytest.mark.xdist_group("job")


def test_all_unit_tests_pass(demo: Ran, tmp_path: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home").path
    declared = set(json.loads(dbt_manifest().read_text())["unit_tests"])
    assert len(declared) > 10
    results = run_dbt(home, "76", "test", "--select", "test_type:unit")["results"]
    assert {result["unique_id"]: result["status"] for result in results} == dict.fromkeys(declared, "pass")
