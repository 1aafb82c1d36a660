from __future__ import annotations

from pathlib import Path

import pytest

from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.project import DEFAULT_REGION


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home without data, where dbt has parsed the project: what Dagster needs to show it."""
    home = tmp_path_factory.mktemp("parsed")
    dbt_manifest(home, DEFAULT_REGION)
    return home
