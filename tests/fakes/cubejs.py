"""The hub's Cube.js API: a bearer token, answers that say to wait, numbers as text, a limit on the rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response

BASE = "/cubejs-api/v1"
BEARER = "jeton-de-test"
DEFAULT_LIMIT = 10_000
MAX_LIMIT = 50_000


@dataclass
class CubeJs:
    """``rows`` hold ``cube.member`` keys; the next ``waits`` answers of a load say ``Continue wait``."""

    server: FakeServer
    rows: list[dict[str, Any]]
    waits: int = 0

    def __post_init__(self) -> None:
        self.server.route(f"{BASE}/meta", self._meta)
        self.server.route(f"{BASE}/load", self._load, method="POST")

    @property
    def url(self) -> str:
        return f"{self.server.url}{BASE}"

    def queries(self) -> list[dict[str, Any]]:
        """The queries of the loads received so far."""
        return [_query(request) for request in self.server.calls(f"{BASE}/load$")]

    def _meta(self, request: Request) -> Response:
        members = sorted({key for row in self.rows for key in row})
        cubes = sorted({member.split(".")[0] for member in members})
        described = [
            {"name": cube, "measures": [{"name": m} for m in members if m.startswith(f"{cube}.") and _is_measure(m)]}
            for cube in cubes
        ]
        return self._refusal(request) or json_response({"cubes": described})

    def _load(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal:
            return refusal
        if self.waits:
            self.waits -= 1
            return json_response({"error": "Continue wait"})
        query = _query(request)
        limit, offset = int(query.get("limit", DEFAULT_LIMIT)), int(query.get("offset", 0))
        if limit > MAX_LIMIT:
            return json_response({"error": f"Query limit is exceeded: {limit} > {MAX_LIMIT}"}, 400)
        times = [time["dimension"] for time in query.get("timeDimensions", [])]
        members = [*query.get("measures", []), *query.get("dimensions", []), *times]
        misplaced = [m for m in query.get("dimensions", []) if _is_measure(m)]
        if misplaced or len({m.split(".")[0] for m in members}) > 1:
            return json_response({"error": f"Error: {misplaced or members} not found for path"}, 400)
        data = []
        for row in [row for row in self.rows if set(query["measures"]) <= set(row)][offset : offset + limit]:
            values = {member: row.get(member) for member in members}
            values |= {
                f"{time['dimension']}.{time['granularity']}": row[time["dimension"]] for time in _by_period(query)
            }
            data.append(values)
        return json_response({"query": query, "data": data, "annotation": {}})

    def _refusal(self, request: Request) -> Response | None:
        given = request.headers.get("Authorization")
        if not given:
            return json_response({"error": "Authorization header isn't set"}, 403)
        return None if given == f"Bearer {BEARER}" else json_response({"error": "Invalid token"}, 401)


def _is_measure(member: str) -> bool:
    return member.split(".")[1].startswith("id_")


def _by_period(query: dict[str, Any]) -> list[dict[str, Any]]:
    return [time for time in query.get("timeDimensions", []) if "granularity" in time]


def _query(request: Request) -> dict[str, Any]:
    return dict(json.loads(request.body)["query"])
