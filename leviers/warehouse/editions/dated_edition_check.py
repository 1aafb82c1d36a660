"""A check for readers of a dated edition: all of it is hashed and counted again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import duckdb

from ingestion.http import FetchError, HttpClient
from ingestion.snapshots import sha256_of
from leviers.common.places import place
from leviers.common.quoting import literal
from leviers.text.message import Message
from leviers.warehouse.editions.dated_edition import MANIFEST, SUMS, DatedEditionError, read_manifest, totals
from leviers.warehouse.home import DATABASE
from leviers.warehouse.publication.relations import PARQUET

MAX_BYTES = 20_000_000_000
RELATIVE = 1e-9  # sums of the same values in another order differ by less


def download(url: str, folder: Path) -> None:
    """Brings the files of an edition from a web server, over HTTPS or from this machine.

    Raises:
        FetchError: the server lacks one of them, sends without end, or cannot be asked.
    """
    received = 0

    def limit(done: int, total: int | None) -> None:
        if received + max(done, total or 0) > MAX_BYTES:
            raise FetchError(f"{url}: more than the {MAX_BYTES / 1e9:.0f} GB that an edition may have")

    http = HttpClient.of(url, progress=limit)

    def bring(name: str) -> None:
        nonlocal received
        target = place(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        http.download(f"{url.rstrip('/')}/{quote(name)}", target, size_floor=0, pages=True)
        received += target.stat().st_size

    bring(SUMS)
    for name in _sums(folder):
        bring(name)


def differences(folder: Path) -> Iterator[str]:
    """Differences of a dated edition from its own sums: files by their hashes, then the control totals; none if all is
    well.

    Raises:
        DatedEditionError: the folder holds no edition.
    """
    sums = _sums(folder)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name, digest in ({MANIFEST: "", DATABASE: ""} | sums).items():
        if name not in files:
            yield Message("{name}: missing", name=name)
        elif sha256_of(place(folder, name)) != digest:
            yield Message("{name}: altered", name=name)
    for name in sorted(files - {*sums, SUMS}):
        yield Message("{name}: not of this edition", name=name)
    if {MANIFEST, DATABASE} <= files:
        yield from _other_totals(folder)


def _sums(folder: Path) -> dict[str, str]:
    """The hash of each file, by name."""
    file = folder / SUMS
    if not file.is_file():
        raise DatedEditionError(Message("{folder}: no edition here, {file} is missing", folder=folder, file=SUMS))
    lines = [line.partition("  ") for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    return {name: digest for digest, _, name in lines}


def _other_totals(folder: Path) -> Iterator[str]:
    """The control totals of the DuckDB file and of the Parquet files that differ from the manifest."""
    published = read_manifest(folder).totals
    try:
        counted = totals(folder / DATABASE)
        with duckdb.connect() as connection:
            parquet = {
                path.stem: connection.execute(f"select count(*) from {literal(path)}").fetchall()[0][0]
                for path in folder.glob(f"{PARQUET}/*.parquet")
            }
    except duckdb.Error as error:
        yield Message("{name}: cannot be read: {why}", name=DATABASE, why=str(error).partition("\n")[0])
        return
    for table, count in published.rows.items():
        if {counted.rows.get(table), parquet.get(table.partition(".")[2])} != {count}:
            yield Message("{name}: another number of rows", name=table)
    for name, (known, total) in published.values.items():
        known_now, total_now = counted.values.get(name, (0, None))
        if known != known_now or not math.isclose(total or 0, total_now or 0, rel_tol=RELATIVE):
            yield Message("{name}: other values", name=name)
