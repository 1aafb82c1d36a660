"""Grist: the CSV of public tables. Personal columns are dropped before the file is stored."""

from __future__ import annotations

import csv
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

from ingestion.http import Download, FetchError, HttpClient
from ingestion.portals.support.files import download_file
from ingestion.portals.support.parameters import Parameters, addresses
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PARAMETERS = ("drop", "files")


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads a file per table. Grist has no version mark, so they are downloaded each time."""
    patterns, dropped = parameters.texts("drop"), list[str]()
    downloads: list[Download] = []
    for url, name in _tables(parameters):
        target = place(workdir, name)
        with TemporaryDirectory(dir=workdir) as scratch:
            received = download_file(http, url, Path(scratch) / name, size_floor=parameters.size_floor)
            try:
                dropped += drop_columns(received.path, target, patterns, url)
            except (UnicodeDecodeError, csv.Error) as error:
                raise FetchError(f"{url}: no CSV in UTF-8: {error}") from error
        downloads.append(Download(path=target, url=url))
    try:
        _check_dropped(parameters, dropped)
    except FetchError:
        for download in downloads:
            download.path.unlink()
        raise
    return downloads


def drop_columns(source: Path, target: Path, patterns: list[str], where: str) -> list[str]:
    """Copies a CSV without the columns that match a pattern, and returns the dropped columns.

    Raises:
        FetchError: the file has no header, or a row has another number of cells.
    """
    with (
        source.open(encoding="utf-8-sig", newline="") as received,
        target.open("w", encoding="utf-8", newline="") as file,
    ):
        rows = csv.reader(received)
        header = next(rows, [])
        if not header:
            raise FetchError(f"{where}: an empty table")
        positions = [i for i, name in enumerate(header) if not any(fnmatch(name, pattern) for pattern in patterns)]
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([header[i] for i in positions])
        for row in rows:
            if len(row) != len(header):
                raise FetchError(f"{where}: line {rows.line_num}: {len(row)} cells, the header has {len(header)}")
            writer.writerow([row[i] for i in positions])
    return [name for i, name in enumerate(header) if i not in positions]


def _check_dropped(parameters: Parameters, names: list[str]) -> None:
    for pattern in sorted(parameters.texts("drop")):
        if not any(fnmatch(name, pattern) for name in names):
            raise FetchError(f"{parameters.url}: no column {pattern!r} to drop: has a personal column a new name?")


def _tables(parameters: Parameters) -> list[tuple[str, str]]:
    table = parse_qs(urlsplit(parameters.url).query).get("tableId", ["table"])[0]
    return addresses(parameters) or [(parameters.url, parameters.file_name or f"{table}.csv")]
