"""data-fair (ADEME, Agence ORE, Enedis): lines with a cursor, whole files.

Parameters that the portal does not know are ignored, which only ``meta.hints`` of a JSON answer says; empty fields are
absent from the objects.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response, serve_file

BASE = "/data-fair/api/v1/datasets"
MAX_SIZE = 10_000
PAGED = frozenset(("size", "after", "select", "sort", "format"))

Row = dict[str, Any]


@dataclass
class DataFair:
    """A dataset. ``fields`` maps each key to its label. ``page_cap`` is the largest page that the portal gives."""

    server: FakeServer
    slug: str
    fields: dict[str, str]
    rows: list[Row]
    updated_at: str = "2026-02-03T04:05:06.000Z"
    raw: bytes = b"Code Commune;Conso\r\n76001;1,5\r\n" * 10
    raw_name: str = "Fichier Test.csv"
    ignored_filters: bool = False
    recognized: frozenset[str] = PAGED
    page_cap: int = MAX_SIZE

    def __post_init__(self) -> None:
        path = f"{BASE}/{re.escape(self.slug)}"
        self.server.route(path, self._metadata)
        self.server.route(f"{path}/lines", self._lines)
        self.server.route(f"{path}/raw", self._raw)
        self.server.route(f"{path}/full", self._full)

    @property
    def url(self) -> str:
        return f"{self.server.url}{BASE}/{self.slug}"

    def _metadata(self, request: Request) -> Response:
        technical = [{"key": key, "type": "string", "x-calculated": True} for key in ("_id", "_i", "_rand")]
        schema = [{"key": key, "x-originalName": label, "type": "string"} for key, label in self.fields.items()]
        return json_response(
            {
                "count": len(self.rows),
                "updatedAt": "2026-09-09T09:09:09.000Z",
                "dataUpdatedAt": self.updated_at,
                "schema": [*schema, *technical],
                "originalFile": {"name": self.raw_name, "size": len(self.raw)},
            }
        )

    def _lines(self, request: Request) -> Response:
        keys = request.params["select"].split(",")
        unknown = [key for key in keys if key not in self.fields]
        if unknown or request.integer("size", 12) > MAX_SIZE:
            return json_response(f"Impossible de sélectionner le champ {unknown}", 400)
        size, start = min(request.integer("size", 12), self.page_cap), request.integer("after", 0)
        rows = self._matching(request)
        page = rows[start : start + size]
        content: Row = {"total": len(rows)}
        if len(page) == size:
            content["next"] = self.server.link(request, after=start + size)
        content["results"] = [
            {key: row[key] for key in keys if row.get(key) not in (None, "")} | {"_score": None} for row in page
        ]
        ignored = [name for name, _ in request.query if name not in self.recognized and not self._is_filter(name)]
        if ignored:
            items = "; ".join(f"{name} is not a recognized query parameter and was ignored" for name in ignored)
            content["meta"] = {"hints": [f"Some parameters were ignored: {items}."]}
        return json_response(content)

    def _is_filter(self, name: str) -> bool:
        key, _, operator = name.rpartition("_")
        return key in self.fields and operator in ("eq", "in")

    def _matching(self, request: Request) -> list[Row]:
        filters = [(name.rpartition("_")[0], given) for name, given in request.query if self._is_filter(name)]
        if self.ignored_filters:
            return self.rows
        return [row for row in self.rows if all(str(row.get(key)) in given.split(",") for key, given in filters)]

    def _raw(self, request: Request) -> Response:
        return serve_file(request, self.raw, "text/csv", last_modified="Tue, 03 Feb 2026 04:05:06 GMT")

    def _full(self, request: Request) -> Response:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.fields.values())
        writer.writerows([[row.get(key, "") for key in self.fields] for row in self.rows])
        return serve_file(request, text.getvalue().encode("utf-8-sig"), "text/csv")
