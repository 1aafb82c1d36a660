"""INSEE Melodi: the observations of a dataset as NDJSON, with dimensions, measures and attributes as columns.

A missing value is a measure without ``value``. If an answer is the only page, it has neither ``isLast`` nor ``next``.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support.description import SAMPLE_ROWS, Description, described_by_rows
from ingestion.portals.support.files import last_segment
from ingestion.portals.support.pages import Page, check_goes_on, follow, integer, rows_of, write_ndjson
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PAGE_SIZE = 10_000
PARAMETERS = ("filters", "size")


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the file ``DS.ndjson``. The API has no version mark, so it is downloaded each time."""
    filters = parameters.pairs("filters")
    size = str(parameters.number("size", PAGE_SIZE))
    url = full_url(parameters.url, [*filters, ("maxResult", size), ("totalCount", "true"), ("page", "1")])
    target = place(workdir, parameters.file_name or f"{last_segment(parameters.url)}.ndjson")
    pages = follow(url, partial(_page, http, filters, int(size)), where=url)
    write_ndjson(target, pages, http, where=url)
    return [Download(path=target, url=url)]


def describe(parameters: Parameters, http: HttpClient) -> list[Description]:
    """Returns the first observations."""
    query = [*parameters.pairs("filters"), ("maxResult", str(SAMPLE_ROWS)), ("totalCount", "true"), ("page", "1")]
    answer = http.get_json(full_url(parameters.url, query))
    rows, paging = [flat(observation) for observation in answer["observations"]], answer.get("paging") or {}
    check_goes_on(len(rows), integer(paging.get("count")), paging.get("next"), parameters.url)
    return [described_by_rows(rows, parameters.url)]


def flat(observation: dict[str, Any]) -> dict[str, Any]:
    """Returns the row of an observation; a measure that is an object becomes its ``value``."""
    measures = {
        name: measure.get("value") if isinstance(measure, dict) else measure
        for name, measure in (observation.get("measures") or {}).items()
    }
    return {**(observation.get("dimensions") or {}), **measures, **(observation.get("attributes") or {})}


def _page(http: HttpClient, filters: list[tuple[str, str]], size: int, url: str) -> tuple[Page, str | None]:
    """Returns a page, and ``paging.next``; ``paging.count`` is the number of all observations."""
    answer = http.get_json(url)
    paging = answer.get("paging") or {}
    rows = [flat(observation) for observation in rows_of(answer, "observations", url)]
    _check_filters(rows, filters, url)
    count, is_last, following = integer(paging.get("count")), paging.get("isLast"), paging.get("next") or None
    if is_last is False and not following:
        raise FetchError(f"{url}: the page is not the last one and has no link to the next")
    if is_last is None and not following and count is None and len(rows) >= size:
        raise FetchError(f"{url}: {size} observations were asked for and came: nothing tells whether there are more")
    return Page(rows, count), None if is_last else following


def _check_filters(rows: list[dict[str, Any]], filters: list[tuple[str, str]], url: str) -> None:
    """Checks the rows against the filters. A filter names a code, or a part of a territory code.

    ``COM`` and ``COM-31555`` are parts of ``2025-COM-31555``. Of ``2025-REG-76*COM``, the part after the star counts.
    """
    wanted: dict[str, set[str]] = {}
    for name, value in filters:
        wanted.setdefault(name, set()).add(value.rpartition("*")[2])
    for name, values in wanted.items():
        if rows and name not in rows[0]:
            raise FetchError(f"{url}: no dimension {name!r}, found {', '.join(rows[0])}")
        codes = {str(row.get(name)) for row in rows}
        wrong = {code for code in codes if not any(f"-{value}-" in f"-{code}-" for value in values)}
        if wrong:
            raise FetchError(f"{url}: the filter on {name} was not followed, found {sorted(wrong)[0]!r}")
