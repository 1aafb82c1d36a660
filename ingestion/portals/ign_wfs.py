"""IGN Géoplateforme, WFS 2.0: the properties of the features as NDJSON, without their geometry.

The server refuses a request for a property that the layer does not have, so the description of the layer is requested
first. A name in ``properties`` that ends in ``?`` is optional.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support.checks import check_key
from ingestion.portals.support.files import each_part, slug
from ingestion.portals.support.pages import Page, follow, integer, rows_of, write_ndjson
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PAGE_SIZE = 5_000
PARAMETERS = ("typename", "properties", "sort", "key")


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads a file per feature type. The service has no version mark, so they are downloaded each time."""
    parts = {
        name: partial(_layer, parameters, http, typename, place(workdir, name))
        for typename in parameters.required_texts("typename")
        for name in [f"{slug(typename)}.ndjson"]
    }
    return each_part(http, parameters.dataset.dataset_id, previous, parts)


def _layer(parameters: Parameters, http: HttpClient, typename: str, target: Path) -> Download:
    properties = _known_properties(parameters, http, typename)
    query = _request("GetFeature", typename) | {"COUNT": PAGE_SIZE, "PROPERTYNAME": ",".join(properties)}
    query["SORTBY"] = parameters.text("sort")
    url = full_url(parameters.url, query)
    pages = follow(0, partial(_page, http, parameters.url, query, url), where=url)
    rows = write_ndjson(target, pages, columns=properties)
    check_key(target, parameters.required_texts("key"), rows, url)
    return Download(path=target, url=url)


def _known_properties(parameters: Parameters, http: HttpClient, typename: str) -> list[str]:
    """Returns the properties to ask for: the columns of the record that the layer has.

    Raises:
        FetchError: the layer lacks a property that is not optional, or one of the sort or the key.
    """
    properties = parameters.required_texts("properties")
    answer = http.get_json(parameters.url, _request("DescribeFeatureType", typename))
    described = [property_ for layer in answer["featureTypes"] for property_ in layer["properties"]]
    property_names = [property_["name"] for property_ in described]
    needed = [name for name in properties if not name.endswith("?")]
    if missing := [name for name in [*needed, *parameters.texts("key")] if name not in property_names]:
        names = ", ".join(dict.fromkeys(missing))
        raise FetchError(
            f"{parameters.url}: the layer {typename} has no property {names}, it has {', '.join(property_names)}"
        )
    return [name.removesuffix("?") for name in properties if name.removesuffix("?") in property_names]


def _request(operation: str, typename: str) -> dict[str, str | int]:
    return {
        "SERVICE": "WFS",
        "VERSION": "2.0.0",
        "REQUEST": operation,
        "TYPENAMES": typename,
        "OUTPUTFORMAT": "application/json",
    }


def _page(http: HttpClient, url: str, query: dict[str, str | int], where: str, start: int) -> tuple[Page, int | None]:
    """Returns the features from an offset on, and the next offset. A page may have fewer features than requested."""
    answer = http.get_json(url, query | {"STARTINDEX": start})
    features, total = rows_of(answer, "features", where), _total(answer)
    if total is None:
        raise FetchError(
            f"{where}: numberMatched is {answer.get('numberMatched')!r}: nobody can tell whether the layer is whole"
        )
    following = start + len(features)
    page = Page([feature.get("properties") or {} for feature in features], total)
    return page, following if features and following < total else None


def _total(answer: dict[str, Any]) -> int | None:
    numbers = (integer(answer.get(name)) for name in ("numberMatched", "totalFeatures"))
    return next((number for number in numbers if number is not None), None)
