"""geo.api.gouv.fr: communes, EPCI, departements and regions as arrays without pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response

Entry = dict[str, Any]


def commune(number: int, region: str = "76") -> Entry:
    codes = {"code": f"31{number:03d}", "codeRegion": region, "siren": f"2131{number:05d}"}
    return {"nom": f"Commune Test {number}", "population": number * 10} | codes


@dataclass
class GeoApi:
    server: FakeServer
    entries: dict[str, list[Entry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.route(r"/(communes|epcis|departements|regions)", self._list)

    def _list(self, request: Request, kind: str) -> Response:
        entries = self.entries.get(kind, [])
        if region := request.params.get("codeRegion"):
            entries = [entry for entry in entries if entry["codeRegion"] == region]
        return json_response([_with_fields(entry, request) for entry in entries])


def _with_fields(entry: Entry, request: Request) -> Entry:
    fields = request.params.get("fields")
    names = {"nom", "code", *fields.split(",")} if fields else set(entry)
    return {name: value for name, value in entry.items() if name in names}
