"""Tables about the warehouse itself: datasets, loads, files, rows set aside. They are loaded like a source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dlt
import pyarrow as pa

from ingestion.catalog import load_catalog
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from ingestion.sources import DLT_TYPES, pipeline
from ingestion.state import DatasetState

SCHEMA_NAME = "raw_leviers"

DATASET = "dataset"  # follows from the catalogue alone: a load does not change it
EDITION_YEAR = "edition_year"  # changes for loaded datasets only, whose models are built again anyway
LOAD_TABLES = ("dataset_load", "snapshot", "quarantined_row")
TABLES = {
    DATASET: (
        "dataset_id", "producer", "title", "title_fr", "licence", "licence_basis", "licence_url", "share_alike",
        "attribution", "homepage", "grain", "cadence", "status", "verified", "verified_note", "verified_note_fr",
        "absent_means", "lineage", "republish", "cog_year",
    ),
    EDITION_YEAR: ("dataset_id", "indicator_id", "year", "counted", "members", "value_sum"),
    "dataset_load": ("dataset_id", "loaded_rows", "quarantined_rows", "warnings"),
    "snapshot": (
        "snapshot_id", "dataset_id", "file_name", "url", "origin", "sha256", "bytes", "retrieved_at", "vintage",
    ),
    "quarantined_row": (
        "dataset_id", "snapshot_id", "table_name", "row_number", "column_name", "value", "reason", "row_count",
    ),
}  # fmt: skip
DESCRIPTIONS = {
    DATASET: "The catalogue: one row per dataset.",
    EDITION_YEAR: "One row per indicator and year of the edition before, to compare the present one with.",
    "dataset_load": "One row per dataset: rows loaded, rows set aside, warnings.",
    "snapshot": "One row per file that is loaded: address, hash, time, size, vintage.",
    "quarantined_row": "Rows that could not be read, with their number and the reason.",
}
TYPES = {  # for the columns that are no text
    **dict.fromkeys(("share_alike", "verified", "republish"), pa.bool_()),
    **dict.fromkeys(("cog_year", "year", "members", "loaded_rows", "quarantined_rows"), pa.int64()),
    **dict.fromkeys(("bytes", "row_number", "row_count"), pa.int64()),
    "value_sum": pa.float64(),
}


def loaded_datasets(states: Mapping[str, DatasetState]) -> set[str]:
    """Returns the datasets whose raw tables hold rows."""
    return {name for name, state in states.items() if state.has_data}


def load_operations(options: Options, states: Mapping[str, DatasetState]) -> None:
    """Writes the tables from the catalogue and the states of all its datasets."""
    store = SnapshotStore(options.home)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for name, dataset in load_catalog().items():
        state = states[name]
        years_before = state.edition_before.years if state.edition_before else ()
        rows[DATASET].append(dataset.model_dump(include=set(TABLES[DATASET])))
        rows[EDITION_YEAR] += [{"dataset_id": name, **year.model_dump()} for year in years_before]
        rows["dataset_load"].append(
            {
                "dataset_id": name,
                "loaded_rows": state.rows_loaded,
                "quarantined_rows": state.rows_set_aside,
                "warnings": "; ".join(state.warnings) or None,
            }
        )
        rows["quarantined_row"] += [set_aside.model_dump() for set_aside in state.quarantined]
        for snapshot in store.edition_of(dataset, state.last_good.files).snapshots if state.last_good else ():
            rows["snapshot"].append({column: getattr(snapshot, column) for column in TABLES["snapshot"]})
    run = pipeline(options.home, SCHEMA_NAME)
    run.run([_resource(name, rows[name]) for name in TABLES], loader_file_format="parquet")


def _resource(name: str, rows: list[dict[str, Any]]) -> Any:
    schema = pa.schema([(column, TYPES.get(column, pa.string())) for column in TABLES[name]])
    table = pa.Table.from_pylist(rows, schema=schema)
    return dlt.resource(
        [table],
        name=name,
        write_disposition="replace",
        columns=[{"name": field.name, "data_type": DLT_TYPES[field.type]} for field in schema],
    )
