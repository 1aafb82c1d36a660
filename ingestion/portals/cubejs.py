"""The Cube.js API of the State's indicator hub; needs a token, free on request, in LEVIERS_HUB_TOKEN.

There is a JSON file per measure, ``<number>.json``, with its rows and metadata.
"""

from __future__ import annotations

import json
import os
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_fixed

from ingestion.catalog import CREDENTIALS
from ingestion.http import Download, FetchError, HttpClient
from ingestion.portals.support.files import changed
from ingestion.portals.support.pages import Page, follow, rows_of
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

(TOKEN_VARIABLE,) = CREDENTIALS["cubejs"]
PAGE_SIZE = 5_000
WAIT_SECONDS = 10
WAIT_ATTEMPTS = 7
PARAMETERS = ("measures", "dimensions")


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads a file per measure. The API has no version mark, so they are downloaded each time.

    Raises:
        FetchError: the API lacks a measure, or has no rows of it.
    """
    metas = _measures(parameters, http)
    downloads: list[Download] = []
    for measure in parameters.required_texts("measures"):
        if measure not in metas:
            raise FetchError(f"{parameters.url}/meta: no measure {measure!r}")
        cube, _, name = measure.partition(".")
        document = {"cubeName": cube, "measureName": measure, "measureMeta": metas[measure]}
        rows = _rows(http, parameters, cube, measure)
        target = place(workdir, f"{name.removeprefix('id_')}.json")
        target.write_text(json.dumps(document | {"data": rows}, ensure_ascii=False, sort_keys=True), encoding="utf-8")
        downloads.append(Download(path=target, url=f"{parameters.url}/load"))
    return changed(downloads, previous)


def _headers() -> dict[str, str]:
    token = os.environ.get(TOKEN_VARIABLE)
    if not token:
        raise FetchError(f"the indicator hub needs a token: set {TOKEN_VARIABLE}")
    return {"Authorization": f"Bearer {token}"}


def _measures(parameters: Parameters, http: HttpClient) -> dict[str, Any]:
    """Returns the metadata of each measure in the API, by its name."""
    answer = http.get_json(f"{parameters.url}/meta", headers=_headers())
    return {
        measure["name"]: measure.get("meta") or {}
        for cube in answer.get("cubes", [])
        for measure in cube.get("measures", [])
    }


def _rows(http: HttpClient, parameters: Parameters, cube: str, measure: str) -> list[dict[str, Any]]:
    """Returns the values by year, in a fixed order. The API has no total: the last page is not full."""
    day = f"{cube}.date_mesure"
    dimensions = [f"{cube}.{name}" for name in parameters.texts("dimensions")]
    query: dict[str, Any] = {
        "measures": [measure],
        "dimensions": dimensions,
        "timeDimensions": [{"dimension": day, "granularity": "year"}],
        "order": {day: "asc", **dict.fromkeys(dimensions, "asc")},
        "limit": PAGE_SIZE,
        "timezone": "UTC",
    }
    where = f"{parameters.url}/load: {measure}"
    rows = list(chain.from_iterable(follow(0, partial(_page, http, parameters.url, query, where), where=where)))
    if not rows:
        raise FetchError(f"{where}: no rows")
    return rows


def _page(http: HttpClient, url: str, query: dict[str, Any], where: str, offset: int) -> tuple[Page, int | None]:
    """Returns a page. While the API computes, it answers "Continue wait", and the request is repeated."""
    retrying = Retrying(
        retry=retry_if_result(lambda answer: answer.get("error") == "Continue wait"),
        wait=wait_fixed(WAIT_SECONDS),
        stop=stop_after_attempt(WAIT_ATTEMPTS),
        sleep=http.sleep,
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else {},
    )
    answer = retrying(http.post_json, f"{url}/load", {"query": query | {"offset": offset}}, _headers())
    if "data" not in answer and "error" in answer:
        raise FetchError(f"{where}: {answer['error']}")
    rows = rows_of(answer, "data", where)
    return Page(rows), offset + len(rows) if len(rows) >= PAGE_SIZE else None
