"""Atmo Data: a login that gives a token, CSV or GeoJSON for whoever bears it, unknown parameters ignored."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response, text_response

LOGIN = "/api/login"
PATH = "/api/v2/data/inventaires/emissions"
ACCOUNT = ("compte-de-test", "mot-de-passe-de-test")
BEARER = "jeton-atmo-de-test"


@dataclass
class AtmoData:
    """``rows`` have the columns of the API. ``expired``: the token that the login gives is refused.

    Without ``follows_filters`` it gives all rows, as where the parameter has another name.
    """

    server: FakeServer
    rows: list[dict[str, Any]]
    expired: bool = False
    follows_filters: bool = True

    def __post_init__(self) -> None:
        self.server.route(LOGIN, self._login, method="POST")
        self.server.route(PATH, self._emissions)

    @property
    def url(self) -> str:
        return f"{self.server.url}{PATH}"

    def _login(self, request: Request) -> Response:
        try:
            account = json.loads(request.body)
        except ValueError:
            return json_response({"code": 400, "message": "Invalid JSON."}, 400)
        if (account.get("username"), account.get("password")) != ACCOUNT:
            return json_response({"code": 401, "message": "Invalid credentials."}, 401)
        return json_response({"token": BEARER})

    def _emissions(self, request: Request) -> Response:
        given = request.headers.get("Authorization")
        if not given:
            return json_response({"code": 401, "message": "JWT Token not found"}, 401)
        if given != f"Bearer {BEARER}" or self.expired:
            return json_response({"code": 401, "message": "Expired JWT Token"}, 401)
        sectors = [text for text in request.params.get("secteur", "").split(",") if text]
        rows = [row for row in self.rows if not (self.follows_filters and sectors) or str(row["code_pcaet"]) in sectors]
        if request.params.get("format") != "csv":
            features = [{"type": "Feature", "geometry": None, "properties": row} for row in rows]
            return json_response({"type": "FeatureCollection", "features": features})
        text = io.StringIO()
        writer = csv.DictWriter(text, list(self.rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text_response(text.getvalue(), "text/csv")
