"""Portals of the data-fair kind (ADEME, Agence ORE, Enedis).

Four ways to get a dataset, by ``mode``: ``raw`` is the file as uploaded, ``full`` the CSV export, ``lines`` the rows
of a query as NDJSON with the keys of the API, ``values_agg`` counts or a metric by group, made on the server, as CSV
with the columns of ``field``, ``total`` (rows of the group) and ``metric``.

The server ignores parameters that it does not know: a filter must name a field of the dataset, and the rows are
looked at for it. ``qs`` may be a list: one query after the other into one file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingestion.catalog import Dataset
from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support import (
    Description,
    Page,
    Parameters,
    check_key,
    check_rows,
    fetched,
    integer,
    last_segment,
    safe_name,
    same_file,
    write_pages,
)
from ingestion.snapshots import Snapshot

PAGE_SIZE = 10_000
MAX_GROUPS = 1_000
_PARAMETERS = (
    "mode", "select", "qs", "size", "key", "filters", "field", "metric", "metric_field", "agg_size",
)  # fmt: skip
_FILTER = re.compile(r"(.+)_(eq|neq|in|nin|lt|lte|gt|gte|starts|contains|search|exists|nexists)")


def fetch(dataset: Dataset, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """The file of one dataset; None when ``dataUpdatedAt`` is that of the last edition."""
    parameters = Parameters(dataset, *_PARAMETERS)
    mode = parameters.text("mode")
    if mode not in ("raw", "full", "lines", "values_agg"):
        raise FetchError(f"{dataset.dataset_id}: fetch.params: mode {mode!r} is none of raw, full, lines, values_agg")
    metadata = http.get_json(parameters.url)
    mark = metadata.get("dataUpdatedAt") or metadata.get("updatedAt")
    target = workdir / (parameters.file_name or _file_name(parameters.url, mode, metadata))
    if same_file(previous, target.name, mark):
        return None
    if mode in ("raw", "full"):
        url = _download_file(parameters, mode, http, metadata, target)
    elif mode == "lines":
        url = _download_lines(parameters, http, metadata, target)
    else:
        url = _download_groups(parameters, http, metadata, target)
    return [Download(path=target, file_name=target.name, url=url, etag=mark)]


def describe(dataset: Dataset, http: HttpClient) -> Description:
    """What the metadata say; labels for the files, keys for the rows of the API."""
    parameters = Parameters(dataset, *_PARAMETERS)
    metadata = http.get_json(parameters.url)
    labelled = parameters.text("mode") in ("raw", "full")
    columns = {
        str((labelled and field.get("x-originalName")) or field["key"]): _type(field)
        for field in metadata.get("schema", [])
        if not field["key"].startswith("_")
    }
    licence = metadata.get("license") or {}
    return Description(
        columns=columns if parameters.text("mode") != "values_agg" else {},
        licence=licence.get("title"),
        rows=integer(metadata.get("count")),
        updated=metadata.get("dataUpdatedAt"),
    )


def _type(field: dict[str, Any]) -> str | None:
    return field.get("format") if str(field.get("format", "")).startswith("date") else field.get("type")


def _file_name(url: str, mode: str, metadata: dict[str, Any]) -> str:
    original = metadata.get("originalFile") or {}
    if mode == "raw" and original.get("name"):
        return safe_name(original["name"])
    return last_segment(url) + (".ndjson" if mode == "lines" else ".csv")


def _download_file(parameters: Parameters, mode: str, http: HttpClient, metadata: dict[str, Any], target: Path) -> str:
    url = f"{parameters.url.rstrip('/')}/{mode}"
    download = fetched(http, url, target, size_floor=parameters.size_floor)
    if mode == "full":
        check_rows(target, "csv", integer(metadata.get("count")), url)
    announced = integer((metadata.get("originalFile") or {}).get("size")) if mode == "raw" else None
    if announced is not None and target.stat().st_size != announced:
        raise FetchError(f"{url}: {target.stat().st_size} bytes received, {announced} announced")
    return download.url


def _download_lines(parameters: Parameters, http: HttpClient, metadata: dict[str, Any], target: Path) -> str:
    filters = parameters.pairs("filters")
    fields = [field["key"] for field in metadata.get("schema", [])]
    filtered = _filtered_fields(parameters, filters, fields)
    columns = _columns(parameters, fields)
    asked = [*columns, *(name for name in filtered if name not in columns)]
    size = parameters.number("size", PAGE_SIZE)
    lines_url = f"{parameters.url.rstrip('/')}/lines"
    first_url, rows = "", 0
    with target.open("wb") as file:
        for query in parameters.texts("qs") or [""]:
            query_params = [("size", str(size)), ("select", ",".join(asked)), *([("qs", query)] if query else [])]
            url = full_url(lines_url, [*query_params, *filters])
            first_url = first_url or url
            pages = _pages(http, url, filters)
            rows += write_pages(file, pages, where=url, columns=columns, report=http.report)
    if rows == 0:
        raise FetchError(f"{first_url}: no rows")
    key = parameters.texts("key")
    if key:
        check_key(target, key, rows, first_url)
    return first_url


def _columns(parameters: Parameters, fields: list[str]) -> list[str]:
    selected = parameters.names("select")
    unknown = [name for name in [*selected, *parameters.texts("key")] if name not in fields]
    if unknown:
        raise FetchError(f"{parameters.url}: no field {unknown[0]!r}, the dataset has {', '.join(fields)}")
    return selected or [name for name in fields if not name.startswith("_")]


def _filtered_fields(parameters: Parameters, filters: list[tuple[str, str]], fields: list[str]) -> list[str]:
    """The fields that the filters name.

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


