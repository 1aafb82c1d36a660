"""Hub'Eau: HTTP 206 while there are more pages, 200 on the last, a depth of 20 000 rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response

PATH = "/api/v1/prelevements/chroniques"
DEPTH = 20_000


@dataclass
class HubEau:
    server: FakeServer
    rows: list[dict[str, Any]]

    def __post_init__(self) -> None:
        self.server.route(PATH, self._rows)

    @property
    def url(self) -> str:
        return f"{self.server.url}{PATH}"

    def _rows(self, request: Request) -> Response:
        page, size = request.integer("page", 1), request.integer("size", 5_000)
        if page * size > DEPTH:
            message = f"the depth page * size = {page * size} exceeds {DEPTH}"
            return json_response({"code": "ValidatePageDepth", "message": message}, 400)
        rows = [row for row in self.rows if _matches(row, request)]
        fields = request.params.get("fields", "")
        names = fields.split(",") if fields else list(self.rows[0])
        last = page * size >= len(rows)
        content = {
            "count": len(rows),
            "next": None if last else self.server.link(request, page=page + 1),
            "data": [{name: row.get(name) for name in names} for row in rows[(page - 1) * size : page * size]],
        }
        return json_response(content, 200 if last else 206)


def _matches(row: dict[str, Any], request: Request) -> bool:
    filters = [(name, value) for name, value in request.query if name in ("annee", "code_departement")]
    return all(str(row[name]) in value.split(",") for name, value in filters)
