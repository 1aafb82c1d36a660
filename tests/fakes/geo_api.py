"""geo.api.gouv.fr: communes, EPCI, departements and regions as arrays without pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response

FILTERS = ("code", "codeRegion", "codeDepartement", "codeEpci")
Entry = dict[str, Any]


def commune(number: int, region: str = "76") -> Entry:
    return {
        "nom": f"Commune Test {number}",
        "code": f"31{number:03d}",
        "codeDepartement": "31",
        "codeRegion": region,
        "codeEpci": "200000001",
        "siren": f"2131{number:05d}",
        "codesPostaux": [f"31{number:03d}"],
        "population": number * 10,
        "surface": 100.5,
    }


@dataclass
class GeoApi:
    server: FakeServer
    entries: dict[str, list[Entry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.route(r"/(communes|epcis|departements|regions)", self._list)

    def _list(self, request: Request, kind: str) -> Response:
        entries = self.entries.get(kind, [])
        for name, value in request.query:
            if name in FILTERS:
                entries = [entry for entry in entries if entry.get(name) == value]
        return json_response([_with_fields(entry, request) for entry in entries])


def _with_fields(entry: Entry, request: Request) -> Entry:
    fields = request.params.get("fields")
    names = {"nom", "code", *fields.split(",")} if fields else set(entry)
    return {name: value for name, value in entry.items() if name in names}