def _pages(http: HttpClient, url: str | None, filters: list[tuple[str, str]]) -> Iterator[Page]:
    """Follows ``next`` as it is given, until it is not or a page is empty."""
    visited: set[str] = set()
    while url:
        if url in visited:
            raise FetchError(f"{url}: the link to the next page leads back to a page that was read")
        visited.add(url)
        answer = http.get_json(url)
        rows = answer.get("results")
        if not isinstance(rows, list):
            raise FetchError(f"{url}: no list of results, found {sorted(answer)}")
        _check_filters(rows, filters, url)
        yield Page(rows, integer(answer.get("total")))
        url = answer.get("next") if rows else None


def _check_filters(rows: list[dict[str, Any]], filters: list[tuple[str, str]], url: str) -> None:
    for name, value in filters:
        field, _, operator = name.rpartition("_")
        wanted = value.split(",") if operator == "in" else [value]
        found = {_text(row.get(field)) for row in rows}
        if operator in ("eq", "in"):
            wrong = found.difference(wanted)
        elif operator == "starts":
            wrong = {text for text in found if not text.startswith(value)}
        else:
            continue
        if wrong:
            raise FetchError(f"{url}: the filter {name}={value} was not followed, found {sorted(wrong)[0]!r}")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _download_groups(parameters: Parameters, http: HttpClient, metadata: dict[str, Any], target: Path) -> str:
    fields = parameters.text("field").split(";")
    metric, metric_field = parameters.optional("metric"), parameters.optional("metric_field")
    known = [field["key"] for field in metadata.get("schema", [])]
    unknown = [name for name in [*fields, *([metric_field] if metric_field else [])] if known and name not in known]
    if unknown:
        raise FetchError(f"{parameters.url}: no field {unknown[0]!r}, the dataset has {', '.join(known)}")
    query_params = [
        ("field", ";".join(fields)),
        ("agg_size", parameters.text("agg_size", ";".join([str(MAX_GROUPS)] * len(fields)))),
        ("size", "0"),
        *([("metric", metric)] if metric else []),
        *([("metric_field", metric_field)] if metric_field else []),
    ]
    first_url, groups = "", []
    for query in parameters.texts("qs") or [""]:
        url = full_url(f"{parameters.url.rstrip('/')}/values_agg", [*query_params, *([("qs", query)] if query else [])])
        first_url = first_url or url
        groups += flat_groups(http.get_json(url), len(fields), url)
        http.report(len(groups))
    keys = [tuple(group[: len(fields)]) for group in groups]
    if not groups or len(set(keys)) != len(keys):
        raise FetchError(f"{first_url}: {len(keys)} groups, {len(set(keys))} distinct ones")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*fields, "total", *(["metric"] if metric else [])])
        writer.writerows(group if metric else group[:-1] for group in sorted(groups, key=lambda g: g[: len(fields)]))
    return first_url


def flat_groups(answer: dict[str, Any], depth: int, where: str) -> list[list[Any]]:
    """One row per innermost group: its values, its number of rows, its metric.

    Raises:
        FetchError: no groups, or rows left out of them at any level (``total_other``).
    """
    if not isinstance(answer.get("aggs"), list):
        raise FetchError(f"{where}: no groups, found {sorted(answer)}")
    if answer.get("timed_out"):
        raise FetchError(f"{where}: the server ran out of time, the groups are not complete")
    left_out = answer.get("total_other")
    if left_out:
        raise FetchError(f"{where}: {left_out} rows are in none of the groups sent: ask for more or for less at a time")
    if depth == 1:
        return [[str(group["value"]), group["total"], group.get("metric")] for group in answer["aggs"]]
    return [[str(group["value"]), *inner] for group in answer["aggs"] for inner in flat_groups(group, depth - 1, where)]
