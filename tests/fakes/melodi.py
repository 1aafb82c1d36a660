"""INSEE Melodi: observations with dimensions, paged by a ``next`` address and an ``isLast`` mark.

What fits one page has neither of them. A missing value is a measure without ``value``; a query that matches nothing
gets an empty list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response

BASE = "/melodi/data"
RESERVED = {"maxResult", "page", "totalCount", "idTerritoire", "range"}


@dataclass
class Observation:
    dimensions: dict[str, str]
    value: float | None
    status: str = "A"

    def content(self) -> dict[str, Any]:
        return {
            "dimensions": self.dimensions,
            "attributes": {"OBS_STATUS": self.status},
            "measures": {"OBS_VALUE_NIVEAU": {"value": self.value} if self.value is not None else {}},
        }


@dataclass
class Melodi:
    """``page_cap`` is the largest page that the API gives, whatever ``maxResult`` asks."""

    server: FakeServer
    dataset_id: str
    observations: list[Observation]
    page_cap: int = 10_000

    def __post_init__(self) -> None:
        self.server.route(f"{BASE}/{self.dataset_id}", self._data)

    @property
    def url(self) -> str:
        return f"{self.server.url}{BASE}/{self.dataset_id}"

    def _data(self, request: Request) -> Response:
        wanted: dict[str, set[str]] = {}
        for name, value in request.query:
            if name not in RESERVED:
                wanted.setdefault(name, set()).add(value)
        observations = [observation for observation in self.observations if _matches(observation, wanted)]
        page = request.integer("page", 1)
        size = min(request.integer("maxResult", 1_000), self.page_cap)
        last = page * size >= len(observations)
        paging: dict[str, Any] = {"first": self.server.link(request, page=1)}
        if len(observations) > size:
            paging["isLast"] = last
        if not last:
            paging["next"] = self.server.link(request, page=page + 1)
        if request.params.get("totalCount", "").lower() == "true":
            paging["count"] = len(observations)
        return json_response(
            {
                "observations": [o.content() for o in observations[(page - 1) * size : page * size]],
                "paging": paging,
            }
        )


def _matches(observation: Observation, wanted: dict[str, set[str]]) -> bool:
    for name, values in wanted.items():
        code = observation.dimensions.get(name, "")
        level = code.split("-")[1] if name == "GEO" and "-" in code else code
        if not values & {code, level, code.partition("-")[2]}:
            return False
    return True
