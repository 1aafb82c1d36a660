"""The tables of the warehouse that tell of itself: datasets, loads, files, rows set aside. Loaded like any source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import dlt
import pyarrow as pa

from ingestion.catalog import load_catalog
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from ingestion.sources import DLT_TYPES, pipeline
from ingestion.state import DatasetState, EditionYear

SCHEMA_NAME = "raw_leviers"

DATASET = pa.schema(
    [
        ("dataset_id", pa.string()),
        ("producer", pa.string()),
        ("title", pa.string()),
        ("title_fr", pa.string()),
        ("licence", pa.string()),
        ("licence_basis", pa.string()),
        ("licence_url", pa.string()),
        ("share_alike", pa.bool_()),
        ("attribution", pa.string()),
        ("homepage", pa.string()),
        ("grain", pa.string()),
        ("grain_fr", pa.string()),
        ("cadence", pa.string()),
        ("status", pa.string()),
        ("retired_since", pa.date32()),
        ("retired_evidence", pa.string()),
        ("retired_evidence_fr", pa.string()),
        ("verified", pa.bool_()),
        ("verified_note", pa.string()),
        ("verified_note_fr", pa.string()),
        ("absent_means", pa.string()),
        ("lineage", pa.string()),
        ("republish", pa.bool_()),
        ("cog_year", pa.int64()),
    ]
)
DATASET_LOAD = pa.schema(
    [
        ("dataset_id", pa.string()),
        ("loaded_rows", pa.int64()),
        ("quarantined_rows", pa.int64()),
        ("warnings", pa.string()),
    ]
)
SNAPSHOT = pa.schema(
    [
        ("snapshot_id", pa.string()),
        ("dataset_id", pa.string()),
        ("file_name", pa.string()),
        ("url", pa.string()),
        ("origin", pa.string()),
        ("sha256", pa.string()),
        ("bytes", pa.int64()),
        ("retrieved_at", pa.string()),
        ("vintage", pa.string()),
    ]
)
QUARANTINED_ROW = pa.schema(
    [
        ("dataset_id", pa.string()),
        ("snapshot_id", pa.string()),
        ("table_name", pa.string()),
        ("row_number", pa.int64()),
        ("column_name", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("row_count", pa.int64()),
    ]
)
EDITION_YEAR = pa.schema(
    [
        ("dataset_id", pa.string()),
        ("indicator_id", pa.string()),
        ("year", pa.int64()),
        ("counted", pa.string()),
        ("members", pa.int64()),
        ("value_sum", pa.float64()),
    ]
)
CATALOG_TABLE = "dataset"  # follows from the catalogue alone: a load leaves it as it is
EDITION_TABLE = "edition_year"  # changes for the datasets that are loaded, whose models are built again anyway
LOAD_TABLES: Mapping[str, pa.Schema] = {
    "dataset_load": DATASET_LOAD,
    "snapshot": SNAPSHOT,
    "quarantined_row": QUARANTINED_ROW,
}
TABLES: Mapping[str, pa.Schema] = {CATALOG_TABLE: DATASET, EDITION_TABLE: EDITION_YEAR, **LOAD_TABLES}

YEARS_OF_EDITIONS = """
select dataset_id, indicator_id, year, counted, members_noted as members, value_sum_noted as value_sum
from intermediate.int_indicator_years_compared
where members_noted is not null
order by dataset_id, indicator_id, year
"""


def loaded_datasets(states: Mapping[str, DatasetState]) -> set[str]:
    """The datasets of which the raw tables hold rows."""
    return {name for name, state in states.items() if state.has_data}


def load_operations(options: Options, states: Mapping[str, DatasetState]) -> None:
    """Writes the tables from the catalogue and the states of all its datasets."""
    store = SnapshotStore(options.home)
    datasets: list[dict[str, Any]] = []
    loads: list[dict[str, Any]] = []
    snapshots: list[dict[str, Any]] = []
    quarantined: list[dict[str, Any]] = []
    years: list[dict[str, Any]] = []
    for dataset in load_catalog().values():
        state = states[dataset.dataset_id]
        datasets.append({name: getattr(dataset, name) for name in DATASET.names})
        loads.append(
            {
                "dataset_id": dataset.dataset_id,
                "loaded_rows": state.rows_loaded,
                "quarantined_rows": state.rows_set_aside,
                "warnings": "; ".join(state.warnings) or None,
            }
        )
        quarantined += [rows.model_dump() for rows in state.quarantined]
        years += [{"dataset_id": dataset.dataset_id, **year.model_dump()} for year in state.years_before]
        if state.last_good:
            edition = store.edition_of(dataset, state.last_good.files)
            snapshots += [{name: getattr(snapshot, name) for name in SNAPSHOT.names} for snapshot in edition.snapshots]
    rows = {
        CATALOG_TABLE: datasets,
        EDITION_TABLE: years,
        "dataset_load": loads,
        "snapshot": snapshots,
        "quarantined_row": quarantined,
    }
    run = pipeline(options.home, SCHEMA_NAME)
    run.abort_packages()
    run.run([_resource(name, rows[name]) for name in TABLES], loader_file_format="parquet")


def note_years(options: Options, states: Mapping[str, DatasetState]) -> None:
    """Notes with each loaded edition what it holds by indicator and year, for the next one to be held against."""
    import duckdb

    with duckdb.connect(str(options.warehouse), read_only=True) as connection:
        rows = connection.execute(YEARS_OF_EDITIONS).fetchall()
    years: dict[str, tuple[EditionYear, ...]] = defaultdict(tuple)
    for dataset_id, *year in rows:
        years[dataset_id] += (EditionYear.model_validate(dict(zip(EditionYear.model_fields, year, strict=True))),)
    store = SnapshotStore(options.home)
    for name, state in states.items():
        last = state.last_good
        if last and state.loaded == last.edition_id and last.years != years[name]:
            state.accepted[-1] = last.model_copy(update={"years": years[name]})
            store.save_state(name, state)


def _resource(name: str, rows: list[dict[str, Any]]) -> Any:
    schema = TABLES[name]
    table = pa.Table.from_pylist(rows, schema=schema)
    return dlt.resource(
        [table],
        name=name,
        write_disposition="replace",
        columns=[{"name": field.name, "data_type": DLT_TYPES[field.type]} for field in schema],
    )
