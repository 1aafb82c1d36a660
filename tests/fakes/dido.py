"""DiDo, the statistical service's portal: files by millesime, header lines by flag, secrecy as text.

A millesime that is not out yet is in the description, and its rows cannot be had: there are none in the answer.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response

BASE = "/dido/api/v1"

Row = dict[str, str]

_FLAGS = {"withColumnDescription": "true", "withColumnName": "true", "withColumnUnit": "false"}


@dataclass
class Column:
    name: str
    description: str
    unit: str = ""


@dataclass
class Millesime:
    """An edition of a file, announced before the moment of its release. The order of its columns is its own."""

    label: str
    columns: list[Column]
    rows: list[Row]
    released: str = "2026-02-03T06:00:00.000Z"


@dataclass
class DataFile:
    rid: str
    title: str
    millesimes: list[Millesime]


@dataclass
class Dido:
    server: FakeServer
    dataset_id: str
    datafiles: list[DataFile] = field(default_factory=list)
    last_update: str = "2026-02-03T04:05:06Z"
    now: str = "2099"
    ignored_flags: bool = False
    ignores_filters: bool = False
    hidden_rows: int = 0

    def __post_init__(self) -> None:
        self.server.route(f"{BASE}/datasets/([^/]+)", self._dataset)
        self.server.route(f"{BASE}/datafiles/([^/]+)/csv", self._content)

    @property
    def url(self) -> str:
        return f"{self.server.url}{BASE}"

    def _dataset(self, request: Request, dataset_id: str) -> Response:
        return json_response(self._description()) if dataset_id == self.dataset_id else _not_found(dataset_id)

    def _content(self, request: Request, rid: str) -> Response:
        datafile = self._find(rid)
        if datafile is None:
            return _not_found(rid)
        released = [m for m in datafile.millesimes if m.released <= self.now]
        newest = max(m.label for m in released)
        label = request.params.get("millesime", newest)
        millesime = next(m for m in released if m.label == label)
        rows = millesime.rows if self.ignores_filters else _filtered(millesime, request)
        flags = _FLAGS | ({} if self.ignored_flags else request.params)
        return _csv(millesime.columns, rows[self.hidden_rows :], flags)

    def _find(self, rid: str) -> DataFile | None:
        return next((datafile for datafile in self.datafiles if datafile.rid == rid), None)

    def _description(self) -> dict[str, Any]:
        return {
            "id": self.dataset_id,
            "title": "Jeu Test",
            "last_update": self.last_update,
            "license": "fr-lo",
            "datafiles": [_described(datafile) for datafile in self.datafiles],
        }


def _described(datafile: DataFile) -> dict[str, Any]:
    millesimes = [
        {
            "millesime": millesime.label,
            "date_diffusion": millesime.released,
            "rows": len(millesime.rows),
            "columns": [{"name": c.name, "description": c.description, "unit": c.unit} for c in millesime.columns],
        }
        for millesime in datafile.millesimes
    ]
    return {"rid": datafile.rid, "title": datafile.title, "millesimes": millesimes}


def _filtered(millesime: Millesime, request: Request) -> list[Row]:
    names = {column.name for column in millesime.columns}
    wanted = [(name, condition.removeprefix("eq:")) for name, condition in request.query if name in names]
    return [row for row in millesime.rows if all(row[name] == given for name, given in wanted)]


def _csv(columns: list[Column], rows: list[Row], flags: dict[str, str]) -> Response:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    if flags["withColumnDescription"] == "true":
        writer.writerow([column.description for column in columns])
    if flags["withColumnName"] == "true":
        writer.writerow([column.name for column in columns])
    if flags["withColumnUnit"] == "true":
        writer.writerow([column.unit for column in columns])
    writer.writerows([[row[column.name] for column in columns] for row in rows])
    return Response(200, text.getvalue().encode("utf-8-sig"), {"Content-Type": "text/csv; charset=utf-8"})


def _not_found(name: str) -> Response:
    return json_response({"message": f"{re.sub(r'[^a-zA-Z0-9-]', '', name)} not found"}, 404)
