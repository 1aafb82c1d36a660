"""The State's indicator hub on data.gouv.fr: datasets found by their tags, one CSV per territorial level.

Only the files that a table of the record reads by their name, ``<slug>__<level>.csv``, are downloaded: the hub has
more than a hundred indicators, and a file by commune may have millions of rows. If no table reads a slug, the dataset
is found by its number, if a layout names that number. Series of the record that the hub lacks are noted, and series of
a lever that no record reads. A file that the hub no longer has is kept unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any

from ingestion.catalog import Dataset, Layout
from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.data_gouv import download_resource, mark_of
from ingestion.portals.support.files import changed, download_unless_same, each_part, unchanged_file
from ingestion.portals.support.pages import Page, follow, integer
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PAGE_SIZE = 100
PARAMETERS = ("organization", "tag", "levels", "leave")
_EXTRAS = "ecospheres-indicateurs"
_LEVER_TAG = "ecospheres-indicateurs-levier-"


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads a file ``<slug>__<level>.csv`` per dataset and level; None if all are as in the last edition.

    A file that is refused, or gone from the hub, is noted and kept unchanged, so that the mistake of one producer does
    not stop all series.

    Raises:
        FetchError: the hub has no dataset with the tag, or all files are refused.
    """
    dataset = parameters.dataset
    unread: dict[str, list[str]] = {}
    parts: dict[str, Callable[[], Download]] = {}
    datasets = list(_datasets(parameters, http))
    slugs = [record["slug"] for record in datasets]
    for record in datasets:
        files = _levels(parameters, http, record, slugs)
        for name, resource in files.items():
            if name in parts:
                raise FetchError(f"{parameters.url}: two datasets would get the file name {name}")
            download = partial(download_resource, parameters, http, resource, place(workdir, name))
            parts[name] = partial(download_unless_same, previous, name, mark_of(resource), download)
        for tag in record.get("tags") or [] if not files else []:
            if tag.startswith(_LEVER_TAG):
                unread.setdefault(tag.removeprefix(_LEVER_TAG), []).append(record["slug"])
    downloads = {file.file_name: file for file in each_part(http, dataset.dataset_id, previous, parts)}
    for last in _gone(parameters, previous, list(downloads)):
        downloads[last.file_name] = unchanged_file(last)
        http.notes.append(f"{dataset.dataset_id}: {last.file_name} is gone from the hub: it is as it was")
    if not downloads:
        raise FetchError(f"{parameters.url}: no dataset with these tags, levels and names")
    _note_series(dataset, http, downloads, unread)
    return changed([*downloads.values()], previous)


def _gone(parameters: Parameters, previous: list[Snapshot], received: list[str]) -> list[Snapshot]:
    """Returns the files of the last edition whose series the hub no longer has under any name."""
    levels, leave = parameters.required_texts("levels"), parameters.texts("leave")
    gone = []
    for last in previous:
        level = _level_in(last.file_name)
        wanted = level in levels and not any(fnmatch(last.file_name, pattern) for pattern in leave)
        came = set().union(*(_series_in(parameters.dataset, name) for name in received if _level_in(name) == level))
        series = _series_in(parameters.dataset, last.file_name)
        if wanted and series and not series & came:
            gone.append(last)
    return gone


def _level_in(name: str) -> str:
    return name.rpartition("__")[2].removesuffix(".csv")


def _series_in(dataset: Dataset, name: str) -> set[str]:
    """Returns the series in a file, by the layouts that read it."""
    layouts = (layout for table in dataset.tables for layout in table.layouts_for(name))
    return {layout.constants.get("hub_id", layout.name) for layout in layouts}


def _datasets(parameters: Parameters, http: HttpClient) -> Iterator[dict[str, Any]]:
    """Yields the datasets with the tag and publisher that the record names; the search may return others too.

    Raises:
        FetchError: no dataset has the tag.
    """
    organization, tag = parameters.text("organization"), parameters.text("tag")
    query: dict[str, str | int] = {
        "organization": organization,
        "tag": tag,
        "sort": "created",
        "page": 1,
        "page_size": PAGE_SIZE,
    }
    tagged = 0
    for record in _elements(http, full_url(parameters.url, query)):
        publisher = (record.get("organization") or {}).get("id", organization)
        if tag not in (record.get("tags") or []) or publisher != organization:
            continue
        tagged += 1
        yield record
    if not tagged:
        raise FetchError(f"{parameters.url}: no dataset with the tag {tag}")


