"""The data package of a publication (Frictionless): fields, keys, licences and sources of every table."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.snapshots import sha256_of
from leviers.warehouse.home import DATABASE
from leviers.warehouse.publication.relations import CONTRACT_VERSION, DATAPACKAGE, LICENCE_NOTICE, PARQUET, Relation

NO_NAME = re.compile("[^A-Za-z0-9._-]+")  # between the words of a licence
_FRICTIONLESS_TYPES = {
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "DECIMAL(18,6)": "number",
    "DECIMAL(38,6)": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
}


def write_datapackage(building: Path, tables: list[Relation]) -> None:
    """Writes a Frictionless tabular data package: every table with fields, key, licences and sources."""
    with duckdb.connect(str(building / DATABASE), read_only=True) as connection:
        used = used_datasets(connection)
        sources = {table.address: sources_of(connection, table, used) for table in tables}
        unknown = _columns_with_nulls(connection, building / PARQUET)
    content = {
        "profile": "tabular-data-package",
        "name": "leviers",
        "version": CONTRACT_VERSION,
        "title": "Leviers : entrepôt ouvert de la planification écologique de la France",
        "description": LICENCE_NOTICE,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        **_rights(used),
        "resources": [_resource(building, table, sources[table.address], unknown) for table in tables],
    }
    (building / DATAPACKAGE).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


# The datasets with published values. The others are loaded, and their files listed.
USED_DATASETS = """
select dataset_id, title_fr, licence, licence_label_fr, licence_url, attribution, homepage
from marts.dim_dataset
where republish and dataset_id in (select dataset_id from marts.dim_snapshot)
order by dataset_id
"""


@dataclass(frozen=True)
class Source:
    """A dataset that values of a publication come from."""

    dataset_id: str
    title: str
    licence: str
    licence_label: str
    licence_url: str | None
    attribution: str
    homepage: str | None


OWN_LISTS = Source(
    "leviers",
    "Listes tenues par le projet, chaque ligne avec sa source si elle en a une",
    "MIT",
    "MIT",
    "https://opensource.org/license/mit",
    "Leviers",
    None,
)


def used_datasets(connection: duckdb.DuckDBPyConnection) -> list[Source]:
    """Returns the datasets of a published file that have values in it."""
    return [Source(*row) for row in connection.execute(USED_DATASETS).fetchall()]


def sources_of(connection: duckdb.DuckDBPyConnection, table: Relation, used: list[Source]) -> list[Source]:
    """Returns the sources of a table: the datasets in its rows, else those in its lineage in dbt, else the project."""
    names: set[str] = set()
    if "dataset_id" in table.columns:
        rows = connection.execute(f"select distinct dataset_id from {table.address}").fetchall()
        names = {name for (name,) in rows}
    names = names or set(table.documentation.dataset_ids)
    return [source for source in used if source.dataset_id in names] or [OWN_LISTS]


def _rights(sources: list[Source]) -> dict[str, Any]:
    """Returns licences and sources of a package or a resource, without empty lists."""
    licences = sorted({(source.licence, source.licence_label, source.licence_url or "") for source in sources})
    rights = {
        "licenses": [
            {"name": NO_NAME.sub("-", name).strip("-"), "title": label, **({"path": url} if url else {})}
            for name, label, url in licences
        ],
        "sources": [
            {
                "title": f"{source.title} ({source.attribution} ; {source.licence_label} ; {source.dataset_id})",
                **({"path": source.homepage} if source.homepage else {}),
            }
            for source in sources
        ],
    }
    return {name: entries for name, entries in rights.items() if entries}


def _columns_with_nulls(connection: duckdb.DuckDBPyConnection, parquet: Path) -> set[tuple[str, str]]:
    """Returns the tables and columns with a NULL, from the statistics in the Parquet files."""
    rows = connection.execute(
        "select distinct file_name, path_in_schema from parquet_metadata(?) where coalesce(stats_null_count, 1) > 0",
        [f"{glob.escape(str(parquet))}/*.parquet"],
    ).fetchall()
    return {(Path(file).stem, column) for file, column in rows}


def _resource(
    building: Path, table: Relation, sources: list[Source], unknown: Collection[tuple[str, str]]
) -> dict[str, Any]:
    documentation = table.documentation
    certain = {column for column in documentation.key if (table.name, column) not in unknown} | documentation.not_null
    path = f"{PARQUET}/{table.name}.parquet"
    foreign_keys = [
        {"fields": list(key.columns), "reference": {"resource": key.table, "fields": list(key.fields)}}
        for key in documentation.foreign_keys
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path,
        "bytes": (building / path).stat().st_size,
        "hash": f"sha256:{sha256_of(building / path)}",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "title": f"{table.address} : {_title(documentation.description)}",
        "description": documentation.description,
        **_rights(sources),
        "schema": {
            "fields": [
                {
                    "name": column,
                    "title": _title(documentation.columns.get(column, "")),
                    "type": _field_type(kind, column in certain),
                    "description": documentation.columns.get(column, ""),
                    **({"constraints": {"enum": list(enum)}} if (enum := documentation.enums.get(column)) else {}),
                }
                for column, kind in table.columns.items()
            ],
            **({"primaryKey": list(documentation.key)} if documentation.key else {}),
            **({"foreignKeys": foreign_keys} if foreign_keys else {}),
        },
    }


def _title(description: str) -> str:
    """Returns the first sentence of a description."""
    return re.split(r"\.(?: |$)", description, maxsplit=1)[0]


def _field_type(kind: str, is_certain: bool) -> str:
    """Returns the Frictionless type. An integer that may be NULL is a number, since readers make it a float column."""
    if kind.startswith("DECIMAL"):
        return "number"
    type_name = _FRICTIONLESS_TYPES.get(kind, "string")
    return "number" if type_name == "integer" and not is_certain else type_name
