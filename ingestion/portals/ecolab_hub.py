"""The State's indicator hub on data.gouv.fr: datasets found by their tags, one CSV per territorial level.

Only the files that a table of the record claims by their name, ``<slug>__<level>.csv``, are brought: the hub has more
than a hundred indicators, and a file by commune may have millions of rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingestion.catalog import Dataset
from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.data_gouv import download_resource, mark_of, resource_url
from ingestion.portals.support import Description, Parameters, changed, csv_columns, integer, kept, same_file
from ingestion.snapshots import Snapshot

PAGE_SIZE = 100
_PARAMETERS = ("organization", "tag", "levels", "levers", "datasets")
_EXTRAS = "ecospheres-indicateurs"
_LEVER_TAG = "ecospheres-indicateurs-levier-"


def fetch(dataset: Dataset, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """A file ``<slug>__<level>.csv`` per dataset and level; None when all are those of the last edition."""
    parameters = Parameters(dataset, *_PARAMETERS)
    downloads: list[Download] = []
    for name, resource in _resources(dataset, parameters, http):
        same = same_file(previous, name, mark_of(resource))
        url = resource_url(parameters.url, resource["id"])
        downloads.append(
            kept(same) if same else download_resource(http, url, resource, workdir / name, parameters.size_floor)
        )
    if not downloads:
        raise FetchError(f"{parameters.url}: no dataset with these tags, levels, levers and names")
    return changed(downloads, previous)


def describe(dataset: Dataset, http: HttpClient) -> Description:
    """The header of the first file."""
    parameters = Parameters(dataset, *_PARAMETERS)
    for found in _datasets(parameters, http):
        for name, resource in _levels(dataset, parameters, http, found):
            head, size = http.peek(resource_url(parameters.url, resource["id"]))
            return Description(
                columns=csv_columns(dataset, name, head),
                licence=found.get("license"),
                updated=resource.get("last_modified"),
                size=size,
                file_name=name,
            )
    raise FetchError(f"{parameters.url}: no dataset with these tags, levels, levers and names")


def _resources(dataset: Dataset, parameters: Parameters, http: HttpClient) -> Iterator[tuple[str, dict[str, Any]]]:
    for found in _datasets(parameters, http):
        yield from _levels(dataset, parameters, http, found)


def _datasets(parameters: Parameters, http: HttpClient) -> Iterator[dict[str, Any]]:
    """The datasets that have the tags, whatever else the search answers."""
    organization, tag = parameters.text("organization"), parameters.text("tag")
    levers = {_LEVER_TAG + lever for lever in parameters.texts("levers")}
    slugs = parameters.texts("datasets")
    query: dict[str, str | int] = {"organization": organization, "tag": tag, "page": 1, "page_size": PAGE_SIZE}
    for found in _paged(http, full_url(parameters.url, query)):
        tags = set(found.get("tags") or [])
        publisher = (found.get("organization") or {}).get("id", organization)
        wanted = tag in tags and publisher == organization and (not levers or tags & levers)
        if wanted and (not slugs or found["slug"] in slugs):
            yield found


def _paged(http: HttpClient, url: str | None) -> Iterator[dict[str, Any]]:
    """The elements of all pages, each once.

    Raises:
        FetchError: a page or an element comes twice, or not as many come as announced.
    """
    visited: set[str] = set()
    ids: set[str] = set()
    totals: set[int] = set()
    while url:
        if url in visited:
            raise FetchError(f"{url}: next_page leads back to a page that was read")
        visited.add(url)
        answer = http.get_json(url)
        total = integer(answer.get("total"))
        totals |= {total} if total is not None else set()
        if len(totals) > 1:
            raise FetchError(f"{url}: the total changed while paging: {sorted(totals)}")
        for element in answer.get("data") or []:
            if element["id"] in ids:
                raise FetchError(f"{url}: {element['id']} came twice")
            ids.add(element["id"])
            yield element
        url = answer.get("next_page")
    if totals and len(ids) not in totals:
        raise FetchError(f"{', '.join(sorted(visited)[:1])}: {len(ids)} elements received, {totals.pop()} announced")


def _levels(
    dataset: Dataset, parameters: Parameters, http: HttpClient, found: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The file of each wanted level; search answers hold the resources, or only the address of their list."""
    names = {level: f"{found['slug']}__{level}.csv" for level in parameters.required_texts("levels")}
    claimed = {level: name for level, name in names.items() if any(table.layouts_for(name) for table in dataset.tables)}
    if not claimed:
        return
    resources: Any = found.get("resources") or []
    if isinstance(resources, dict):
        resources = list(_paged(http, resources.get("href")))
    by_level: dict[str, dict[str, Any]] = {}
    for resource in resources:
        level = level_of(resource)
        if level and str(resource.get("format")).casefold() == "csv":
            newer = str(resource.get("last_modified")) > str(by_level.get(level, {}).get("last_modified") or "")
            by_level[level] = resource if newer else by_level[level]
    for level, name in claimed.items():
        if level in by_level:
            yield name, by_level[level]


def level_of(resource: dict[str, Any]) -> str | None:
    """The territorial level that a resource declares, or that its title or address ends with."""
    declared = ((resource.get("extras") or {}).get(_EXTRAS) or {}).get("maille")
    if declared:
        return str(declared)
    for text in (resource.get("url"), resource.get("title")):
        match = re.search(r"[-_ ](region|departement|epci|commune)s?(\.csv)?$", text or "", re.IGNORECASE)
        if match:
            return match[1].lower()
    return None
