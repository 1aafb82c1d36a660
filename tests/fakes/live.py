"""The datasets of the catalogue behind the fake of their portal, with the rows of the fixtures.

``serve`` sets up the fake of one dataset and returns its record with the fake's addresses in place of the real ones.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from ingestion.catalog import Dataset, Fetch
from ingestion.portals.support.files import last_segment, slug
from ingestion.portals.support.parameters import Parameters, addresses
from tests.fakes import ecolab_hub
from tests.fakes.atmo_data import AtmoData
from tests.fakes.cubejs import CubeJs
from tests.fakes.data_fair import DataFair
from tests.fakes.data_gouv import DataGouv, GouvDataset, Resource
from tests.fakes.dido import Column, DataFile, Dido, Millesime
from tests.fakes.georisques import Georisques
from tests.fakes.hubeau import HubEau
from tests.fakes.ign_wfs import IgnWfs
from tests.fakes.opendatasoft import Opendatasoft
from tests.fakes.server import FakeServer, Request, Response, serve_file
from tests.fixtures.mirror import text_files

CURRENT_EDITION = date(2026, 1, 31)
Files = Mapping[str, bytes]
Params = dict[str, str | int | list[str]]


def serve(server: FakeServer, dataset: Dataset, files: Files) -> Dataset:
    """Puts the files behind the fake of the dataset's portal."""
    fetch = dataset.fetch
    assert fetch is not None
    url, params = _FAKES[fetch.portal](server, dataset, fetch, files)
    changes = {"url": url, "params": fetch.params | params, "hosts": [], "min_interval": 0.0, "size_floor": 1}
    return dataset.model_copy(update={"fetch": fetch.model_copy(update=changes)})


# Titles by which a record finds its dataset or resource, where the name of the fixture's file does not say it.
TITLES = {
    "cerema_land_take": (
        "Consommation d'espaces naturels, agricoles et forestiers du 1er janvier 2011 au 1er janvier 2025"
    )
}


def live_files(dataset: Dataset, folder: Path) -> dict[str, bytes]:
    """The files of a fixture that stand for what the portal gives; the others show layouts that only a person drops."""
    fetch = dataset.fetch
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    if fetch is None:
        return files
    if fetch.file_name in files:
        return {fetch.file_name: files[fetch.file_name]}
    live = {name: body for name, body in files.items() if _is_live(dataset, fetch, name)} or files
    takes_one = fetch.portal == "data_gouv" and fetch.params.get("take", "latest") == "latest"
    return dict([*live.items()][:1]) if takes_one else live


def _is_live(dataset: Dataset, fetch: Fetch, name: str) -> bool:
    match fetch.portal:
        case "dido":  # the files with one header line
            return not name.startswith("test-") and "_" not in name
        case "plain_file":
            return name in [file_name for _, file_name in addresses(Parameters(dataset, *fetch.params))]
        case "data_gouv":
            titled = re.search(str(fetch.params.get("title", "")), name, re.IGNORECASE)
            return bool(titled) and name.endswith(str(fetch.params.get("format", "")))
        case "opendatasoft":
            dated = rf"{re.escape(last_segment(str(fetch.url)))}(-\d+)?\.{fetch.params.get('format', 'csv')}"
            return re.fullmatch(dated, name) is not None
        case "ecolab_hub":  # whole files: values of other levels, made from a first row, would rival their sums
            left = any(fnmatch(name, pattern) for pattern in Parameters(dataset, *fetch.params).texts("leave"))
            return name in text_files(dataset.dataset_id) and name.endswith(".csv") and not left
        case "data_fair":
            return name.endswith(".ndjson") == (fetch.params["mode"] == "lines")
        case "ign_wfs" | "cubejs":
            return name.endswith(".ndjson" if fetch.portal == "ign_wfs" else ".json")
    return True


