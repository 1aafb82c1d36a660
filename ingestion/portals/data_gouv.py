"""data.gouv.fr: the resources of a dataset, found by a rule, so that an upload under a new id is found too.

If a producer makes a new dataset of each edition, ``search`` finds the newest dataset whose title matches.
"""

from __future__ import annotations

import hashlib
import re
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support.files import changed, download_file, download_unless_same, last_segment, safe_name, slug
from ingestion.portals.support.pages import integer
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PAGE_SIZE = 100
PARAMETERS = ("title", "format", "take", "resource_id", "search", "dataset_title", "publisher")


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the resources that the rule finds; None if date and checksum of all are as in the last edition."""
    downloads: list[Download] = []
    for name, resource in _chosen(parameters, http.get_json(_dataset_address(parameters, http))).items():
        download = partial(download_resource, parameters, http, resource, place(workdir, name))
        downloads.append(download_unless_same(previous, name, mark_of(resource), download))
    return changed(downloads, previous)


def _dataset_address(parameters: Parameters, http: HttpClient) -> str:
    """Returns the address of the dataset: that of the record, or of the newest dataset that the search finds."""
    search = parameters.optional("search")
    if search is None:
        return parameters.url
    title, publisher = parameters.text("dataset_title"), parameters.text("publisher")
    url = full_url(parameters.url, {"q": search, "page_size": PAGE_SIZE})
    answer = http.get_json(url)
    entries: list[dict[str, Any]] = answer.get("data") or []
    matching = [
        entry
        for entry in entries
        if re.search(title, str(entry.get("title")), re.IGNORECASE)
        and (entry.get("organization") or {}).get("slug") == publisher
    ]
    if not matching:
        among = f"{len(entries)} of {integer(answer.get('total'))} answers"
        raise FetchError(f"{url}: no dataset of {publisher} with the title {title!r} in {among}")
    newest = max(matching, key=lambda entry: str(entry.get("created_at")))
    return dataset_url(parameters.url, newest["id"])


def dataset_url(url: str, dataset_id: str) -> str:
    """Returns the address of a dataset, from another one of the portal."""
    return re.sub(r"/api/\d/datasets/.*", f"/api/1/datasets/{dataset_id}/", url)


def mark_of(resource: dict[str, Any]) -> str | None:
    """Returns the version of a resource: date and checksum, as far as it has them; None if it has neither."""
    checksum = (resource.get("checksum") or {}).get("value")
    return " ".join(str(part) for part in (resource.get("last_modified"), checksum) if part) or None


def resource_url(dataset_url: str, resource_id: str) -> str:
    """Returns the permanent address of a resource, which does not depend on the name of its file."""
    return re.sub(r"/api/\d/datasets/.*", f"/api/1/datasets/r/{resource_id}", dataset_url)


def download_resource(parameters: Parameters, http: HttpClient, resource: dict[str, Any], target: Path) -> Download:
    """Downloads a resource. If data.gouv.fr stores it itself, its checksum is compared.

    Raises:
        FetchError: as ``HttpClient.download``, or the checksum is another one.
    """
    url = resource_url(parameters.url, resource["id"])
    download = download_file(http, url, target, size_floor=parameters.size_floor)
    checksum = resource.get("checksum") or {}
    if resource.get("filetype") == "file" and checksum.get("type") in ("md5", "sha1", "sha256"):
        with target.open("rb") as file:
            digest = hashlib.file_digest(file, checksum["type"]).hexdigest()
        if digest != checksum.get("value"):
            raise FetchError(f"{url}: {checksum['type']} {digest}, {checksum.get('value')} announced")
    return Download(path=target, url=download.url, etag=mark_of(resource))


def _chosen(parameters: Parameters, metadata: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Returns the resources to download, by file name. ``take`` is all, latest, or a number: the last ones by name.

    A record that names its file takes one resource: the latest by date, or the last by name (``take: 1``).
    """
    resources: list[dict[str, Any]] = metadata.get("resources") or []
    matching = [resource for resource in resources if _matches(parameters, resource)]
    if not matching:
        matching = [resource for resource in resources if resource["id"] == parameters.optional("resource_id")]
    if not matching:
        titles = ", ".join(repr(resource.get("title")) for resource in resources[:10])
        rule = " and ".join(f"{n} {parameters.text(n)!r}" for n in ("title", "format") if parameters.optional(n))
        raise FetchError(f"{parameters.url}: no resource of {rule or 'this id'}, found {titles or 'none'}")
    take = parameters.text("take", "latest")
    if take not in ("all", "latest") and not take.isdigit():
        raise FetchError(f"{parameters.dataset_id}: fetch.params: take {take!r} is none of all, latest, a number")
    if take == "latest":
        newest = max(matching, key=lambda resource: str(resource.get("last_modified")))
        return {parameters.file_name or file_name_of(newest): newest}
    chosen: dict[str, dict[str, Any]] = {}
    for resource in matching:
        name = file_name_of(resource)
        chosen[f"{resource['id'][:8]}-{name}" if name in chosen else name] = resource
    if take == "all":
        return chosen
    last = sorted(chosen)[-int(take) :]
    if parameters.file_name and take == "1":
        return {parameters.file_name: chosen[last[0]]}
    return {name: chosen[name] for name in last}


def _matches(parameters: Parameters, resource: dict[str, Any]) -> bool:
    title, kind = parameters.optional("title"), parameters.optional("format")
    if title is None and kind is None:
        return False
    texts = (resource.get("title") or "", resource.get("url") or "")
    named = title is None or any(re.search(title, text, re.IGNORECASE) for text in texts)
    return named and (kind is None or str(resource.get("format")).casefold() == kind.casefold())


def file_name_of(resource: dict[str, Any]) -> str:
    """Returns the file name in the address of a resource, else its title."""
    name = safe_name(last_segment(resource.get("url") or ""))
    if PurePosixPath(name).suffix:
        return name
    return f"{slug(resource.get('title') or resource['id'])}.{str(resource.get('format') or 'bin').casefold()}"
