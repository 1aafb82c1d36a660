"""Portals of the data-fair kind (ADEME, Agence ORE, Enedis).

``mode`` names one of three ways to get a dataset: ``raw`` is the file as uploaded, ``full`` the CSV export, ``lines``
the rows of a query as NDJSON with the keys of the API.

The server ignores unknown parameters and says so in ``meta.hints`` of a JSON answer, which is an error here. A filter
must name a field of the dataset, and the rows are checked against it. A name in ``select`` that ends in ``?`` is
optional.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support.checks import check_rows
from ingestion.portals.support.files import download_file, last_segment, safe_name, same_file
from ingestion.portals.support.pages import Page, follow, integer, rows_of, write_ndjson
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PAGE_SIZE = 10_000
PARAMETERS = ("mode", "select", "filters")
_FILTER = re.compile(r"(.+)_(eq|in)")


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the file of one dataset; None if ``dataUpdatedAt`` is as in the last edition."""
    mode = parameters.one_of(("raw", "full", "lines"), "mode")
    metadata = http.get_json(parameters.url)
    mark = metadata.get("dataUpdatedAt") or metadata.get("updatedAt")
    target = place(workdir, parameters.file_name or _file_name(parameters.url, mode, metadata))
    if same_file(previous, target.name, mark):
        return None
    if mode == "lines":
        url = _download_lines(parameters, http, metadata, target)
    else:
        url = _download_file(parameters, mode, http, metadata, target)
    return [Download(path=target, url=url, etag=mark)]


def _file_name(url: str, mode: str, metadata: dict[str, Any]) -> str:
    original = metadata.get("originalFile") or {}
    if mode == "raw" and original.get("name"):
        return safe_name(original["name"])
    return last_segment(url) + (".ndjson" if mode == "lines" else ".csv")


def _download_file(parameters: Parameters, mode: str, http: HttpClient, metadata: dict[str, Any], target: Path) -> str:
    url = f"{parameters.url.rstrip('/')}/{mode}"
    download = download_file(http, url, target, size_floor=parameters.size_floor)
    if mode == "full":
        check_rows(target, "csv", integer(metadata.get("count")), url)
    announced = integer((metadata.get("originalFile") or {}).get("size")) if mode == "raw" else None
    if announced is not None and target.stat().st_size != announced:
        raise FetchError(f"{url}: {target.stat().st_size} bytes received, {announced} announced")
    return download.url


def _download_lines(parameters: Parameters, http: HttpClient, metadata: dict[str, Any], target: Path) -> str:
    fields = [field["key"] for field in metadata.get("schema", [])]
    columns, filters = _columns(parameters, fields), parameters.pairs("filters")
    filtered = _filtered_fields(parameters, filters, fields)
    selection = [*columns, *(name for name in filtered if name not in columns)]
    asked = [("size", str(PAGE_SIZE)), ("select", ",".join(selection)), *filters]
    url = full_url(f"{parameters.url.rstrip('/')}/lines", asked)
    if not write_ndjson(target, follow(url, partial(_page, http, filters), where=url), columns=columns):
        raise FetchError(f"{url}: no rows")
    return url


def _columns(parameters: Parameters, fields: list[str]) -> list[str]:
    selection = parameters.names("select")
    selected = [name.removesuffix("?") for name in selection if not name.endswith("?") or name[:-1] in fields]
    unknown = [name for name in selected if name not in fields]
    if unknown:
        raise FetchError(f"{parameters.url}: no field {unknown[0]!r}, the dataset has {', '.join(fields)}")
    return selected or [name for name in fields if not name.startswith("_")]


def _filtered_fields(parameters: Parameters, filters: list[tuple[str, str]], fields: list[str]) -> list[str]:
    """Returns the fields that the filters name.

    Raises:
        FetchError: a filter is not of the form ``field_op``: the server would ignore it.
    """
    names = []
    for name, _ in filters:
        match = _FILTER.fullmatch(name)
        if match is None or match[1] not in fields:
            raise FetchError(f"{parameters.url}: the filter {name!r} names no field and operator of the dataset")
        names.append(match[1])
    return names


def _page(http: HttpClient, filters: list[tuple[str, str]], url: str) -> tuple[Page, str | None]:
    """Returns a page, and the address in ``next``; a page without rows is the last one.

    Raises:
        FetchError: the server says that it ignored a parameter, or did not follow a filter. Its hints on speed are no
            error.
    """
    answer = http.get_json(url)
    ignored = [hint for hint in (answer.get("meta") or {}).get("hints") or [] if "ignored" in hint]
    if ignored:
        raise FetchError(f"{url}: the query was not followed: {ignored[0]}")
    rows = rows_of(answer, "results", url)
    for name, value in filters:
        field, _, operator = name.rpartition("_")
        wanted = value.split(",") if operator == "in" else [value]
        if wrong := {str(row.get(field)) for row in rows}.difference(wanted):
            raise FetchError(f"{url}: the filter {name}={value} was not followed, found {sorted(wrong)[0]!r}")
    return Page(rows, integer(answer.get("total"))), (answer.get("next") or None) if rows else None