def _elements(http: HttpClient, url: str) -> Iterator[dict[str, Any]]:
    """Yields the elements of all pages.

    Raises:
        FetchError: a page or an element comes twice, or their number is not the announced one.
    """
    ids: set[str] = set()
    for page in follow(url, partial(_page, http), where=url):
        for element in page:
            if element["id"] in ids:
                raise FetchError(f"{url}: {element['id']} came twice")
            ids.add(element["id"])
            yield element


def _page(http: HttpClient, url: str) -> tuple[Page, str | None]:
    answer = http.get_json(url)
    return Page(answer.get("data") or [], integer(answer.get("total"))), answer.get("next_page") or None


def _levels(
    parameters: Parameters, http: HttpClient, record: dict[str, Any], slugs: list[str]
) -> dict[str, dict[str, Any]]:
    """Returns the file of each wanted level. An answer has the resources, or only the address of their list."""
    levels, leave = parameters.required_texts("levels"), parameters.texts("leave")
    claimed = {level: _claimed_name(parameters.dataset, record, level, slugs) for level in levels}
    wanted = {n: level for level, n in claimed.items() if n and not any(fnmatch(n, pattern) for pattern in leave)}
    if not wanted:
        return {}
    resources: Any = record.get("resources") or []
    if isinstance(resources, dict):
        resources = list(_elements(http, resources["href"])) if resources.get("href") else []
    by_level: dict[str, dict[str, Any]] = {}
    for resource in resources:
        level = level_of(resource)
        if level and str(resource.get("format")).casefold() == "csv":
            newer = str(resource.get("last_modified")) > str(by_level.get(level, {}).get("last_modified") or "")
            by_level[level] = resource if newer else by_level[level]
    return {name: by_level[level] for name, level in wanted.items() if level in by_level}


def _claimed_name(dataset: Dataset, record: dict[str, Any], level: str, slugs: list[str]) -> str | None:
    """Returns the name under which a table reads the file of a level: by the slug, else by the number."""
    names = [f"{record['slug']}__{level}.csv"]
    number = number_of(record)
    for layout in (layout for table in dataset.tables for layout in table.layouts):
        is_numbered = number and layout.constants.get("hub_id") == number
        if is_numbered and not any(layout.reads(f"{slug}__{level}.csv") for slug in slugs):
            names.append(f"{(layout.file_pattern or '').partition('__')[0].replace('*', '')}__{level}.csv")
    return next((name for name in names if any(table.layouts_for(name) for table in dataset.tables)), None)


def number_of(record: dict[str, Any]) -> str | None:
    """Returns the number of an indicator, which the hub writes as ``id_826`` or ``826``; None for another id."""
    api = ((record.get("extras") or {}).get(_EXTRAS) or {}).get("api") or {}
    match = re.fullmatch(r"(?:.*\bid_)?(\d+)", str(api.get("id") or "").strip())
    return match[1] if match else None


def _note_series(
    dataset: Dataset, http: HttpClient, downloads: dict[str, Download], unread: dict[str, list[str]]
) -> None:
    """Notes the series of the record that the hub lacks and, by lever, the series of the hub that the record lacks."""
    for series in _absent_series(dataset, downloads):
        http.notes.append(f"{dataset.dataset_id}: series {series} was found neither by its name nor by its number")
    for lever, slugs in sorted(unread.items()) if _series_layouts(dataset) else []:
        http.notes.append(f"{dataset.dataset_id}: not read, of the lever {lever}: {', '.join(sorted(set(slugs)))}")


def _series_layouts(dataset: Dataset) -> list[Layout]:
    return [layout for table in dataset.tables for layout in table.layouts if "hub_id" in layout.constants]


def _absent_series(dataset: Dataset, names: Iterable[str]) -> list[str]:
    """Returns the number and name of each series of the record that is in none of these files."""
    layouts, present = _series_layouts(dataset), list(names)
    read = {layout.constants["hub_id"] for layout in layouts if any(layout.reads(name) for name in present)}
    series = {(layout.constants["hub_id"], layout.name) for layout in layouts}
    return [f"{number} ({name})" for number, name in sorted(series) if number not in read]


def level_of(resource: dict[str, Any]) -> str | None:
    """Returns the territorial level that a resource declares, else the one at the end of its title or address."""
    declared = ((resource.get("extras") or {}).get(_EXTRAS) or {}).get("maille")
    if declared:
        return str(declared)
    for text in (resource.get("url"), resource.get("title")):
        match = re.search(r"[-_ ](region|departement|epci|commune)s?(\.csv)?$", text or "", re.IGNORECASE)
        if match:
            return match[1].lower()
    return None
