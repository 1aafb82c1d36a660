"""Files at fixed addresses: conditional requests on the last ETag or Last-Modified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ingestion.http import Download, HttpClient
from ingestion.portals.support.description import Description, described_by_csv
from ingestion.portals.support.files import changed, download_if_new, last_segment
from ingestion.portals.support.parameters import Parameters, addresses
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PARAMETERS = ("files",)


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the file at ``fetch.url``, or each of ``files``; None if the server answers 304 for all."""
    downloads = [
        download_if_new(http, url, place(workdir, name), previous, parameters.size_floor)
        for url, name in _addresses(parameters)
    ]
    return changed(downloads, previous)


def describe(parameters: Parameters, http: HttpClient) -> Iterator[Description]:
    """Yields the size and date of each file, and the header of each CSV."""
    for url, name in _addresses(parameters):
        start = http.peek(url)
        described = described_by_csv(parameters.dataset, name, start.head)
        yield replace(described, updated=start.changed, size=start.size, file_name=name)


def _addresses(parameters: Parameters) -> list[tuple[str, str]]:
    return addresses(parameters) or [(parameters.url, parameters.file_name or last_segment(parameters.url))]
