"""A small warehouse in memory: raw tables and marts with impossible names, good by default."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

WAREHOUSE = Path(__file__).with_name("warehouse.sql")


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(WAREHOUSE.read_text(encoding="utf-8"))
    return connection
