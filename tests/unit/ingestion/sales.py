"""A table of sales per departement: its record, a good file of it, and a file as a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingestion.catalog import Dataset
from ingestion.snapshots import Snapshot, SnapshotStore
from tests.ingestion.helpers import minimal

GOOD = "DEP;ANNEE;Quantité (t)\n1;2019;12.5\n2A;2019;3\n31;2019;1000\n"
COLUMNS = {
    "departement_code": {"type": "departement", "aliases": ["DEP"]},
    "year": {"type": "integer", "aliases": ["ANNEE"]},
    "quantity": {"type": "number", "aliases": ["Quantité (t)"]},
}
LAYOUT = {"name": "semicolons", "format": "csv", "separator": ";"}


def dataset(**table: Any) -> Dataset:
    described = {"description": "A table of the tests.", "primary_key": ["departement_code", "year"]}
    layouts = [LAYOUT | layout for layout in table.pop("layouts", [LAYOUT])]
    return minimal(dataset_id="test_sales", tables=[described | {"columns": COLUMNS, "layouts": layouts} | table])


def snapshot(record: Dataset, folder: Path, content: bytes | str, name: str = "sales.csv") -> Snapshot:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return SnapshotStore(folder / "home").add(record, path, file_name=name, origin="mirror")
