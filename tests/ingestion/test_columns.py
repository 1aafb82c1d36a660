"""A raw table follows its record when a version of the project gives it a column."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingestion import readers
from ingestion.catalog import Dataset
from ingestion.snapshots import SnapshotStore
from ingestion.sources import extract_editions, load_extraction
from tests.ingestion.helpers import record


def widened(dataset: Dataset) -> Dataset:
    """The record with a column more."""
    described = dataset.model_dump()
    described["tables"][0]["columns"]["town"] = {"type": "text"}
    return Dataset.model_validate(described)


@pytest.mark.parametrize("plain_bytes", [0, readers.PLAIN_BYTES], ids=["by the warehouse", "by the reader"])
def test_a_table_that_was_loaded_gains_the_column_of_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain_bytes: int
) -> None:
    monkeypatch.setattr(readers, "PLAIN_BYTES", plain_bytes)
    dataset = record("plain_file", "https://example.org/sites.csv")
    (table,) = dataset.tables
    (column,) = table.columns
    path = tmp_path / "sites.csv"
    path.write_text(f"{column},town\nA,Seul-Bourg\n")
    store = SnapshotStore(tmp_path / "home")
    snapshot = store.add(dataset, path, file_name=path.name, origin="mirror")
    for each in (dataset, widened(dataset)):
        edition = store.edition(each, [snapshot])
        catalog = {each.dataset_id: each}
        extraction = extract_editions(tmp_path / "home", each.schema_name, [edition], catalog)
        result = load_extraction(tmp_path / "home", extraction, catalog)[each.dataset_id]
        assert result.error is None
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb"), read_only=True) as connection:
        address = f"{dataset.schema_name}.{dataset.table_name(table)}"
        assert connection.execute(f"select {column}, town from {address}").fetchall() == [("A", "Seul-Bourg")]
