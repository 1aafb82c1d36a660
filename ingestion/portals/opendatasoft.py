"""Portals of the Opendatasoft kind, Explore API v2.1 (ODRE, GRDF): whole exports, shapes left out.

The portal may overwrite a dataset at each edition and keep frozen copies, the ``editions``. The names of all files then
end with the date of their edition, as the ids of the copies do (``-311225``). With ``year_field`` there is one file per
year since ``first_year``; a file that was made ``settled_after`` years after its year is not downloaded again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support.checks import check_rows
from ingestion.portals.support.files import (
    changed,
    download_file,
    download_unless_same,
    last_file,
    last_segment,
    unchanged_file,
)
from ingestion.portals.support.pages import integer
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PARAMETERS = ("format", "select", "editions", "year_field", "first_year", "settled_after")
_CSV_SEPARATOR = ";"
_EDITION = re.compile(r"\(au (\d{2})/(\d{2})/(\d{4})\)")


@dataclass(frozen=True)
class _Export:
    """A file of the edition: its address, the filter of its rows, and their number if it is announced."""

    url: str
    name: str
    select: list[str]
    where: str | None
    rows: int | None
    mark: str | None
    vintage: str | None


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the exports of one dataset; None if ``data_processed`` of all is as in the last edition."""
    kind = parameters.one_of(("csv", "json"), "format", "csv")
    exports: Iterator[_Export | Snapshot]
    if parameters.optional("year_field"):
        exports = _yearly(parameters, kind, http, previous)
    else:
        exports = _editions(parameters, kind, http)
    downloads: dict[str, Download] = {}
    for export in exports:
        if isinstance(export, Snapshot):
            downloads[export.file_name] = unchanged_file(export)
        elif export.name not in downloads:
            download = partial(_download, export, kind, http, place(workdir, export.name), parameters.size_floor)
            downloads[export.name] = download_unless_same(previous, export.name, export.mark, download)
    return changed(list(downloads.values()), previous)


def edition_of(title: str) -> str | None:
    """Returns the date that a title carries, as in "(au 31/07/2026)", in ISO format; None without one."""
    match = _EDITION.search(title)
    return f"{match[3]}-{match[2]}-{match[1]}" if match else None


def _editions(parameters: Parameters, kind: str, http: HttpClient) -> Iterator[_Export | Snapshot]:
    """Yields the dataset, then its frozen copies, with the columns that a copy has."""
    siblings = parameters.url.rstrip("/").rpartition("/")[0]
    copies = [f"{siblings}/{copy}" for copy in parameters.texts("editions")]
    for url in [parameters.url, *copies]:
        is_copy = url != parameters.url
        metadata = http.get_json(url)
        default = _default(metadata, url)
        vintage = edition_of(default.get("title") or "")
        name = parameters.file_name or f"{last_segment(url)}.{kind}"
        if copies and not is_copy:
            name = _dated_name(url, vintage, kind)
        selected, fields = parameters.names("select"), [field["name"] for field in metadata.get("fields", [])]
        yield _Export(
            url=url,
            name=name,
            select=[column for column in selected if column in fields] if is_copy else selected or _plain(metadata),
            where=None,
            rows=integer(default.get("records_count")),
            mark=_mark(default),
            vintage=vintage,
        )


def _yearly(
    parameters: Parameters, kind: str, http: HttpClient, previous: list[Snapshot]
) -> Iterator[_Export | Snapshot]:
    """Yields a file per year with rows, until the year in which the portal processed the data."""
    metadata = http.get_json(parameters.url)
    mark = _mark(_default(metadata, parameters.url))
    if mark is None or not mark[:4].isdigit():
        raise FetchError(f"{parameters.url}: no date of the data in the metadata, found {mark!r}")
    field = parameters.text("year_field")
    for year in range(parameters.number("first_year", 0), int(mark[:4]) + 1):
        name = f"{last_segment(parameters.url)}-{year}.{kind}"
        stored = last_file(previous, name)
        if stored and (stored.etag == mark or _is_settled(stored, year, parameters)):
            yield stored
            continue
        where = f"{field} >= date'{year}-01-01' and {field} < date'{year + 1}-01-01'"
        counted = http.get_json(full_url(f"{parameters.url.rstrip('/')}/records", [("limit", "1"), ("where", where)]))
        rows = integer(counted.get("total_count"))
        if rows:
            select = parameters.names("select") or _plain(metadata)
            yield _Export(parameters.url, name, select, where, rows, mark, str(year))


def _is_settled(stored: Snapshot, year: int, parameters: Parameters) -> bool:
    years = parameters.number("settled_after", 0)
    return bool(years and stored.etag and int(stored.etag[:4]) >= year + years)


def _download(export: _Export, kind: str, http: HttpClient, target: Path, size_floor: int) -> Download:
    url = full_url(f"{export.url.rstrip('/')}/exports/{kind}", _query(export, kind))
    download = download_file(http, url, target, size_floor=size_floor)
    check_rows(target, kind, export.rows, url, _CSV_SEPARATOR)
    return Download(path=target, url=download.url, vintage=export.vintage, etag=export.mark)


def _dated_name(url: str, vintage: str | None, kind: str) -> str:
    if vintage is None:
        raise FetchError(f"{url}: the title bears no date of edition, as in (au 31/12/2025)")
    year, month, day = vintage.split("-")
    return f"{last_segment(url)}-{day}{month}{year[2:]}.{kind}"


def _default(metadata: dict[str, Any], url: str) -> dict[str, Any]:
    default = (metadata.get("metas") or {}).get("default")
    if not isinstance(default, dict):
        raise FetchError(f"{url}: no metas.default in the metadata, found {sorted(metadata)}")
    return default


def _mark(default: dict[str, Any]) -> str | None:
    return default.get("data_processed") or default.get("modified")


def _plain(metadata: dict[str, Any]) -> list[str]:
    """Returns the columns without the shapes; empty if the dataset has no shapes."""
    fields = metadata.get("fields", [])
    plain = [field["name"] for field in fields if field.get("type") != "geo_shape"]
    return plain if len(plain) < len(fields) else []


def _query(export: _Export, kind: str) -> list[tuple[str, str]]:
    return [
        ("limit", "-1"),
        ("timezone", "UTC"),
        *([("delimiter", _CSV_SEPARATOR), ("use_labels", "false")] if kind == "csv" else []),
        *([("select", ",".join(export.select))] if export.select else []),
        *([("where", export.where)] if export.where else []),
    ]
