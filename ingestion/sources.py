"""dlt resources built from the catalogue: one per raw table, from Arrow through Parquet."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dlt
import duckdb
import pyarrow as pa
from dlt.common.destination.client import SqlModel
from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials
from dlt.extract import DltResource

from ingestion.catalog import Dataset, Table, load_catalog
from ingestion.fault import one_fault
from ingestion.readers import ReadReport, arrow_schema, plain_queries, read_table
from ingestion.snapshots import Edition
from leviers.common.disk import is_full_disk
from leviers.common.interrupt import is_interrupted, stop_if_interrupted

# DuckDB would use more memory without saving time; each thread holds a row group of the widest table
WRITER_MEMORY = "1GB"
WRITER_THREADS = 4

_LOG = logging.getLogger(__name__)

# The names of dlt, which DuckDB accepts too.
DLT_TYPES: dict[pa.DataType, Any] = {
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "bool",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
    pa.string(): "text",
}


@dataclass
class LoadResult:
    """The result of a load for a dataset: a report per raw table, or the reason of the refusal.

    ``replaced``: the raw tables have a new content.
    """

    dataset_id: str
    reports: dict[str, ReadReport] = field(default_factory=dict)
    error: str | None = None
    replaced: bool = False

    def refuse(self, why: str) -> None:
        """Notes why the edition cannot be loaded."""
        self.error = why

    @property
    def warnings(self) -> list[str]:
        """A line per fact to know."""
        return [warning for report in self.reports.values() for warning in report.warnings]


def _resource(
    dataset: Dataset, table: Table, edition: Edition, reports: dict[str, ReadReport], plain: bool
) -> DltResource:
    """Yields the rows of a raw table of an edition. Reading them fills the report of the table in ``reports``.

    With ``plain``, the warehouse itself runs a query on a table whose files are all large plain CSV.
    """
    name = dataset.table_name(table)
    report = reports[name] = ReadReport()
    schema = arrow_schema(table)
    queries = plain_queries(dataset, table, list(edition.snapshots), report) if plain else []

    def rows() -> Iterator[Any]:
        if queries:
            yield from _models(queries)
            return
        yield schema.empty_table()
        yield from read_table(dataset, table, list(edition.snapshots), report)

    resource: DltResource = dlt.resource(  # type: ignore[call-overload]
        rows,
        name=name,
        primary_key=table.primary_key or None,
        write_disposition="replace",
        file_format="model" if queries else "parquet",
        parallelized=not queries,
        columns=[{"name": f.name, "data_type": DLT_TYPES[f.type], "nullable": f.nullable} for f in schema],
        schema_contract={"tables": "evolve", "columns": "evolve", "data_type": "freeze"},
    )
    return resource


def _models(queries: list[str]) -> Iterator[Any]:
    """Yields the queries as dlt models, which the warehouse runs as ``insert into ... select``."""
    with TemporaryDirectory(prefix="leviers-model-") as scratch:
        for i, query in enumerate(queries):
            path = Path(scratch) / f"{i}.model"
            path.write_text(str(SqlModel.from_query_string(query, "duckdb")), encoding="utf-8")
            yield dlt.mark.with_file_import(str(path), "model")


def pipeline(home: Path, schema_name: str) -> dlt.Pipeline:
    """Returns the dlt pipeline that writes one raw schema of the working file, without remains of earlier runs.

    The package of a run that died is dropped, since the snapshots can be loaded again. Loaded packages are dropped too:
    dlt keeps them with all their rows.
    """
    credentials = DuckDbCredentials(
        str(home / "warehouse.duckdb"),
        global_config={
            "memory_limit": WRITER_MEMORY,
            "threads": min(WRITER_THREADS, os.cpu_count() or 1),
            "preserve_insertion_order": False,
        },
    )
    run = dlt.pipeline(
        pipeline_name=schema_name,
        pipelines_dir=str(home / "dlt"),
        destination=dlt.destinations.duckdb(credentials),
        dataset_name=schema_name,
    )
    run.abort_packages()
    for package in Path(run.working_dir, "load", "loaded").glob("*"):
        shutil.rmtree(package)
    return run


@dataclass(frozen=True)
class Extraction:
    """Editions of one producer that dlt has read and written beside the warehouse, ready to be loaded."""

    run: dlt.Pipeline
    editions: list[Edition]
    results: dict[str, LoadResult]


def extract_editions(
    home: Path,
    schema_name: str,
    editions: list[Edition],
    catalog: Mapping[str, Dataset] | None = None,
    *,
    plain: bool = True,
) -> Extraction:
    """Reads editions of one producer; a refused dataset does not stop the others.

    Each file is hashed first, and refused if it was altered in the store.
    """
    catalog = catalog or load_catalog()
    run = pipeline(home, schema_name)
    results: dict[str, LoadResult] = {}
    for edition in editions:
        stop_if_interrupted()  # the thread that was stopped may wait for this one
        result = results[edition.dataset_id] = LoadResult(edition.dataset_id)
        with one_fault(result.refuse):
            if damage := edition.set_aside_damaged():
                result.refuse(f"{edition.dataset_id}: {damage}")
                continue
            dataset = catalog[edition.dataset_id]
            run.extract([_resource(dataset, table, edition, result.reports, plain) for table in dataset.tables])
            result.replaced = True
    return Extraction(run, editions, results)


def load_extraction(
    home: Path, extraction: Extraction, catalog: Mapping[str, Dataset] | None = None
) -> dict[str, LoadResult]:
    """Loads an extraction into the warehouse in one dlt run; if that fails, loads each dataset by itself."""
    catalog = catalog or load_catalog()
    try:
        return _load(home, extraction, catalog)
    except Exception as error:
        if is_full_disk(error) or is_interrupted(error):
            raise
        _LOG.info("%s is loaded dataset by dataset: %s", extraction.run.dataset_name, error)
    schema_name = extraction.run.dataset_name
    return {edition.dataset_id: _load_alone(home, schema_name, edition, catalog) for edition in extraction.editions}


def _load_alone(home: Path, schema_name: str, edition: Edition, catalog: Mapping[str, Dataset]) -> LoadResult:
    """Reads an edition row by row, since the warehouse may have failed at a value that the reader sets aside."""
    results = [LoadResult(edition.dataset_id)]
    with one_fault(lambda why: results[-1].refuse(why)):  # noqa: PLW0108 - the last one at that time
        extraction = extract_editions(home, schema_name, [edition], catalog, plain=False)
        results += extraction.results.values()
        _load(home, extraction, catalog)
    results[-1].replaced = True
    return results[-1]


def _load(home: Path, extraction: Extraction, catalog: Mapping[str, Dataset]) -> dict[str, LoadResult]:
    run, results = extraction.run, extraction.results
    queried = [
        (run.dataset_name, catalog[name].table_name(table), table.row_floor, report)
        for name, result in results.items()
        for table in catalog[name].tables
        if result.replaced and (report := result.reports[catalog[name].table_name(table)]).queried
    ]
    if any(result.replaced for result in results.values()):
        run.normalize()
        run.load(raise_on_failed_jobs=True)
    if queried:
        _count(home / "warehouse.duckdb", queried)
    return results


def _count(warehouse: Path, queried: list[tuple[str, str, int, ReadReport]]) -> None:
    """Fills the reports of the tables that the warehouse has read itself, by counting their rows."""
    with duckdb.connect(str(warehouse)) as connection:
        for schema_name, name, row_floor, report in queried:
            query = f"select count(*) from {schema_name}.{name} group by snapshot_id"
            counts = [count for (count,) in connection.execute(query).fetchall()]
            if min(counts, default=0) < row_floor:
                raise ValueError(f"{name}: {min(counts, default=0)} rows in a file")
            report.received = report.loaded = sum(counts)


def create_missing_tables(warehouse: Path, loaded: Collection[str]) -> None:
    """Creates empty raw tables for the datasets that are not in ``loaded``.

    An absent dataset has tables without rows, with the columns of its record.
    """
    with duckdb.connect(str(warehouse)) as connection:
        for dataset in load_catalog().values():
            connection.execute(f"create schema if not exists {dataset.schema_name}")
            for table in dataset.tables if dataset.dataset_id not in loaded else []:
                columns = ", ".join(f'"{f.name}" {DLT_TYPES[f.type]}' for f in arrow_schema(table))
                address = f"{dataset.schema_name}.{dataset.table_name(table)}"
                connection.execute(f"create or replace table {address} ({columns})")
