"""Feature services of ArcGIS: errors with the status 200, pages by offset, layers whose numbers follow no order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response, text_response

ROOT = "/Organisation/arcgis/rest/services"
IDENTITY = "OBJECTID"
MAX_RECORDS = 2_000


@dataclass
class Layer:
    """A layer: its number, its name, and the attributes of its features; ``name`` may hold the year."""

    number: int
    name: str
    rows: list[dict[str, Any]]

    @property
    def features(self) -> list[dict[str, Any]]:
        return [{IDENTITY: number, **row, "Shape__Area": 1.5} for number, row in enumerate(self.rows, 1)]


@dataclass
class ArcGis:
    """Services by name. ``page_cap`` is the most rows that an answer holds, ``max_records`` what the layers say."""

    server: FakeServer
    services: dict[str, list[Layer]]
    page_cap: int = MAX_RECORDS
    max_records: int = MAX_RECORDS

    def __post_init__(self) -> None:
        self.server.route(f"{ROOT}/(\\w+)/FeatureServer", self._service)
        self.server.route(f"{ROOT}/(\\w+)/FeatureServer/(\\d+)", self._layer)
        self.server.route(f"{ROOT}/(\\w+)/FeatureServer/(\\d+)/query", self._query)

    @property
    def url(self) -> str:
        return f"{self.server.url}{ROOT}"

    def _service(self, request: Request, service: str) -> Response:
        layers = self.services.get(service)
        if layers is None:
            return _error(400, "Invalid URL")
        described = [{"id": layer.number, "name": layer.name, "type": "Feature Layer"} for layer in layers]
        return _answer(request, {"maxRecordCount": self.max_records, "layers": described, "tables": []})

    def _layer(self, request: Request, service: str, number: str) -> Response:
        layer = self._found(service, number)
        if layer is None:
            return _error(400, "Invalid URL")
        described = {
            "id": layer.number,
            "name": layer.name,
            "objectIdField": IDENTITY,
            "maxRecordCount": self.max_records,
            "fields": [
                {"name": name, "type": _type(name, layer), "alias": name} for name in layer.features[0]
            ],
        }  # fmt: skip
        return _answer(request, described)

    def _query(self, request: Request, service: str, number: str) -> Response:
        layer, params = self._found(service, number), request.params
        if layer is None:
            return _error(400, "Invalid URL")
        if not params.get("where"):
            return _error(400, "Cannot perform query. Invalid query parameters.", ["'where' clause is missing"])
        if params.get("returnCountOnly") == "true":
            return _answer(request, {"count": len(layer.features)})
        wanted = list(layer.features[0]) if params.get("outFields") == "*" else params.get("outFields", "").split(",")
        unknown = [name for name in [*wanted, params.get("orderByFields", IDENTITY)] if name not in layer.features[0]]
        if unknown:
            return _error(400, "Cannot perform query. Invalid query parameters.", [f"'Invalid field: {unknown[0]}'"])
        start = request.integer("resultOffset", 0)
        count = min(request.integer("resultRecordCount", self.max_records), self.page_cap)
        page = layer.features[start : start + count]
        content: dict[str, Any] = {
            "objectIdFieldName": IDENTITY,
            "features": [_feature(row, wanted, params.get("returnGeometry") != "false") for row in page],
        }
        if start + count < len(layer.features):
            content["exceededTransferLimit"] = True
        return _answer(request, content)

    def _found(self, service: str, number: str) -> Layer | None:
        return next((layer for layer in self.services.get(service, []) if str(layer.number) == number), None)


def _feature(row: dict[str, Any], wanted: list[str], geometry: bool) -> dict[str, Any]:
    feature: dict[str, Any] = {"attributes": {name: row[name] for name in wanted}}
    return feature | ({"geometry": {"rings": [[[1.0, 43.0], [1.0, 43.5], [1.0, 43.0]]]}} if geometry else {})


def _type(name: str, layer: Layer) -> str:
    if name == IDENTITY:
        return "esriFieldTypeOID"
    value = layer.features[0][name]
    return f"esriFieldType{'String' if isinstance(value, str) else 'Integer' if isinstance(value, int) else 'Double'}"


def _answer(request: Request, content: dict[str, Any]) -> Response:
    """JSON for whoever asks for it; else the page of the directory."""
    return json_response(content) if request.params.get("f") == "json" else text_response("<html></html>", "text/html")


def _error(code: int, message: str, details: list[str] | None = None) -> Response:
    return json_response({"error": {"code": code, "message": message, "details": details or []}})
