"""Publication: a read-only copy of the marts with its other files and pages, swapped in at once."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from uuid import uuid4

import duckdb

from ingestion.fault import one_fault
from ingestion.snapshots import sha256_of
from leviers.common.quoting import literal
from leviers.warehouse.checks.check_row import CheckRow
from leviers.warehouse.checks.results import missing_page
from leviers.warehouse.home import DATABASE, SEAL, SLIM, Seal, open_to_readers, published_file
from leviers.warehouse.publication.datapackage import write_datapackage
from leviers.warehouse.publication.documentation import describe
from leviers.warehouse.publication.history import (
    CHECK_RESULTS,
    CHECKS_IN_FRENCH,
    OWN_TABLES,
    PUBLICATIONS,
    PUBLICATIONS_IN_FRENCH,
    Publication,
    add_missing_pages,
    write_own_tables,
)
from leviers.warehouse.publication.relations import (
    CONTRACT_VERSION,
    PARQUET,
    PUBLISHED_SCHEMAS,
    STORAGE_VERSION,
    WRITERS,
    Documentation,
    Relation,
    bounded_connection,
    ordered_rows,
    write_comments,
)
from leviers.warehouse.publication.slim import write_slim
from leviers.warehouse.publication.stand_in import stand_in

FLUSHED_AT_ONCE = 8  # files that are flushed in parallel
INDEX = "index.html"
MACROS = Path(__file__).with_name("macros.sql")
CONTACT_VARIABLE = "LEVIERS_CONTACT"
PART_COLUMN = "indicator_id"  # in a long table, only the rows with changed values of this column are written again
# The content of a table: its columns with their types, then the number of rows and a hash of each part.
Content = tuple[tuple[tuple[str, str], ...], frozenset[tuple[str | None, int, int]]]
EMPTY_CONTENT: Content = (), frozenset()
UNDOCUMENTED = Documentation("")
OWN_DOCUMENTATION = {
    table.address: Documentation(*describe(table.name, table.columns), key=table.key, is_star=table.is_star)
    for table in OWN_TABLES
}


@dataclass(frozen=True)
class Draft:
    """A publication being written: its folder, its views, and the tables that are unchanged since the last one."""

    building: Path
    publication: Publication
    views: Mapping[str, str]
    unchanged: set[str]


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
    begun: Draft | None = None,
) -> Path:
    """Builds a new publication beside the last one and swaps it in by one rename; returns the DuckDB file.

    ``region`` is the scope of the marts, ``documentation`` is by ``schema.table``, ``begun`` is a draft to complete.
    ``reports`` writes a folder. ``site`` writes the pages into a folder with the last pages, and returns the reasons of
    missing pages. If one of the two fails, its folder has only a page that says so. Missing pages are among the checks.
    ``LEVIERS_CONTACT`` names the body that answers for the publication.

    Tables with unchanged content are not written again. A crash or a power cut at any moment leaves the last
    publication untouched.
    """
    begun = begun or draft(home, region)
    building, publication = begun.building, begun.publication
    name = publication.publication_id
    tables = _complete_file(begun, checks, {**documentation, **OWN_DOCUMENTATION})
    missing: dict[str, str] = {}
    with ThreadPoolExecutor(1) as pool:  # DuckDB writes while Python makes the pages
        writers = [pool.submit(_write_parquet, begun, tables), pool.submit(write_slim, building, tables)]
        if reports:
            missing |= _write_folder(building / "reports", reports)
        if site:
            if (last := home / "published" / "site").is_dir():
                shutil.copytree(last, building / "site", copy_function=os.link)
            missing |= _write_folder(building / "site", lambda folder: site(building / DATABASE, folder))
        for writer in writers:
            writer.result()
    pages = [missing_page(name, why) for name, why in missing.items()]
    if pages:
        _note_missing(building, publication, pages)
        write_slim(building, tables)
    write_datapackage(building, tables)
    for file in (DATABASE, SLIM):
        (building / file).chmod(0o444)
    lines = {page.subject: (page.message, page.sentence.french) for page in pages}
    files = {
        path.relative_to(building).as_posix(): (path.stat().st_size, sha256_of(path))
        for path in building.rglob("*")
        if path.is_file()
    }
    seal = Seal(sha256=files[DATABASE][1], files=files, missing=lines)
    (building / SEAL).write_text(seal.model_dump_json(indent=1), encoding="utf-8")
    paths = [*building.rglob("*"), building, building.parent]
    open_to_readers(paths)
    # Hard links to files of an older publication are on the disk already.
    with ThreadPoolExecutor(FLUSHED_AT_ONCE) as pool:
        list(pool.map(_flush, [path for path in paths if path.is_dir() or path.stat().st_nlink == 1]))
    building.replace(building.with_name(name))
    _flush(building.parent)
    link = home / f".published-{name}"
    link.symlink_to(Path("publications") / name)
    link.replace(home / "published")
    _flush(home)
    _remove_old(home, keep={name, publication.previous_id})
    return published_file(home)


def _last_publication(home: Path) -> Path | None:
    """Returns the published file; if it was damaged and removed, the newest earlier file that can be read.

    The name of a publication begins with its date.
    """
    if (last := published_file(home)).exists():
        return last.resolve()
    for file in sorted(home.glob(f"publications/[!.]*/{DATABASE}"), key=lambda file: file.parent.name, reverse=True):
        with suppress(duckdb.Error):
            read_through(file)
            return file
    return None


def read_through(published: Path) -> None:
    """Reads all rows of a published file, if it exists.

    Raises:
        duckdb.Error: the file is damaged.
    """
    if published.exists():
        with duckdb.connect() as connection:
            connection.execute(f"attach {literal(published)} as published (read_only, type duckdb)")
            _contents(connection, "published")


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


def _note_missing(building: Path, publication: Publication, missing: Collection[CheckRow]) -> None:
    """Adds the missing pages to the checks, in the DuckDB file and in Parquet."""
    with _written(building) as connection:
        add_missing_pages(connection, publication, missing)
        connection.execute("use published")
        for table in (CHECK_RESULTS, PUBLICATIONS, CHECKS_IN_FRENCH, PUBLICATIONS_IN_FRENCH):
            _copy_to_parquet(connection, f"from {table.address}", building / PARQUET / f"{table.name}.parquet")


def _flush(path: Path) -> None:
    """Flushes a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def draft(home: Path, region: str) -> Draft:
    """Begins a publication: copies the last one and writes the changed tables of the models into the copy.

    It needs no checks, so it can run while the models are tested. A caller that does not publish it removes it.
    """
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    name = f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
    contact = os.environ.get(CONTACT_VARIABLE, "").strip() or None
    publication = Publication(name, now, region, CONTRACT_VERSION, contact, _last_publication(home))
    building = home / "publications" / f".{name}"
    (building / PARQUET).mkdir(parents=True)
    if publication.previous:
        shutil.copyfile(publication.previous, building / DATABASE)
    with _written(building) as connection:
        connection.execute(f"attach {literal(home / 'warehouse.duckdb')} as working (read_only)")
        for schema in PUBLISHED_SCHEMAS:
            connection.execute(f"create schema if not exists published.{schema}")
        views = _views(connection, "working")
        unchanged = _drop_changed(connection, views)
        for table in _tables(connection, "working", {}):
            if table.address not in unchanged and table.address not in views:
                connection.execute(
                    f"create table if not exists published.{table.address} as from working.{table.address}"
                )
    return Draft(building, publication, views, unchanged)


