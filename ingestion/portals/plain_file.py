"""A file at a fixed address: conditional request on the last ETag or Last-Modified."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from ingestion.catalog import Dataset
from ingestion.http import Download, HttpClient
from ingestion.snapshots import Snapshot


def fetch(dataset: Dataset, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """The file at ``fetch.url``; None when the server answers 304."""
    assert dataset.fetch and dataset.fetch.url
    url = dataset.fetch.url
    file_name = dataset.fetch.file_name or PurePosixPath(urlsplit(url).path).name
    last = next((snapshot for snapshot in previous if snapshot.file_name == file_name), None)
    download = http.download(
        url,
        workdir / file_name,
        etag=last.etag if last else None,
        last_modified=last.last_modified if last else None,
        size_floor=dataset.fetch.size_floor,
    )
    return [download] if download else None
