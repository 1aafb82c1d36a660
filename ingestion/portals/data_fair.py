"""Portals of the data-fair kind (ADEME, Agence ORE, Enedis).

``mode`` names one of four ways to get a dataset: ``raw`` is the file as uploaded, ``full`` the CSV export, ``lines``
the rows of a query as NDJSON with the keys of the API, ``values_agg`` the counts by group that the server makes, as CSV
with the columns of ``field`` and ``total`` (rows of the group).

The server ignores unknown parameters and says so in ``meta.hints`` of a JSON answer, which is an error here. A filter
must name a field of the dataset, and the rows are checked against it. A name in ``select`` that ends in ``?`` is
optional.

``qs`` may be a list: the rows of all queries go into one file. With ``within``, each query is sent once per further
condition. With ``cursor``, a date of last change, ``lines`` requests the rows changed since the last file. ``interval``
(year) and ``missing`` of ``values_agg`` have one value per field. With ``missing``, the rows without a value are a
group too, and each row must be in a group.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support.checks import check_key, check_rows
from ingestion.portals.support.description import Description, asked_for
from ingestion.portals.support.files import download_file, last_file, last_segment, safe_name, same_file
from ingestion.portals.support.pages import Page, check_goes_on, follow, integer, rows_of, write_pages
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PAGE_SIZE = 10_000
MAX_GROUPS = 1_000
MAX_COMBINED_GROUPS = 100_000
PARAMETERS = (
    "mode", "select", "qs", "within", "size", "key", "cursor", "filters", "field", "agg_size", "interval",
    "missing",
)  # fmt: skip
_FILTER = re.compile(r"(.+)_(eq|neq|in|nin|lt|lte|gt|gte|starts|contains|search|exists|nexists)")


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the file of one dataset; None if ``dataUpdatedAt`` is as in the last edition."""
    mode = parameters.one_of(("raw", "full", "lines", "values_agg"), "mode")
    metadata = http.get_json(parameters.url)
    mark = metadata.get("dataUpdatedAt") or metadata.get("updatedAt")
    target = place(workdir, parameters.file_name or _file_name(parameters.url, mode, metadata))
    if same_file(previous, target.name, mark):
        return None
    if mode in ("raw", "full"):
        url = _download_file(parameters, mode, http, metadata, target)
    elif mode == "lines":
        url = _download_lines(parameters, http, metadata, last_file(previous, target.name), target)
    else:
        url = _download_groups(parameters, http, metadata, target)
    return [Download(path=target, url=url, etag=mark)]


def describe(parameters: Parameters, http: HttpClient) -> list[Description]:
    """Returns the metadata: labels for files, keys for rows of the API. The query of rows or groups is tried."""
    metadata = http.get_json(parameters.url)
    if parameters.text("mode") == "lines":
        url = full_url(_lines_url(parameters), [("size", "1"), *_queries(parameters)[0], *parameters.pairs("filters")])
        answer = _answer(http, url)
        check_goes_on(len(answer["results"]), integer(answer.get("total")), answer.get("next"), url)
    elif parameters.text("mode") == "values_agg":
        _answer(http, _groups_url(parameters, metadata, _queries(parameters)[0], agg_size=1))
    labelled = parameters.text("mode") in ("raw", "full")
    columns = {
        str((labelled and field.get("x-originalName")) or field["key"]): (
            field["format"] if str(field.get("format")).startswith("date") else field.get("type")
        )
        for field in metadata["schema"]
        if not field["key"].startswith("_")
    }
    licence = metadata.get("license") or {}
    description = Description(
        columns=asked_for(columns, parameters.names("select")) if parameters.text("mode") != "values_agg" else {},
        licence=licence.get("title"),
        rows=integer(metadata.get("count")),
        updated=metadata.get("dataUpdatedAt"),
    )
    return [description]


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


