"""Feature services of ArcGIS with one layer a year: the attributes of the features as NDJSON, a file per layer.

The layers of a service in ``services`` are those with a year in their name, which the first group of the expression
``layer`` finds; the numbers of the layers have no order. Each layer must have the fields of ``fields``; all its fields
are downloaded. The year in ``year_field`` of its rows must be the year in its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support.description import Description
from ingestion.portals.support.pages import Page, follow, write_ndjson
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PAGE_SIZE = 1_000
PARAMETERS = ("services", "layer", "fields", "year_field", "size")
_ALL: dict[str, str | int] = {"where": "1=1"}
_TYPE = "esriFieldType"


@dataclass(frozen=True)
class _Layer:
    """A layer of a service, the year in its name, and its description by the service."""

    url: str
    name: str
    year: str
    file_name: str
    description: dict[str, Any]

    @property
    def fields(self) -> dict[str, str]:
        return {field["name"]: field["type"] for field in self.description["fields"]}


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads all layers. Not every service has a date of change, so they are downloaded each time."""
    return [_download(parameters, http, layer, place(workdir, layer.file_name)) for layer in _layers(parameters, http)]


def describe(parameters: Parameters, http: HttpClient) -> Iterator[Description]:
    """Yields the fields of each layer, and the number of its rows."""
    for layer in _layers(parameters, http):
        columns: dict[str, str | None] = {name: kind.removeprefix(_TYPE).lower() for name, kind in layer.fields.items()}
        yield Description(columns=columns, rows=_count(http, layer), file_name=layer.file_name)


def _layers(parameters: Parameters, http: HttpClient) -> list[_Layer]:
    """Returns the layers of all services, by year."""
    pattern = re.compile(parameters.text("layer"))
    return [
        layer
        for service in parameters.required_texts("services")
        for layer in _layers_of(parameters, http, service, pattern)
    ]


def _layers_of(parameters: Parameters, http: HttpClient, service: str, pattern: re.Pattern[str]) -> list[_Layer]:
    url = f"{parameters.url}/{service}/FeatureServer"
    description = _ask(http, url)
    listed = [*description["layers"], *description.get("tables", [])]
    by_year: dict[str, dict[str, Any]] = {}
    for layer in listed:
        years = sorted(set(pattern.findall(layer["name"])))
        if not years:
            http.notes.append(
                f"{parameters.dataset_id}: {service}: layer {layer['name']!r} names no year: it is left out"
            )
            continue
        if len(years) > 1:
            raise FetchError(f"{url}: the name of layer {layer['name']!r} holds {' and '.join(years)}")
        if other := by_year.get(years[0]):
            raise FetchError(f"{url}: 2 layers of {years[0]}: {other['name']!r} and {layer['name']!r}")
        by_year[years[0]] = layer
    if not by_year:
        raise FetchError(f"{url}: no layer whose name holds a year, found {[layer['name'] for layer in listed]}")
    return [
        _described(parameters, http, f"{url}/{layer['id']}", layer["name"], year, service)
        for year, layer in sorted(by_year.items())
    ]


def _described(parameters: Parameters, http: HttpClient, url: str, name: str, year: str, service: str) -> _Layer:
    layer = _Layer(url, name, year, f"{service}_{year}.ndjson", _ask(http, url))
    wanted = [parameters.text("year_field"), *parameters.required_texts("fields")]
    missing = [field for field in wanted if field not in layer.fields]
    if missing:
        raise FetchError(
            f"{url}: layer {name!r} has no field {', '.join(missing)}, it has {', '.join(layer.fields) or 'none'}"
        )
    return layer


def _download(parameters: Parameters, http: HttpClient, layer: _Layer, target: Path) -> Download:
    query: dict[str, str | int] = {**_ALL, "outFields": "*", "returnGeometry": "false"}
    if identity := layer.description.get("objectIdField"):
        query["orderByFields"] = identity
    where = full_url(f"{layer.url}/query", query)
    size = min(parameters.number("size", PAGE_SIZE), layer.description.get("maxRecordCount") or PAGE_SIZE)
    paged = {**query, "resultRecordCount": size}
    page = partial(_page, http, layer, paged, _count(http, layer), parameters.text("year_field"))
    write_ndjson(target, follow(0, page, where=where), http, where=where)
    return Download(path=target, url=where, vintage=layer.year)


def _page(
    http: HttpClient, layer: _Layer, query: dict[str, str | int], total: int, year_field: str, start: int
) -> tuple[Page, int | None]:
    """Returns the rows from an offset on, and the offset of the next page if the service says that there is one."""
    url = f"{layer.url}/query"
    answer = _ask(http, url, {**query, "resultOffset": start})
    rows = [feature["attributes"] for feature in answer["features"]]
    others = sorted({str(row[year_field]).removesuffix(".0") for row in rows} - {layer.year})
    if others:
        raise FetchError(f"{url}: layer {layer.name!r} is of {layer.year}, a row says {year_field} {others[0]}")
    is_last = not rows or not answer.get("exceededTransferLimit")
    return Page(rows, total), None if is_last else start + len(rows)


def _count(http: HttpClient, layer: _Layer) -> int:
    return int(_ask(http, f"{layer.url}/query", {**_ALL, "returnCountOnly": "true"})["count"])


def _ask(http: HttpClient, url: str, query: Mapping[str, str | int] | None = None) -> dict[str, Any]:
    """Returns a JSON answer. The service sends its errors with the status 200."""
    parameters_sent: dict[str, str | int] = {**(query or {}), "f": "json"}
    answer: dict[str, Any] = http.get_json(url, parameters_sent)
    if error := answer.get("error"):
        details = " ".join([str(error.get("message")), *map(str, error.get("details") or [])])
        raise FetchError(f"{full_url(url, parameters_sent)}: error {error.get('code')}: {' '.join(details.split())}")
    return answer