@contextmanager
def removing_drafts(home: Path) -> Iterator[None]:
    """Removes each draft that was not published, even if the run is stopped."""
    try:
        yield
    finally:
        for building in home.glob("publications/.*"):
            shutil.rmtree(building, ignore_errors=True)


def _complete_file(
    begun: Draft, checks: Iterable[CheckRow], documentation: Mapping[str, Documentation]
) -> list[Relation]:
    """Adds the tables about the publication, the views and the comments to the DuckDB file."""
    with _written(begun.building) as connection:
        write_own_tables(connection, begun.publication, checks)
        connection.execute("use published")
        for address, definition in begun.views.items():
            if address not in begun.unchanged:
                connection.execute(definition)
        connection.execute(MACROS.read_text(encoding="utf-8"))
        tables = _tables(connection, "published", documentation)
        connection.begin()  # else each comment is written to the disk by itself
        write_comments(connection, "published", tables, begun.views)
        connection.commit()
    return tables


@contextmanager
def _written(building: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yields a connection that writes the DuckDB file of a publication as its database ``published``."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(building / DATABASE)} as published (storage_version '{STORAGE_VERSION}')")
        yield connection
        connection.execute("use memory")
        connection.execute("detach published")


def _write_parquet(begun: Draft, tables: list[Relation]) -> None:
    """Writes a Parquet file for each table and view; an unchanged file is a link to that of the last publication."""
    building, previous = begun.building, begun.publication.previous

    def write(table: Relation) -> None:
        file = building / PARQUET / f"{table.name}.parquet"
        if previous and table.address in begun.unchanged and (last := previous.parent / PARQUET / file.name).is_file():
            os.link(last, file)
        else:
            _copy_to_parquet(connection.cursor(), ordered_rows(table), file)

    with bounded_connection(building) as connection, ThreadPoolExecutor(WRITERS) as pool:
        connection.execute(f"attach {literal(building / DATABASE)} as published (read_only)")
        list(pool.map(write, tables))


