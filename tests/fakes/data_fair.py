"""data-fair (ADEME, Agence ORE, Enedis): lines with a cursor, server-side aggregation, whole files.

Parameters that the portal does not know are ignored, which only ``meta.hints`` of a JSON answer says; empty fields are
absent from the objects.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response, serve_file

BASE = "/data-fair/api/v1/datasets"
MAX_SIZE = 10_000
MAX_BUCKETS = 1_000
MAX_COMBINED = 100_000  # announced: the portal warns about more until it refuses it
DEFAULT_SIZE = 12
DEFAULT_BUCKETS = 20

Row = dict[str, Any]
Term = tuple[str, str, str, str, str, str]

_PAGED = ("size", "after", "select", "sort", "format", "qs")
_GROUPED = ("agg_size", "field", "interval", "missing")
_TERM = re.compile(r'(NOT )?(\w+):(?:"([^"]*)"|\[(\S+) TO (\S+)\]|(\S+))')
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda value, given: value == given,
    "in": lambda value, given: value in given.split(","),
    "gte": lambda value, given: value >= given,
}


class _BadRequestError(Exception):
    pass


@dataclass
class DataFair:
    """A dataset, reachable by slug or internal id. ``fields`` maps each key to its label."""

    server: FakeServer
    slug: str
    fields: dict[str, str]
    rows: list[Row]
    internal_id: str = "meg-test0000000000000001"
    updated_at: str = "2026-02-03T04:05:06.000Z"
    raw: bytes = b"Code Commune;Conso\r\n76001;1,5\r\n" * 10
    raw_name: str = "Fichier Test.csv"
    ignored_filters: bool = False
    recognized: frozenset[str] = frozenset((*_PAGED, *_GROUPED))

    def __post_init__(self) -> None:
        path = f"{BASE}/(?:{re.escape(self.slug)}|{self.internal_id})"
        self.server.route(path, self._metadata)
        self.server.route(f"{path}/lines", self._lines)
        self.server.route(f"{path}/values_agg", self._values_agg)
        self.server.route(f"{path}/raw", self._raw)
        self.server.route(f"{path}/data-files/(.+)", self._raw)
        self.server.route(f"{path}/full", self._full)

    @property
    def url(self) -> str:
        return f"{self.server.url}{BASE}/{self.slug}"

    def _metadata(self, request: Request) -> Response:
        technical = [{"key": key, "type": "string", "x-calculated": True} for key in ("_id", "_i", "_rand")]
        schema = [
            {"key": key, "title": label, "x-originalName": label, "type": "string", "description": ""}
            for key, label in self.fields.items()
        ]
        return json_response(
            {
                "id": self.internal_id,
                "count": len(self.rows),
                "updatedAt": "2026-09-09T09:09:09.000Z",
                "dataUpdatedAt": self.updated_at,
                "license": {"title": "Licence Ouverte / Open Licence version 2.0"},
                "schema": [*schema, *technical],
                "originalFile": {"name": self.raw_name, "size": len(self.raw)},
            }
        )

    def _lines(self, request: Request) -> Response:
        try:
            return self._page(request)
        except _BadRequestError as error:
            return json_response(str(error), 400)

    def _page(self, request: Request) -> Response:
        size = request.integer("size", DEFAULT_SIZE)
        start = request.integer("after", 0)
        if size > MAX_SIZE:
            raise _BadRequestError(f'"size + skip" cannot be more than {MAX_SIZE}')
        keys = self._selected(request)
        rows = self._matching(request)
        page = rows[start : start + size]
        content: Row = {"total": len(rows)}
        if size and len(page) == size:
            next_request = Request("GET", f"{BASE}/{self.internal_id}/lines", request.query, request.headers)
            content["next"] = self.server.link(next_request, after=start + size)
        content["results"] = [
            {key: row[key] for key in keys if row.get(key) not in (None, "")} | {"_score": None} for row in page
        ]
        return json_response(content | self._meta(request))

    def _values_agg(self, request: Request) -> Response:
        try:
            fields = request.params.get("field", "").split(";")
            sizes = [int(size) for size in request.params.get("agg_size", str(DEFAULT_BUCKETS)).split(";")]
            sizes += [DEFAULT_BUCKETS] * (len(fields) - len(sizes))
            if max(sizes) > MAX_BUCKETS:
                raise _BadRequestError(f'"agg_size" cannot be more than {MAX_BUCKETS}')
            if prod(sizes) > MAX_COMBINED:
                raise _BadRequestError(f'"size" x "agg_size" cannot be more than {MAX_COMBINED}')
            self._check_fields(fields)
            levels = [request.params.get(name, "").split(";") for name in ("interval", "missing")]
            intervals, missings = ([*level, *[""] * len(fields)] for level in levels)
            intervals = ["" if interval == "value" else interval for interval in intervals]
            rows = [self._grouped(row, fields, intervals, missings) for row in self._matching(request)]
            kept = [None if interval else size for size, interval in zip(sizes, intervals, strict=False)]
            return json_response(self._buckets(rows, fields, kept, request.params) | self._meta(request))
        except _BadRequestError as error:
            return json_response(str(error), 400)

    def _meta(self, request: Request) -> Row:
        """The part of an answer that is there only when there is something to say."""
        ignored = [name for name, _ in request.query if name not in self.recognized and not self._is_filter(name)]
        if not ignored:
            return {}
        items = "; ".join(f"{name} is not a recognized query parameter and was ignored" for name in ignored)
        return {"meta": {"hints": [f"Some parameters were ignored: {items}."]}}

    def _is_filter(self, name: str) -> bool:
        key, _, operator = name.rpartition("_")
        return key in self.fields and (operator in _OPERATORS or operator == "nexists")

    def _grouped(self, row: Row, fields: list[str], intervals: list[str], missings: list[str]) -> Row:
        """The row with the values under which it is counted.

        An interval of dates has no group for a missing one, and begins at midnight in France.
        """
        values: Row = {}
        for field, interval, missing in zip(fields, intervals, missings, strict=False):
            value = row.get(field)
            if interval == "year":
                values[field] = f"{str(value)[:4]}-01-01T00:00:00.000+01:00" if value else None
            else:
                values[field] = (missing or None) if value in (None, "") else value
        return row | values

    def _buckets(self, rows: list[Row], fields: list[str], sizes: list[int | None], params: dict[str, str]) -> Row:
        """The groups of a level; all of them where it is an interval, which has no size."""
        field, *deeper = fields
        by_value: dict[Any, list[Row]] = defaultdict(list)
        for row in rows:
            if row.get(field) not in (None, ""):
                by_value[row[field]].append(row)
        counts = Counter({value: len(members) for value, members in by_value.items()})
        kept = counts.most_common(sizes[0])
        aggs = []
        for value, total in kept:
            members = by_value[value]
            bucket: Row = {"value": value, "total": total}
            if deeper:
                inner = self._buckets(members, deeper, sizes[1:], params)
                bucket |= {"total_other": inner["total_other"], "aggs": inner["aggs"]}
            aggs.append(bucket)
        other = sum(counts.values()) - sum(total for _, total in kept)
        return {"total": len(rows), "total_values": len(counts), "total_other": other, "aggs": aggs}

    def _raw(self, request: Request, *_: str) -> Response:
        return serve_file(request, self.raw, "text/csv", last_modified="Tue, 03 Feb 2026 04:05:06 GMT")

    def _full(self, request: Request) -> Response:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.fields.values())
        writer.writerows([[row.get(key, "") for key in self.fields] for row in self.rows])
        return serve_file(request, text.getvalue().encode("utf-8-sig"), "text/csv")

    def _selected(self, request: Request) -> list[str]:
        select = request.params.get("select", "")
        if not select or select == "*":
            return list(self.fields)
        keys = select.split(",")
        self._check_fields(keys)
        return keys

    def _check_fields(self, keys: list[str]) -> None:
        for key in keys:
            if key not in self.fields:
                raise _BadRequestError(
                    f"Impossible de sélectionner le champ {key}, il n'existe pas dans le jeu de données."
                )

    def _matching(self, request: Request) -> list[Row]:
        if self.ignored_filters:
            return self.rows
        terms = _TERM.findall(request.params.get("qs", ""))
        self._check_terms(terms)
        rows = [row for row in self.rows if _matches(row, terms)] if terms else self.rows
        for name, given in request.query:
            key, _, operator = name.rpartition("_")
            if key in self.fields and operator == "nexists":
                rows = [row for row in rows if row.get(key) in (None, "")]
            if key in self.fields and operator in _OPERATORS:
                compare = _OPERATORS[operator]
                rows = [row for row in rows if row.get(key) is not None and compare(str(row[key]), given)]
        return rows

    def _check_terms(self, terms: list[Term]) -> None:
        for _, key, _, _, _, bare in terms:
            if key == "_exists_":
                self._check_fields([bare])
            elif key not in self.fields:
                raise _BadRequestError(f"Impossible de faire une recherche sur le champ {key}, il n'existe pas.")


def _matches(row: Row, terms: list[Term]) -> bool:
    for negation, key, quoted, low, high, bare in terms:
        if key == "_exists_":
            if (row.get(bare) in (None, "")) != bool(negation):
                return False
            continue
        value = "" if row.get(key) is None else str(row[key])
        if low:
            if not value or (low != "*" and value < low) or (high != "*" and value > high):
                return False
        elif (value == (quoted or bare)) == bool(negation):
            return False
    return True
