"""Géorisques, register of pollutant releases (IREP): one zip per year, kept as it is."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from ingestion.http import Download, FetchError, HttpClient
from ingestion.portals.support.files import changed, download_if_new, last_segment, safe_name
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PARAMETERS = ("newest",)


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the zip of each year; None if the server says that none has changed since the last edition."""
    downloads: list[Download] = []
    for year, link in _links(parameters, http).items():
        url = urljoin(parameters.url, link)
        target = place(workdir, safe_name(last_segment(url)))
        download = download_if_new(http, url, target, previous, parameters.size_floor)
        if not zipfile.is_zipfile(download.path):
            raise FetchError(f"{url}: no whole zip in the {download.path.stat().st_size} bytes received")
        downloads.append(replace(download, vintage=year))
    return changed(downloads, previous)


def _links(parameters: Parameters, http: HttpClient) -> dict[str, str]:
    """Returns the address of each wanted year, oldest first."""
    answer = http.get_json(parameters.url)
    annual: dict[str, Any] = answer.get("annuel") or {}
    published = {year: entry["lien"] for year, entry in sorted(annual.items()) if entry and entry.get("lien")}
    if not published:
        raise FetchError(f"{parameters.url}: no year is published, found {sorted(answer)}")
    wanted = sorted(published)[-parameters.number("newest", len(published)) :]
    return {year: published[year] for year in wanted}
