"""geo.api.gouv.fr: each endpoint is one JSON list, sent whole."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from ingestion.http import Download, FetchError, HttpClient
from ingestion.portals.support.checks import check_json_list
from ingestion.portals.support.description import SAMPLE_ROWS, Description, described_by_rows
from ingestion.portals.support.files import download_file
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PARAMETERS = ("endpoints",)


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads a file per endpoint. The API has no version mark, so they are downloaded each time.

    Raises:
        FetchError: an answer is no JSON list, or two endpoints differ in their query only.
    """
    downloads: list[Download] = []
    for endpoint in parameters.required_texts("endpoints"):
        url = _url(parameters, endpoint)
        target = place(workdir, f"{urlsplit(endpoint).path.strip('/').replace('/', '_')}.json")
        if target.name in {download.file_name for download in downloads}:
            raise FetchError(f"{url}: a second endpoint would get the file name {target.name}")
        download = download_file(http, url, target, size_floor=parameters.size_floor)
        check_json_list(target, url)
        downloads.append(Download(path=target, url=download.url))
    return downloads


def describe(parameters: Parameters, http: HttpClient) -> list[Description]:
    """Returns a few elements of the first endpoint."""
    url = _url(parameters, parameters.required_texts("endpoints")[0])
    elements = http.get_json(f"{url}{'&' if '?' in url else '?'}limit={SAMPLE_ROWS}")
    return [described_by_rows(elements[:SAMPLE_ROWS], url)]


def _url(parameters: Parameters, endpoint: str) -> str:
    return f"{parameters.url.rstrip('/')}/{endpoint.lstrip('/')}"
