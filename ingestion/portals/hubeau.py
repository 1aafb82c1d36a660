"""Hub'Eau: one NDJSON file per year, one query per departement, since a query returns at most 20 000 rows.

A record may name years that are not published yet: the newest years are left out until they are complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from ingestion.catalog import Dataset
from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support.files import last_segment
from ingestion.portals.support.pages import Page, Row, follow, integer, rows_of, write_ndjson
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PAGE_SIZE = 5_000
MAX_DEPTH = 20_000
PARAMETERS = ("years", "departements", "fields")
_MORE_PAGES = 206


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the published years. The API has no version mark, so they are downloaded each time."""
    fields = parameters.names("fields")
    downloads: list[Download] = []
    answered: list[set[str]] = []
    for year in sorted(parameters.required_texts("years")):
        target = place(workdir, f"{last_segment(parameters.url)}_{year}.ndjson")
        answered.append(set())
        write_ndjson(target, _pages(parameters, http, year, answered[-1]), columns=fields)
        url = full_url(parameters.url, {"annee": year})
        downloads.append(Download(path=target, url=url, vintage=year))
    _leave_unpublished(parameters.dataset, http, downloads, answered)
    for download, departements in zip(downloads, answered, strict=True):
        if not departements:
            raise FetchError(f"{download.url}: no rows in any departement")
    return downloads


def _pages(parameters: Parameters, http: HttpClient, year: str, answered: set[str]) -> Iterator[list[Row]]:
    """Yields the pages of a year, departement by departement; those with rows are added to ``answered``."""
    for departement in parameters.required_texts("departements"):
        query = _query(parameters, year, departement)
        where = full_url(parameters.url, query)
        for rows in follow(1, partial(_page, http, parameters.url, query, where), where=where):
            if rows:
                answered.add(departement)
            yield rows


def _leave_unpublished(dataset: Dataset, http: HttpClient, downloads: list[Download], answered: list[set[str]]) -> None:
    """Drops the newest years without rows; if an absent row means zero, also those that lack a departement."""
    while len(downloads) > 1:
        absent = sorted(answered[-2] - answered[-1])
        if answered[-1] and not (absent and dataset.absent_means == "zero"):
            return
        where = f"in {', '.join(absent)}" if answered[-1] else "in any departement"
        http.notes.append(f"{dataset.dataset_id}: {downloads[-1].vintage} has no rows {where}: it is left out")
        downloads.pop().path.unlink()
        answered.pop()


def _query(parameters: Parameters, year: str, departement: str) -> dict[str, str | int]:
    query: dict[str, str | int] = {"annee": year, "code_departement": departement, "size": PAGE_SIZE}
    return query | {"fields": ",".join(parameters.names("fields"))}


def _page(http: HttpClient, url: str, query: dict[str, str | int], where: str, number: int) -> tuple[Page, int | None]:
    """Returns a page by its number; HTTP 206 means that another page follows."""
    if number * int(query["size"]) > MAX_DEPTH:
        raise FetchError(f"{where}: page {number} is beyond {MAX_DEPTH} rows, ask for less at a time")
    status, answer = http.ask("GET", url, params=query | {"page": number})
    rows, count = rows_of(answer, "data", where), integer(answer.get("count"))
    if count is not None and count > MAX_DEPTH:
        raise FetchError(f"{where}: {count} rows, no more than {MAX_DEPTH} can be had: ask for less at a time")
    _check(rows, query, where)
    return Page(rows, count), number + 1 if status == _MORE_PAGES else None


def _check(rows: list[dict[str, Any]], query: dict[str, str | int], where: str) -> None:
    for field in ("annee", "code_departement"):
        wrong = {str(row[field]) for row in rows if field in row} - {str(query[field])}
        if wrong:
            raise FetchError(f"{where}: {field} {query[field]} was asked for, found {sorted(wrong)[0]}")
