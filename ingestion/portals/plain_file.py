"""Files at fixed addresses: conditional requests on the last ETag or Last-Modified."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ingestion.http import Download, HttpClient
from ingestion.portals.support.files import changed, download_if_new, each_part, last_segment
from ingestion.portals.support.parameters import Parameters, addresses
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PARAMETERS = ("files",)


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the file at ``fetch.url``, or each of ``files``; None if the server answers 304 for all."""
    parts = {
        name: partial(download_if_new, http, url, place(workdir, name), previous, parameters.size_floor)
        for url, name in _addresses(parameters)
    }
    return changed(each_part(http, parameters.dataset.dataset_id, previous, parts), previous)


def _addresses(parameters: Parameters) -> list[tuple[str, str]]:
    return addresses(parameters) or [(parameters.url, parameters.file_name or last_segment(parameters.url))]
