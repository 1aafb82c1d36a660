"""Atmo Data: the emission inventories of the regional air quality associations (AASQA), as CSV.

It needs a free account: its name and password, in LEVIERS_ATMO_USERNAME and LEVIERS_ATMO_PASSWORD, are posted to
``login``, which returns a token for a day. The answer has the sectors of ``sectors`` by region. The API may have
filters on scale and association; they are not used, since no page that was read confirms them.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urljoin

from ingestion.catalog import CREDENTIALS
from ingestion.http import Download, FetchError, HttpClient, UnauthorizedError
from ingestion.portals.support.checks import check_values
from ingestion.portals.support.files import download_file, last_segment
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

_USERNAME, _PASSWORD = CREDENTIALS["atmo_data"]
PARAMETERS = ("login", "sectors")
_SECTOR = "code_pcaet"


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the file of all regions. The API has no version mark, so it is downloaded each time."""
    query, name = _query(parameters), _file_name(parameters)
    headers = _login(parameters, http)
    try:
        download = download_file(
            http, parameters.url, place(workdir, name), params=query, headers=headers, size_floor=parameters.size_floor
        )
    except UnauthorizedError as error:
        raise _refused_token(error) from error
    # the server ignores unknown parameters
    check_values(download.path, _SECTOR, parameters.texts("sectors"), download.url)
    return [download]


def _file_name(parameters: Parameters) -> str:
    return parameters.file_name or f"{last_segment(parameters.url)}.csv"


def _query(parameters: Parameters) -> dict[str, str | int]:
    return {"format": "csv", "secteur": ",".join(parameters.required_texts("sectors"))}


def _login(parameters: Parameters, http: HttpClient) -> dict[str, str]:
    """Returns the HTTP header with the token of the account."""
    url = urljoin(parameters.url, parameters.text("login"))
    username, password = os.environ.get(_USERNAME), os.environ.get(_PASSWORD)
    if not username or not password:
        raise FetchError(f"Atmo Data needs an account: set {_USERNAME} and {_PASSWORD}")
    try:
        answer = http.post_json(url, {"username": username, "password": password})
    except UnauthorizedError as error:
        raise FetchError(f"{error}: the account in {_USERNAME} and {_PASSWORD} is not accepted") from error
    return {"Authorization": f"Bearer {answer['token']}"}


def _refused_token(error: UnauthorizedError) -> FetchError:
    return FetchError(
        f"{error}: the token of the login is refused: it has expired, or the account has no right to this"
    )