def _plain_file(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    for name, body in files.items():
        server.route(f"/files/{re.escape(name)}", lambda request, body=body: serve_file(request, body, "text/csv"))
    if not fetch.params.get("files"):
        return f"{server.url}/files/{next(iter(files))}", {}
    named = [name for _, name in addresses(Parameters(dataset, *fetch.params)) if name in files]
    return f"{server.url}/files/", {"files": [f"{name}={server.url}/files/{name}" for name in named or files]}


def _data_fair(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    name, body = next(iter(files.items()))
    slug, mode = re.sub(r"\W+", "-", last_segment(str(fetch.url))), fetch.params["mode"]
    if mode in ("raw", "full"):
        rows = table_rows(body, ",") if mode == "full" else []
        return DataFair(server, slug, _fields(rows), rows, raw=body, raw_name=name).url, {}
    filters = Parameters(dataset, *fetch.params).pairs("filters")
    asked_for = {name.rpartition("_")[0]: given.split(",")[0] for name, given in filters}
    rows = [asked_for | row for row in ndjson_rows(body)]
    return DataFair(server, slug, _fields(rows), rows).url, {}


def _fields(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Every field of some row, labelled by its key."""
    return {key: key for row in rows for key in row}


def _opendatasoft(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    kind = fetch.params.get("format", "csv")
    read = {name: json.loads(body) if kind == "json" else table_rows(body, ";") for name, body in files.items()}
    rows = {name: [{key.lower(): value for key, value in row.items()} for row in part] for name, part in read.items()}
    dataset_id = last_segment(str(fetch.url))
    if "editions" not in fetch.params:
        whole = [row for part in rows.values() for row in part]
        return Opendatasoft(server, dataset_id, _fields(whole), whole).url, {}
    current = f"{dataset_id}-{CURRENT_EDITION:%d%m%y}.{kind}"
    copies = {PurePosixPath(name).stem: part for name, part in rows.items() if name != current}
    for copy, part in copies.items():
        Opendatasoft(server, copy, _fields(part), part)
    return Opendatasoft(server, dataset_id, _fields(rows[current]), rows[current]).url, {"editions": [*copies]}


def _dido(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    datafiles = []
    for name, body in files.items():
        rows = table_rows(body, ";")
        columns = [Column(label, label) for label in rows[0]]
        stem = PurePosixPath(name).stem
        rid = str(fetch.params.get("datafile") or uuid5(NAMESPACE_URL, name))
        title = stem.replace("electricite", "électricité")
        edition = re.search(r"\d{4}-\d{2}", stem)
        datafiles.append(DataFile(rid, title, [Millesime(edition[0] if edition else "2026-09", columns, rows)]))
    return Dido(server, str(fetch.params["dataset"]), datafiles).url, {}


def _data_gouv(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    resources = [
        Resource(
            resource_id=str(fetch.params.get("resource_id") or uuid5(NAMESPACE_URL, name)),
            title=name,
            body=body,
            format=str(fetch.params.get("format") or PurePosixPath(name).suffix.lstrip(".")),
        )
        for name, body in files.items()
    ]
    slug = "jeu-test"
    publisher = str(fetch.params.get("publisher", "organisation-test"))
    title = TITLES.get(dataset.dataset_id)
    described = GouvDataset("5448d3e0c751df01f8500000", slug, resources, title=title, publisher=publisher)
    fake = DataGouv(server, [described])
    return fake.search_url if "search" in fetch.params else fake.dataset_url(slug), {}


def _ecolab_hub(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    by_slug: dict[str, list[Resource]] = {}
    for name, body in files.items():
        slug, level = PurePosixPath(name).stem.split("__")
        extras = {ecolab_hub.TAG: {"maille": level, "value-column": "valeur", "axes": []}}
        resource = Resource(str(uuid5(NAMESPACE_URL, name)), f"{slug}-{level}.csv", body, extras=extras)
        by_slug.setdefault(slug, []).append(resource)
    datasets = [
        GouvDataset(
            f"67000000000000000000{number:04d}",
            slug,
            resources,
            tags=[ecolab_hub.TAG],
            organization=ecolab_hub.ORGANIZATION,
        )
        for number, (slug, resources) in enumerate(by_slug.items())
    ]
    return DataGouv(server, datasets).search_url, {}


def _hubeau(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    rows = [row for body in files.values() for row in ndjson_rows(body)]
    asked: Params = {
        "years": sorted({str(row["annee"]) for row in rows}),
        "departements": sorted({str(row["code_departement"]) for row in rows}),
    }
    return HubEau(server, rows).url, asked


def _georisques(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    archives = {int(PurePosixPath(name).stem): body for name, body in files.items()}
    return Georisques(server, {**archives}).url, {}


def _ign_wfs(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    typenames = Parameters(dataset, *fetch.params).texts("typename")
    layers = {name: ndjson_rows(files[f"{slug(name)}.ndjson"]) for name in typenames if f"{slug(name)}.ndjson" in files}
    return IgnWfs(server, layers).url, {"typename": [*layers]}


def _cubejs(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    return CubeJs(server, [row for body in files.values() for row in json.loads(body)["data"]]).url, {}


def _grist_csv(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    """The tables as they are, by the query that asks for them."""
    named = dict(Parameters(dataset, *fetch.params).pairs("files"))

    def download(request: Request) -> Response:
        asked = dict(request.query)["tableId"]
        name = next(name for name, address in named.items() if address.endswith(f"tableId={asked}"))
        return Response(200, files[name], {"Content-Type": "text/csv; charset=utf-8"})

    server.route(".*/download/csv", download)
    url = f"{server.url}{urlsplit(str(fetch.url)).path}"
    return url, {"files": [f"{name}={address}" for name, address in named.items() if name in files]}


def _atmo_data(server: FakeServer, dataset: Dataset, fetch: Fetch, files: Files) -> tuple[str, Params]:
    return AtmoData(server, [row for body in files.values() for row in table_rows(body, ",")]).url, {}


_FAKES: dict[str, Callable[[FakeServer, Dataset, Fetch, Files], tuple[str, Params]]] = {
    "plain_file": _plain_file,
    "data_fair": _data_fair,
    "opendatasoft": _opendatasoft,
    "dido": _dido,
    "data_gouv": _data_gouv,
    "ecolab_hub": _ecolab_hub,
    "hubeau": _hubeau,
    "georisques": _georisques,
    "ign_wfs": _ign_wfs,
    "grist_csv": _grist_csv,
    "cubejs": _cubejs,
    "atmo_data": _atmo_data,
}


def table_rows(body: bytes, separator: str) -> list[dict[str, Any]]:
    """The rows of a CSV file of one header line."""
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=separator))


def ndjson_rows(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.decode().splitlines() if line]
