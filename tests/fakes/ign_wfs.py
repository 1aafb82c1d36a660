"""IGN Geoplateforme, WFS 2.0: parameter names in any case, pages of at most 5 000 features, geometries.

The description of a layer names its properties; a request that names another one is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response, text_response

PATH = "/wfs/ows"
MAX_COUNT = 5_000


@dataclass
class IgnWfs:
    """Layers, with the properties of their features; each gets a line as its geometry.

    ``page_cap`` is the largest page that the service gives.
    """

    server: FakeServer
    layers: dict[str, list[dict[str, Any]]]
    page_cap: int = MAX_COUNT

    def __post_init__(self) -> None:
        self.server.route(PATH, self._features)

    @property
    def url(self) -> str:
        return f"{self.server.url}{PATH}"

    def _features(self, request: Request) -> Response:
        params = parameters(request)
        if params.get("request") not in ("GetFeature", "DescribeFeatureType") or params.get("service") != "WFS":
            return _exception("MissingParameterValue", "service, request")
        typename = params.get("typenames", params.get("typename", ""))
        features = self.layers.get(typename)
        if features is None:
            return _exception("InvalidParameterValue", f"Feature type {typename} unknown")
        if "json" not in params.get("outputformat", ""):
            return text_response("<wfs:FeatureCollection/>", "text/xml")
        if params["request"] == "DescribeFeatureType":
            return json_response(_described(typename, list(features[0])))
        start = int(params.get("startindex", 0))
        count = min(int(params.get("count", MAX_COUNT)), self.page_cap)
        wanted = [name for name in params.get("propertyname", "").split(",") if name]
        unknown = [name for name in wanted if name not in features[0] and name != "geometrie"]
        if unknown:
            return _exception("InvalidParameterValue", f"Requested property: {unknown[0]} is not available")
        page = features[start : start + count]
        return json_response(
            {
                "type": "FeatureCollection",
                "numberMatched": len(features),
                "numberReturned": len(page),
                "totalFeatures": len(features),
                "features": [_feature(typename, start + i, row, wanted) for i, row in enumerate(page)],
            }
        )


def _described(typename: str, names: list[str]) -> dict[str, Any]:
    namespace, _, name = typename.partition(":")
    properties = [{"name": name, "nillable": True, "type": "xsd:string", "localType": "string"} for name in names]
    geometry = {"name": "geometrie", "nillable": True, "type": "gml:LineString", "localType": "LineString"}
    layer = {"typeName": name, "properties": [*properties, geometry]}
    return {"elementFormDefault": "qualified", "targetPrefix": namespace, "featureTypes": [layer]}


def _feature(typename: str, number: int, row: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
    line = {"type": "LineString", "coordinates": [[1.0, 43.0], [1.0, 43.5]]}
    return {
        "type": "Feature",
        "id": f"{typename.partition(':')[2]}.{number}",
        "geometry": line if not wanted or "geometrie" in wanted else None,
        "properties": {name: value for name, value in row.items() if not wanted or name in wanted},
    }


def parameters(request: Request) -> dict[str, str]:
    """The parameters with their names in lower case, as OGC services read them."""
    return {name.lower(): value for name, value in request.query}


def _exception(code: str, text: str) -> Response:
    report = f'<ows:ExceptionReport><ows:Exception exceptionCode="{code}">{text}</ows:Exception></ows:ExceptionReport>'
    return text_response(report, "application/xml", 400)
