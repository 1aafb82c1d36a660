"""Publication: a read-only copy of marts and quality, Parquet, datapackage and report, swapped in at once."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from leviers.project import published_file

PUBLISHED_SCHEMAS = ("marts", "quality")
# The storage format that every DuckDB from 1.1 on opens.
STORAGE_VERSION = "v1.0.0"
KEPT_PUBLICATIONS = 2
# Version of the published tables; docs/contract-changelog.md tells what each one changed.
CONTRACT_VERSION = "1.2.0"
CHECK_RESULTS = "quality.fct_check_result"
CHECK_RESULT_COLUMNS = {
    "checked_at": ("timestamp", "End of the run, UTC."),
    "guard": ("varchar", "What made the check: `dbt` or `great_expectations`."),
    "check_name": ("varchar", "The dbt test, or the type of the expectation."),
    "subject": ("varchar", "The model, or the suite, that was checked."),
    "column_name": ("varchar", "The column; NULL where the check has none."),
    "status": ("varchar", "`passed`, `failed`, or `crashed` where the check itself could not run."),
    "severity": ("varchar", "An `error` blocks the publication, a `warning` is told."),
    "expected": ("varchar", "What the check asks for."),
    "observed": ("varchar", "What it found."),
    "message": ("varchar", "The line that the run says."),
}
CHECK_RESULT_DESCRIPTIONS = {
    CHECK_RESULTS: "One row per check of the run that made this file: every dbt test and every expectation.",
    **{f"{CHECK_RESULTS}.{name}": description for name, (_, description) in CHECK_RESULT_COLUMNS.items()},
}
_FRICTIONLESS_TYPES = {
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
}


@dataclass(frozen=True)
class Table:
    """A table of the published file."""

    schema: str
    name: str
    columns: Mapping[str, str]

    @property
    def address(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"


def publish(
    home: Path, checks: Iterable[Mapping[str, Any]], descriptions: Mapping[str, str], reports: Path | None
) -> Path:
    """Builds a new publication beside the last one and swaps it in by one rename; returns the DuckDB file.

    ``descriptions`` maps ``schema.table`` and ``schema.table.column`` to texts. A crash at any instant leaves the
    last publication untouched; all is on the disk before the swap, so that a power cut does as well.
    """
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
    building = home / "publications" / f".{name}"
    (building / "parquet").mkdir(parents=True)
    descriptions = {**descriptions, **CHECK_RESULT_DESCRIPTIONS}
    tables = _write_database(home / "warehouse.duckdb", building, list(checks), descriptions)
    _write_datapackage(building, tables, descriptions)
    if reports and reports.is_dir():
        shutil.copytree(reports, building / "reports")
    for path in [*building.rglob("*"), building]:
        _flush(path)
    building.replace(building.with_name(name))
    _flush(home / "publications")
    link = home / f".published-{name}"
    link.symlink_to(Path("publications") / name)
    link.replace(home / "published")
    _flush(home)
    _forget_old(home, keep=name)
    return published_file(home)


def _flush(path: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_database(
    warehouse: Path, building: Path, checks: list[Mapping[str, Any]], descriptions: Mapping[str, str]
) -> list[Table]:
    target = building / "leviers.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach {_quoted(warehouse)} as working (read_only)")
        connection.execute(f"attach {_quoted(target)} as published (storage_version '{STORAGE_VERSION}')")
        for schema in PUBLISHED_SCHEMAS:
            connection.execute(f"create schema published.{schema}")
        for table in _tables(connection, "working"):
            connection.execute(f"create table published.{table.address} as from working.{table.address}")
        _write_check_results(connection, checks)
        tables = _tables(connection, "published")
        for table in tables:
            _comment(connection, table, descriptions)
            parquet = _quoted(building / "parquet" / f"{table.name}.parquet")
            connection.execute(f"copy published.{table.address} to {parquet} (format parquet, compression zstd)")
        connection.execute("detach published")
    target.chmod(0o444)
    return tables


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[Table]:
    rows = connection.execute(
        """
        select table_schema, table_name, column_name, data_type
        from information_schema.columns
        where table_catalog = ? and table_schema in ('marts', 'quality')
        order by table_schema, table_name, ordinal_position
        """,
        [database],
    ).fetchall()
    grouped: dict[tuple[str, str], dict[str, str]] = {}
    for schema, name, column, kind in rows:
        grouped.setdefault((schema, name), {})[column] = kind
    return [Table(schema, name, columns) for (schema, name), columns in grouped.items()]


def _write_check_results(connection: duckdb.DuckDBPyConnection, checks: list[Mapping[str, Any]]) -> None:
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in CHECK_RESULT_COLUMNS.items())
    connection.execute(f"create table published.{CHECK_RESULTS} ({columns})")
    if checks:
        marks = ", ".join("?" for _ in CHECK_RESULT_COLUMNS)
        rows = [[check.get(name) for name in CHECK_RESULT_COLUMNS] for check in checks]
        connection.executemany(f"insert into published.{CHECK_RESULTS} values ({marks})", rows)


def _comment(connection: duckdb.DuckDBPyConnection, table: Table, descriptions: Mapping[str, str]) -> None:
    if text := descriptions.get(table.address):
        connection.execute(f"comment on table published.{table.address} is {_quoted(text)}")
    for column in table.columns:
        if text := descriptions.get(f"{table.address}.{column}"):
            connection.execute(f'comment on column published.{table.address}."{column}" is {_quoted(text)}')


def _quoted(text: str | Path) -> str:
    return "'" + str(text).strip().replace("'", "''") + "'"


def _write_datapackage(building: Path, tables: list[Table], descriptions: Mapping[str, str]) -> None:
    """A Frictionless data package: every table with its fields, every dataset with licence and attribution."""
    with duckdb.connect(str(building / "leviers.duckdb"), read_only=True) as connection:
        used = connection.execute(
            """
            select d.dataset_id, d.title, d.licence, d.licence_url, d.attribution, d.homepage
            from marts.dim_dataset as d
            where d.dataset_id in (select dataset_id from marts.dim_snapshot)
            order by d.dataset_id
            """
        ).fetchall()
    content = {
        "profile": "tabular-data-package",
        "name": "leviers",
        "version": CONTRACT_VERSION,
        "title": "Leviers: open warehouse of France's ecological planning",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "licenses": [
            {"name": licence, "path": url} for licence, url in sorted({(row[2], row[3] or "") for row in used})
        ],
        "sources": [
            {"name": row[0], "title": f"{row[1]} ({row[4]})", "path": row[5], "license": row[2]} for row in used
        ],
        "resources": [_resource(table, descriptions) for table in tables],
    }
    (building / "datapackage.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _resource(table: Table, descriptions: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": f"parquet/{table.name}.parquet",
        "format": "parquet",
        "description": descriptions.get(table.address, ""),
        "schema": {
            "fields": [
                {
                    "name": column,
                    "type": _FRICTIONLESS_TYPES.get(kind, "number" if kind.startswith("DECIMAL") else "string"),
                    "description": descriptions.get(f"{table.address}.{column}", ""),
                }
                for column, kind in table.columns.items()
            ]
        },
    }


def _forget_old(home: Path, keep: str) -> None:
    """Keeps the newest publications; what a reader still has open stays readable until it closes it."""
    folders = sorted(path for path in (home / "publications").iterdir() if path.is_dir())
    done = [path for path in folders if not path.name.startswith(".")]
    for path in [*done[:-KEPT_PUBLICATIONS], *(path for path in folders if path.name.startswith("."))]:
        if path.name != keep:
            shutil.rmtree(path, ignore_errors=True)