def _drop_changed(connection: duckdb.DuckDBPyConnection, views: Mapping[str, str]) -> set[str]:
    """Drops the tables and views of ``published`` that differ in ``working``; returns the unchanged ones.

    In a long table, only the parts that differ are written again. A view is unchanged if its definition and all tables
    that it reads are.
    """
    before, working = _contents(connection, "published"), _contents(connection, "working")
    unchanged = {address for address, content in before.items() if working.get(address) == content}
    views_before = _views(connection, "published")
    readable = {*working, *views, *OWN_DOCUMENTATION}
    for address, definition in views_before.items():
        if views.get(address) == definition and _named_in(definition, readable) - {address} <= unchanged:
            unchanged.add(address)
    for address in views_before.keys() - unchanged:
        connection.execute(f"drop view published.{address}")
    for address in before.keys() - unchanged:
        if not _rewrite_parts(connection, address, before[address], working.get(address, EMPTY_CONTENT)):
            connection.execute(f"drop table published.{address}")
    connection.execute("checkpoint published")  # frees the space of dropped tables for new ones
    return unchanged


def _rewrite_parts(connection: duckdb.DuckDBPyConnection, address: str, before: Content, working: Content) -> bool:
    """Writes the differing parts of a table of ``published`` again, if they are few; returns whether they are."""
    stale = list({part for part, *_ in before[1] ^ working[1]})
    are_few = before[0] == working[0] and None not in stale and 2 * len(stale) < len(working[1])
    if are_few:
        rows = f"where list_contains(?, {PART_COLUMN})"
        connection.execute(f"delete from published.{address} {rows}", [stale])
        connection.execute(f"insert into published.{address} from working.{address} {rows}", [stale])
    return are_few


def _contents(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, Content]:
    """Returns the content of each table, by ``schema.table``."""
    part_and_content = "select {} as part, count(*), sum(cast(hash(one_row) as hugeint)) from {} as one_row group by 1"
    views = _views(connection, database)
    contents: dict[str, Content] = {}
    for table in _tables(connection, database, {}):
        if table.address not in views:
            part = PART_COLUMN if PART_COLUMN in table.columns else "null"
            parts = connection.execute(part_and_content.format(part, f"{database}.{table.address}")).fetchall()
            contents[table.address] = tuple(table.columns.items()), frozenset(parts)
    return contents


def _tables(
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
        Relation(schema, name, columns, documentation.get(f"{schema}.{name}", UNDOCUMENTED))
        for (schema, name), columns in grouped.items()
    ]


def _views(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, str]:
    """Returns the definitions of the published views, by address, each after the views that it reads.

    DuckDB stores a definition without the name of the database, so it is valid in any file.
    """
    addresses = {table.address for table in _tables(connection, database, {})}
    views = connection.execute(
        "select schema_name || '.' || view_name, sql from duckdb_views() where database_name = ? order by all",
        [database],
    ).fetchall()
    definitions = {address: sql for address, sql in views if address in addresses}
    read = {address: _named_in(sql, definitions) - {address} for address, sql in definitions.items()}
    return {address: definitions[address] for address in TopologicalSorter(read).static_order()}


def _named_in(sql: str, addresses: Collection[str]) -> set[str]:
    """Returns the members of ``addresses`` that a definition names."""
    return {name for name in re.findall(r"(?=\b(\w+\.\w+)\b)", sql) if name in addresses}


def _copy_to_parquet(connection: duckdb.DuckDBPyConnection, rows: str, file: Path) -> None:
    connection.execute(f"copy ({rows}) to {literal(file)} (format parquet, compression zstd)")


def _remove_old(home: Path, keep: Collection[str | None]) -> None:
    """Removes all publications but these. A file that a reader has open stays readable until it is closed."""
    for path in (home / "publications").iterdir():
        if path.is_dir() and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)
