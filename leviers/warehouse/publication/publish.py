"""Publication: a read-only copy of the marts with its other files and pages, swapped in at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import duckdb

from ingestion.fault import one_fault
from ingestion.snapshots import sha256_of
from leviers.common.quoting import literal
from leviers.warehouse.checks.check_row import CheckRow
from leviers.warehouse.checks.results import missing_page
from leviers.warehouse.home import DATABASE, SEAL, SLIM, Seal, open_to_readers, published_file
from leviers.warehouse.publication.datapackage import sources_of, used_datasets, write_datapackage
from leviers.warehouse.publication.history import OWN_DOCUMENTATION, Publication, add_missing_pages, write_own_tables
from leviers.warehouse.publication.relations import (
    CONTRACT_VERSION,
    PARQUET,
    PUBLISHED_SCHEMAS,
    STORAGE,
    Documentation,
    Relation,
    bounded_connection,
    in_order_of_keys,
    ordered_rows,
    write_comments,
    write_table,
)
from leviers.warehouse.publication.slim import write_slim
from leviers.warehouse.publication.stand_in import stand_in

INDEX = "index.html"
MACROS = Path(__file__).with_name("macros.sql")
CONTACT_VARIABLE = "LEVIERS_CONTACT"
# The warehouse has a view for each lever. The publication leaves out those of levers that apply nowhere in scope.
COVERAGE_TABLE = ("marts", "fct_lever_coverage")
FACTS_THAT_APPLY_NOWHERE = """
select 'fct_lever_' || lever_id from working.marts.fct_lever_coverage
group by lever_id having sum(territories_expected) = 0
"""


def publish(
    home: Path,
    region: str,
    checks: Iterable[CheckRow],
    documentation: Mapping[str, Documentation],
    reports: Callable[[Path], None] | None = None,
    site: Callable[[Path, Path], Mapping[str, str]] | None = None,
) -> Path:
    """Builds a new publication beside the last one and swaps it in by one rename; returns the DuckDB file.

    ``region`` is the scope, ``documentation`` has the tables to publish, by ``schema.table``. ``reports`` writes a
    folder; ``site`` writes pages of a DuckDB file, and returns the reasons of missing ones. If one of them fails, its
    folder has only a page that says so. Missing pages are among the checks. ``LEVIERS_CONTACT`` names who answers for
    the publication.

    A crash or a power cut at any moment leaves the last publication untouched.
    """
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    name = f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
    contact = os.environ.get(CONTACT_VARIABLE, "").strip() or None
    publication = Publication(name, now, region, CONTRACT_VERSION, contact, _last_publication(home))
    with _building(home / "publications" / f".{name}") as building:
        tables = _write_database(home, building, publication, checks, {**documentation, **OWN_DOCUMENTATION})
        missing: dict[str, str] = {}
        with ThreadPoolExecutor(1) as pool:  # DuckDB writes while Python makes the pages
            copies = pool.submit(_write_copies, building, publication, tables)
            if reports:
                missing |= _write_folder(building / "reports", reports)
            if site:
                missing |= _write_folder(building / "site", lambda folder: site(building / DATABASE, folder))
            copies.result()
        pages = [missing_page(page, why) for page, why in missing.items()]
        if pages:
            with _written(building) as connection:
                add_missing_pages(connection, publication, pages)
            _write_copies(building, publication, tables)
        write_datapackage(building, tables)
        _seal(building, pages)
        os.sync()
        building.replace(building.with_name(name))
    link = home / f".published-{name}"
    link.symlink_to(Path("publications") / name)
    link.replace(home / "published")
    os.sync()
    _remove_old(home, keep={name, publication.previous_id})
    return published_file(home)


@contextmanager
def _building(folder: Path) -> Iterator[Path]:
    """Yields a new folder, which is removed if it is not published."""
    try:
        (folder / PARQUET).mkdir(parents=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _last_publication(home: Path) -> Path | None:
    """Returns the published file; if it was damaged and removed, that of the publication before."""
    files = home.glob(f"publications/[!.]*/{DATABASE}")  # their folders are named after their time
    last = published_file(home)
    return last.resolve() if last.exists() else max(files, default=None)


def _write_database(
    home: Path,
    building: Path,
    publication: Publication,
    checks: Iterable[CheckRow],
    documentation: Mapping[str, Documentation],
) -> list[Relation]:
    """Writes the DuckDB file: the tables and views of the models, the tables about itself, macros and comments."""
    with _written(building) as connection:
        connection.execute(f"attach {literal(home / 'warehouse.duckdb')} as working (read_only)")
        for schema in PUBLISHED_SCHEMAS:
            connection.execute(f"create schema published.{schema}")
        connection.execute("use published")
        for table in in_order_of_keys(_relations(connection, "working", documentation)):
            write_table(connection, table, ordered_rows(table))
        write_own_tables(connection, publication, checks)
        connection.execute(MACROS.read_text(encoding="utf-8"))
        tables = _relations(connection, "published", documentation)
        connection.begin()  # else each comment is written to the disk by itself
        write_comments(connection, "published", tables)
        connection.commit()
    return tables


@contextmanager
def _written(building: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yields a connection that writes the DuckDB file of a publication as its database ``published``."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(building / DATABASE)} as published ({STORAGE})")
        yield connection
        connection.execute("use memory")
        connection.execute("detach published")


def _relations(
    connection: duckdb.DuckDBPyConnection, database: str, documentation: Mapping[str, Documentation]
) -> list[Relation]:
    rows = connection.execute(
        """
        select table_schema, table_name, column_name, data_type
        from information_schema.columns
        where table_catalog = ? and list_contains(?, table_schema)
        order by table_schema, table_name, ordinal_position
        """,
        [database, list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    grouped: dict[tuple[str, str], dict[str, str]] = {}
    for schema, name, column, kind in rows:
        grouped.setdefault((schema, name), {})[column] = kind
    if database == "working" and COVERAGE_TABLE in grouped:
        for (name,) in connection.execute(FACTS_THAT_APPLY_NOWHERE).fetchall():
            grouped.pop(("marts", name), None)
    return [
        Relation(schema, name, columns, documentation[address])
        for (schema, name), columns in grouped.items()
        if (address := f"{schema}.{name}") in documentation
    ]


def _write_copies(building: Path, publication: Publication, tables: list[Relation]) -> None:
    """Writes the slim file, and a Parquet file for each table, which names its edition, licences and sources."""
    write_slim(building, tables)
    with bounded_connection(building) as connection:
        connection.execute(f"attach {literal(building / DATABASE)} as published (read_only)")
        connection.execute("use published")
        used = used_datasets(connection)
        for table in tables:
            sources = sources_of(connection, table, used)
            told = {
                "edition": f"{publication.published_at.isoformat()}Z",
                "publication": publication.publication_id,
                "contract": publication.contract_version,
                "licence": " ; ".join(sorted({source.licence_label for source in sources})),
                "source": " ; ".join(sorted({source.attribution for source in sources})),
                "description": table.documentation.description,
            }
            pairs = ", ".join(f"{key}: {literal(text)}" for key, text in told.items())
            file = building / PARQUET / f"{table.name}.parquet"
            connection.execute(
                f"copy {table.address} to {literal(file)} (format parquet, compression zstd, kv_metadata {{{pairs}}})"
            )


def _write_folder(folder: Path, make: Callable[[Path], Mapping[str, str] | None]) -> dict[str, str]:
    """Writes the pages of a folder. Returns the reason of each missing page, by its path beside the DuckDB file."""
    missing: dict[str, str] = {}

    def leave_empty(why: str) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / INDEX).write_bytes(stand_in(INDEX))
        missing[INDEX] = why

    with one_fault(leave_empty):
        missing |= make(folder) or {}
    return {f"{folder.name}/{name}": why for name, why in missing.items()}


def _seal(building: Path, pages: Collection[CheckRow]) -> None:
    """Writes the hash of each file and the missing pages, and lets a web server read all of it."""
    for file in (DATABASE, SLIM):
        (building / file).chmod(0o444)
    files = {
        path.relative_to(building).as_posix(): (path.stat().st_size, sha256_of(path))
        for path in building.rglob("*")
        if path.is_file()
    }
    missing = {page.subject: page.message for page in pages}
    seal = Seal(sha256=files[DATABASE][1], files=files, missing=missing)
    (building / SEAL).write_text(seal.model_dump_json(indent=1), encoding="utf-8")
    open_to_readers([*building.rglob("*"), building, building.parent])


def _remove_old(home: Path, keep: Collection[str | None]) -> None:
    """Removes all publications but these. A file that a reader has open stays readable until it is closed."""
    for path in (home / "publications").iterdir():
        if path.is_dir() and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)