def _download_lines(
    parameters: Parameters, http: HttpClient, metadata: dict[str, Any], last: Snapshot | None, target: Path
) -> str:
    if last and parameters.optional("cursor"):
        url = _download_changes(parameters, http, metadata, last.path, target)
        if url:
            return url
    url, rows = _write_lines(parameters, http, metadata, target, parameters.pairs("filters"))
    if rows == 0:
        raise FetchError(f"{url}: no rows")
    if parameters.texts("key"):
        check_key(target, parameters.texts("key"), rows, url)
    return url


def _download_changes(
    parameters: Parameters, http: HttpClient, metadata: dict[str, Any], last: Path, target: Path
) -> str | None:
    """Adds the rows changed since to the last file; None if rows were withdrawn, which have no date of change."""
    cursor, key, filters = parameters.text("cursor"), parameters.required_texts("key"), parameters.pairs("filters")
    since = max((row[cursor] for row in _ndjson(last) if row.get(cursor)), default="")
    url, rows = _write_lines(parameters, http, metadata, target, [*filters, (f"{cursor}_gte", since)])
    changed = {tuple(row[name] for name in key) for row in _ndjson(target)}
    with target.open("ab") as file:
        for row in _ndjson(last):
            if tuple(row[name] for name in key) not in changed:
                file.write(f"{json.dumps(row, ensure_ascii=False)}\n".encode())
                rows += 1
    announced = 0
    for query in _queries(parameters):
        counted = full_url(_lines_url(parameters), [("size", "0"), *query, *filters])
        announced += integer(_answer(http, counted).get("total")) or 0
    check_key(target, key, rows, url)
    return url if rows == announced else None


def _ndjson(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _lines_url(parameters: Parameters) -> str:
    return f"{parameters.url.rstrip('/')}/lines"


def _queries(parameters: Parameters) -> list[list[tuple[str, str]]]:
    """Returns the ``qs`` parameter of each query: each ``qs`` with each condition of ``within``."""
    pairs = product(parameters.texts("qs") or [""], parameters.texts("within") or [""])
    queries = [" AND ".join(part for part in pair if part) for pair in pairs]
    return [[("qs", query)] if query else [] for query in queries]


def _write_lines(
    parameters: Parameters,
    http: HttpClient,
    metadata: dict[str, Any],
    target: Path,
    filters: list[tuple[str, str]],
) -> tuple[str, int]:
    """Writes the rows of all queries; returns the first address and the number of rows."""
    fields = [field["key"] for field in metadata.get("schema", [])]
    filtered = _filtered_fields(parameters, filters, fields)
    columns = _columns(parameters, fields)
    selection = [*columns, *(name for name in filtered if name not in columns)]
    size = parameters.number("size", PAGE_SIZE)
    first_url, rows = "", 0
    with target.open("wb") as file:
        for query in _queries(parameters):
            url = full_url(
                _lines_url(parameters), [("size", str(size)), ("select", ",".join(selection)), *query, *filters]
            )
            first_url = first_url or url
            pages = follow(url, partial(_page, http, filters), where=url)
            rows += write_pages(file, pages, http, where=url, columns=columns)
    return first_url, rows


def _answer(http: HttpClient, url: str) -> dict[str, Any]:
    """Returns a JSON answer to a query that the server followed.

    Raises:
        FetchError: the server says that it ignored a parameter. Its hints on speed are no error.
    """
    answer: dict[str, Any] = http.get_json(url)
    ignored = [hint for hint in (answer.get("meta") or {}).get("hints") or [] if "ignored" in hint]
    if ignored:
        raise FetchError(f"{url}: the query was not followed: {ignored[0]}")
    return answer


def _columns(parameters: Parameters, fields: list[str]) -> list[str]:
    selection = parameters.names("select")
    selected = [name.removesuffix("?") for name in selection if not name.endswith("?") or name[:-1] in fields]
    unknown = [name for name in [*selected, *parameters.texts("key")] if name not in fields]
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
    """Returns a page, and the address in ``next``; a page without rows is the last one."""
    answer = _answer(http, url)
    rows = rows_of(answer, "results", url)
    _check_filters(rows, filters, url)
    return Page(rows, integer(answer.get("total"))), (answer.get("next") or None) if rows else None


def _check_filters(rows: list[dict[str, Any]], filters: list[tuple[str, str]], url: str) -> None:
    for name, value in filters:
        field, _, operator = name.rpartition("_")
        wanted = value.split(",") if operator == "in" else [value]
        values = {_filter_value(row.get(field)) for row in rows}
        if operator in ("eq", "in"):
            wrong = values.difference(wanted)
        elif operator == "starts":
            wrong = {text for text in values if not text.startswith(value)}
        else:
            continue
        if wrong:
            raise FetchError(f"{url}: the filter {name}={value} was not followed, found {sorted(wrong)[0]!r}")


def _filter_value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _download_groups(parameters: Parameters, http: HttpClient, metadata: dict[str, Any], target: Path) -> str:
    fields = parameters.text("field").split(";")
    whole = parameters.optional("missing") is not None
    first_url, groups = "", []
    http.report(0)
    for query in _queries(parameters):
        url = _groups_url(parameters, metadata, query)
        first_url = first_url or url
        groups += flat_groups(_answer(http, url), len(fields), url, whole=whole)
    for level, interval in enumerate((parameters.optional("interval") or "").split(";")):
        if interval in ("year", "quarter", "month", "week", "day"):
            for group in groups:
                # the text is midnight in France with its offset: in UTC it would be the day before
                group[level] = group[level][:10]
    keys = [tuple(group[: len(fields)]) for group in groups]
    if not groups or len(set(keys)) != len(keys):
        raise FetchError(f"{first_url}: {len(keys)} groups, {len(set(keys))} distinct ones")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*fields, "total"])
        writer.writerows(sorted(groups))
    http.report(target.stat().st_size)
    return first_url


