"""Grist: the CSV download of a table, in which some columns name people."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from tests.fakes.server import FakeServer, Request, Response, json_response

PATH = "/o/organisation-test/api/docs/jDocTest/download/csv"
PERSONAL = ["Responsable SGPE", "Contact source/DG", "Commentaires"]

HEADER = ["ID", "Indicateur", "Unité", "2023", "2024", "Responsable SGPE", "Contact source/DG", "Commentaires"]
ROWS = [
    ["id-1", "Indicateur Test 1", "ha", "1.5", "", "Personne Test", "personne.test@example.org", "vu avec Personne"],
    ["id-2", 'Indicateur "Test" 2,\nsur deux lignes', "%", "258,461", "19 006", "Personne Test Deux", "", ""],
]


@dataclass
class Grist:
    server: FakeServer
    table_id: str = "Tdb_planif_indicateurs"

    def __post_init__(self) -> None:
        self.header, self.rows = list(HEADER), [list(row) for row in ROWS]
        self.server.route(PATH, self._download)

    @property
    def url(self) -> str:
        return f"{self.server.url}{PATH}?tableId={self.table_id}"

    def _download(self, request: Request) -> Response:
        if request.params.get("tableId") != self.table_id:
            return json_response({"error": "Table not found"}, 404)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerows([self.header, *self.rows])
        return Response(200, text.getvalue().encode(), {"Content-Type": "text/csv; charset=utf-8"})
