"""Opendatasoft Explore v2.1 (ODRE, GRDF): metadata, capped records, exports without a cap."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response

BASE = "/api/explore/v2.1/catalog/datasets"

_CONDITION = re.compile(r"(\w+)\s*(>=|<)\s*(?:date)?'([^']*)'")
_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    ">=": lambda value, given: value >= given,
    "<": lambda value, given: value < given,
}


@dataclass
class Opendatasoft:
    """A dataset. ``fields`` maps each field name to its label; labels head a CSV unless ``use_labels=false``."""

    server: FakeServer
    dataset_id: str
    fields: dict[str, str]
    rows: list[dict[str, Any]]
    data_processed: str = "2026-03-04T05:06:07.890000+00:00"
    records_count: int | None = None
    title: str = "Jeu Test (au 31/01/2026)"
    hidden_from_exports: int = 0

    def __post_init__(self) -> None:
        path = f"{BASE}/{self.dataset_id}"
        self.server.route(path, self._metadata)
        self.server.route(f"{path}/records", self._records)
        self.server.route(f"{path}/exports/(csv|json|parquet)", self._export)

    @property
    def url(self) -> str:
        return f"{self.server.url}{BASE}/{self.dataset_id}"

    def _metadata(self, request: Request) -> Response:
        return json_response(
            {
                "dataset_id": self.dataset_id,
                "metas": {
                    "default": {
                        "title": self.title,
                        "data_processed": self.data_processed,
                        "records_count": len(self.rows) if self.records_count is None else self.records_count,
                        "license": "Licence Ouverte v2.0 (Etalab)",
                    }
                },
                "fields": [{"name": name, "label": label, "type": "text"} for name, label in self.fields.items()],
            }
        )

    def _records(self, request: Request) -> Response:
        rows = self._found(request)
        if isinstance(rows, Response):
            return rows
        return json_response({"total_count": len(rows), "results": rows[: request.integer("limit", 10)]})

    def _export(self, request: Request, file_format: str) -> Response:
        rows = self._found(request)
        if isinstance(rows, Response):
            return rows
        rows = rows[self.hidden_from_exports :]
        if file_format == "json":
            return json_response(rows)
        names = self._selected(request)
        text = io.StringIO()
        writer = csv.writer(text, delimiter=request.params.get("delimiter", ";"), lineterminator="\r\n")
        labels = request.params.get("use_labels", "true") == "true"
        writer.writerow([self.fields[name] if labels else name for name in names])
        writer.writerows([[row.get(name, "") for name in names] for row in rows])
        return Response(200, text.getvalue().encode("utf-8-sig"), {"Content-Type": "text/csv; charset=utf-8"})

    def _found(self, request: Request) -> list[dict[str, Any]] | Response:
        names = self._selected(request)
        conditions = _CONDITION.findall(request.params.get("where", ""))
        for name in [*names, *(condition[0] for condition in conditions)]:
            if name not in self.fields:
                return json_response({"error_code": "ODSQLError", "message": f"Unknown field: {name}"}, 400)
        rows = self.rows
        for name, operator, given in conditions:
            compare = _COMPARISONS[operator]
            rows = [row for row in rows if row.get(name) is not None and compare(str(row[name]), given)]
        return [{name: row.get(name) for name in names} for row in rows]

    def _selected(self, request: Request) -> list[str]:
        select = request.params.get("select", "")
        return [name.strip() for name in select.split(",")] if select and select != "*" else list(self.fields)
