"""The Cube.js API of the State's indicator hub; needs a token, free on request, in LEVIERS_HUB_TOKEN.

There is a JSON file per measure, ``<number>.json``, with its rows and metadata. If several cubes have a measure, each
has a file, ``<number>__<cube>.json``. The members in ``beside`` are further columns: the interval of an estimate is a
measure, its significance a dimension. A measure that is gone from the API is noted, and its file is kept unchanged.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_fixed

from ingestion.catalog import CREDENTIALS
from ingestion.http import Download, FetchError, HttpClient
from ingestion.portals.support.description import Description
from ingestion.portals.support.files import changed, last_file, unchanged_file
from ingestion.portals.support.pages import Page, follow, row_texts
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

(TOKEN_VARIABLE,) = CREDENTIALS["cubejs"]
PAGE_SIZE = 5_000
WAIT_SECONDS = 10
WAIT_ATTEMPTS = 7
PARAMETERS = ("measures", "dimensions", "beside")


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads a file per measure. The API has no version mark, so they are downloaded each time.

    Raises:
        FetchError: the API has none of the measures, and there is no earlier file of one.
    """
    metas = _measures(parameters, http)
    downloads: list[Download] = []
    wanted = parameters.required_texts("measures")
    numbers = Counter(_number(measure) for measure in wanted)
    for measure in wanted:
        cube, number = measure.partition(".")[0], _number(measure)
        target = place(workdir, f"{number}.json" if numbers[number] == 1 else f"{number}__{cube}.json")
        if measure not in metas:
            last = last_file(previous, target.name)
            stays = f"{target.name} is as it was" if last else "it was never had"
            http.notes.append(f"{parameters.dataset_id}: the measure {measure!r} is gone from the API: {stays}")
            downloads += [unchanged_file(last)] if last else []
            continue
        others = parameters.texts("beside")
        named = _of_cube(cube, parameters.texts("dimensions")) + _of_cube(cube, others)
        measures = [measure, *(name for name in named if name in metas)]
        dimensions = [name for name in named if name not in metas]
        document = {"cubeName": cube, "measureName": measure, "measureMeta": metas[measure]}
        document |= {"beside": others} if others else {}
        _write(http, parameters, document, _pages(http, parameters, measures, dimensions), target)
        downloads.append(Download(path=target, url=f"{parameters.url}/load"))
    if not downloads:
        raise FetchError(f"{parameters.url}/meta: no measure {', '.join(map(repr, wanted))}")
    return changed(downloads, previous)


def _number(measure: str) -> str:
    return measure.partition(".")[2].removeprefix("id_")


def _of_cube(cube: str, names: list[str]) -> list[str]:
    """Returns the members of a cube by their full names; a name without a cube is a member of each cube."""
    full = [name if "." in name else f"{cube}.{name}" for name in names]
    return [name for name in full if name.startswith(f"{cube}.")]


def describe(parameters: Parameters, http: HttpClient) -> list[Description]:
    """Returns the measures that exist; their columns are made by the reader."""
    metas = _measures(parameters, http)
    missing = [measure for measure in parameters.required_texts("measures") if measure not in metas]
    if missing:
        raise FetchError(f"{parameters.url}/meta: no measure {missing[0]!r}")
    return [Description(columns={})]


def _headers() -> dict[str, str]:
    token = os.environ.get(TOKEN_VARIABLE)
    if not token:
        raise FetchError(f"the indicator hub needs a token: set {TOKEN_VARIABLE}")
    return {"Authorization": f"Bearer {token}"}


def _measures(parameters: Parameters, http: HttpClient) -> dict[str, Any]:
    """Returns the metadata of each measure in the API, by its name.

    Raises:
        FetchError: the API lists no measure at all, so an absent measure is not known to be gone.
    """
    answer = http.get_json(f"{parameters.url}/meta", headers=_headers())
    metas = {
        measure["name"]: measure.get("meta") or {}
        for cube in answer.get("cubes", [])
        for measure in cube.get("measures", [])
    }
    if not metas:
        raise FetchError(f"{parameters.url}/meta: no measures, found {sorted(answer)}")
    return metas


def _pages(http: HttpClient, parameters: Parameters, measures: list[str], dimensions: list[str]) -> Iterator[Page]:
    """Returns the pages of values by year, in a fixed order. The API has no total: the last page is not full."""
    cube = measures[0].partition(".")[0]
    day = f"{cube}.date_mesure"
    query: dict[str, Any] = {
        "measures": measures,
        "dimensions": dimensions,
        "timeDimensions": [{"dimension": day, "granularity": "year"}],
        "order": {day: "asc", **dict.fromkeys(dimensions, "asc")},
        "limit": PAGE_SIZE,
        "timezone": "UTC",
    }
    return follow(0, partial(_page, http, parameters.url, query), where=f"{parameters.url}/load: {measures[0]}")


def _page(http: HttpClient, url: str, query: dict[str, Any], offset: int) -> tuple[Page, int | None]:
    rows = _load(http, url, query | {"offset": offset})
    return Page(rows), offset + len(rows) if len(rows) >= PAGE_SIZE else None


def _load(http: HttpClient, url: str, query: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the rows of a page. While the API computes, it answers "Continue wait", and the request is repeated."""
    retrying = Retrying(
        retry=retry_if_result(lambda answer: answer.get("error") == "Continue wait"),
        wait=wait_fixed(WAIT_SECONDS),
        stop=stop_after_attempt(WAIT_ATTEMPTS),
        sleep=http.sleep,
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else {},
    )
    answer = retrying(http.post_json, f"{url}/load", {"query": query}, _headers())
    rows = answer.get("data")
    if not isinstance(rows, list):
        raise FetchError(f"{url}/load: {query['measures'][0]}: no rows, found {answer.get('error') or sorted(answer)}")
    return rows


def _write(
    http: HttpClient,
    parameters: Parameters,
    document: dict[str, Any],
    pages: Iterator[Page],
    target: Path,
) -> None:
    """Writes the document with its rows, page by page."""
    where = f"{parameters.url}/load: {document['measureName']}"
    count = 0
    with target.open("w", encoding="utf-8") as file:
        file.write(json.dumps(document, ensure_ascii=False, sort_keys=True)[:-1] + ', "data": [')
        http.report(0)
        for rows in row_texts(pages, where=where):
            file.write((",\n" if count and rows else "") + ",\n".join(rows))
            count += len(rows)
            http.report(file.tell())
        file.write("]}\n")
    if count == 0:
        raise FetchError(f"{where}: no rows")
