"""The part of udata, the software of data.gouv.fr, that writes: datasets of an account, and the files of each."""

from __future__ import annotations

import email
import json
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, cast
from uuid import uuid4

from tests.fakes.server import FakeServer, Request, Response, json_response

EXTENSIONS = {"csv", "json", "zip"}


@dataclass
class Udata:
    """``files`` holds what was uploaded last, by resource."""

    server: FakeServer
    token: str
    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        of_dataset = "/api/1/datasets/([^/]+)/"
        for method, pattern, handler in (
            ("GET", "/api/1/me/org_datasets/", self._mine),
            ("POST", "/api/1/datasets/", self._make),
            ("GET", of_dataset, lambda _, dataset_id: json_response(self.datasets[dataset_id])),
            ("PUT", of_dataset, self._update),
            ("POST", of_dataset + "upload/", self._upload),
            ("POST", of_dataset + "resources/([^/]+)/upload/", self._upload),
            ("PUT", of_dataset + "resources/([^/]+)/", self._update_resource),
        ):
            self.server.route(pattern, self._for_the_owner(handler), method=method)

    def _for_the_owner(self, handler: Any) -> Any:
        def guarded(request: Request, *names: str) -> Response:
            if request.headers.get("X-API-KEY") != self.token:
                return json_response({"message": "Invalid API Key"}, 401)
            response: Response = handler(request, *names)
            return response

        return guarded

    def _mine(self, request: Request) -> Response:
        shown = request.headers.get("X-Fields", "id").split(",")
        return json_response([{name: entry.get(name) for name in shown} for entry in self.datasets.values()])

    def _make(self, request: Request) -> Response:
        body = json.loads(request.body)
        if not (body.get("title") and body.get("description")):
            return json_response({"errors": {"title": ["This field is required"]}}, 400)
        dataset = {"id": uuid4().hex[:24], "private": False, "deleted": None, "resources": []} | body
        self.datasets[dataset["id"]] = dataset
        return json_response(dataset, 201)

    def _update(self, request: Request, dataset_id: str) -> Response:
        self.datasets[dataset_id] |= json.loads(request.body)
        return json_response(self.datasets[dataset_id])

    def _upload(self, request: Request, dataset_id: str, resource_id: str | None = None) -> Response:
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        (part,) = cast("list[Message]", email.message_from_bytes(head + request.body).get_payload())
        name = part.get_filename() or ""
        if part.get_param("name", header="content-disposition") != "file" or name.rpartition(".")[2] not in EXTENSIONS:
            return json_response({"message": "Upload error"}, 400)
        if resource_id is None:
            resource_id = str(uuid4())
            self.datasets[dataset_id]["resources"].append({"id": resource_id, "filetype": "file"})
        resource = self._resource(dataset_id, resource_id)
        resource["title"] = name
        self.files[resource_id] = cast("bytes", part.get_payload(decode=True))
        return json_response(resource, 201)

    def _update_resource(self, request: Request, dataset_id: str, resource_id: str) -> Response:
        resource, body = self._resource(dataset_id, resource_id), json.loads(request.body)
        if not body.get("title") or body.get("filetype") != resource["filetype"]:
            return json_response({"message": "Cannot modify filetype after creation"}, 400)
        resource |= body
        return json_response(resource)

    def _resource(self, dataset_id: str, resource_id: str) -> dict[str, Any]:
        (resource,) = (entry for entry in self.datasets[dataset_id]["resources"] if entry["id"] == resource_id)
        entry: dict[str, Any] = resource
        return entry