def _groups_url(
    parameters: Parameters, metadata: dict[str, Any], query: list[tuple[str, str]], agg_size: int | None = None
) -> str:
    """Returns the address of the groups; ``agg_size`` of each level is by default the most that the server allows."""
    fields = parameters.text("field").split(";")
    field_names = [field["key"] for field in metadata.get("schema", [])]
    unknown = [name for name in fields if field_names and name not in field_names]
    if unknown:
        raise FetchError(f"{parameters.url}: no field {unknown[0]!r}, the dataset has {', '.join(field_names)}")
    filters = parameters.pairs("filters")
    if field_names:
        _filtered_fields(parameters, filters, field_names)
    size = agg_size or min(MAX_GROUPS, int(MAX_COMBINED_GROUPS ** (1 / len(fields))))
    sizes = ";".join([str(size)] * len(fields))
    conditions = [
        ("field", ";".join(fields)),
        ("agg_size", sizes if agg_size else parameters.text("agg_size", sizes)),
        ("size", "0"),
        *((name, value) for name in ("interval", "missing") if (value := parameters.optional(name))),
        *filters,
        *query,
    ]
    return full_url(f"{parameters.url.rstrip('/')}/values_agg", conditions)


def flat_groups(answer: dict[str, Any], depth: int, where: str, *, whole: bool = False) -> list[list[Any]]:
    """Returns a row per innermost group: its values and its number of rows.

    Raises:
        FetchError: there are no groups, rows are in no group at some level (``total_other``), or with ``whole``, the
            groups do not add up to the rows of their level.
    """
    if not isinstance(answer.get("aggs"), list):
        raise FetchError(f"{where}: no groups, found {sorted(answer)}")
    if answer.get("timed_out"):
        raise FetchError(f"{where}: the server ran out of time, the groups are not complete")
    left_out = answer.get("total_other")
    if left_out:
        raise FetchError(f"{where}: {left_out} rows are in none of the groups sent: ask for more or for less at a time")
    counted = sum(group["total"] for group in answer["aggs"])
    if whole and counted != answer["total"]:
        raise FetchError(f"{where}: the groups hold {counted} rows of {answer['total']}")
    if depth == 1:
        return [[str(group["value"]), group["total"]] for group in answer["aggs"]]
    return [
        [str(group["value"]), *inner]
        for group in answer["aggs"]
        for inner in flat_groups(group, depth - 1, where, whole=whole)
    ]
