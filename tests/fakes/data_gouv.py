"""data.gouv.fr: datasets with their resources (API 1), search and paged resources (API 2), permanent links that
redirect to a static address with a timestamp."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.server import FakeServer, Request, Response, json_response, redirect, serve_file


@dataclass
class Resource:
    """``stamp`` is the upload time in the static address; another upload has another one."""

    resource_id: str
    title: str
    body: bytes
    format: str = "csv"
    stamp: str = "20260203-040506"
    extras: dict[str, Any] = field(default_factory=dict)
    type: str = "main"

    @property
    def last_modified(self) -> str:
        day, clock = self.stamp.split("-")
        return f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}+00:00"

    @property
    def file_name(self) -> str:
        name = re.sub(r"[^a-z0-9.-]+", "-", self.title.lower()).strip("-")
        return name if name.endswith(f".{self.format}") else f"{name}.{self.format}"


@dataclass
class GouvDataset:
    dataset_id: str
    slug: str
    resources: list[Resource]
    tags: list[str] = field(default_factory=list)
    organization: str = "5abca8d588ee386ee6ece479"
    extras: dict[str, Any] = field(default_factory=dict)
    title: str | None = None
    created_at: str = "2024-01-01T00:00:00+00:00"
    publisher: str = "organisation-test"

    @property
    def shown_title(self) -> str:
        return self.title or f"Jeu Test {self.slug}"


@dataclass
class DataGouv:
    """``page_cap`` is the largest page of a search that the portal gives."""

    server: FakeServer
    datasets: list[GouvDataset]
    page_cap: int = 100
    ignores_organization: bool = False

    def __post_init__(self) -> None:
        self.server.route(r"/(?:api/1|fr)/datasets/r/([^/]+)/?", self._permanent)
        self.server.route(r"/api/1/datasets/([^/]+)/", self._dataset)
        self.server.route(r"/api/2/datasets/search/", self._search)
        self.server.route(r"/api/2/datasets/([^/]+)/resources/", self._resources)
        self.server.route(r"/static/resources/([^/]+)/([^/]+)/([^/]+)", self._static)

    def dataset_url(self, slug: str) -> str:
        return f"{self.server.url}/api/1/datasets/{slug}/"

    @property
    def search_url(self) -> str:
        return f"{self.server.url}/api/2/datasets/search/"

    def _dataset(self, request: Request, name: str) -> Response:
        dataset = next((d for d in self.datasets if name in (d.slug, d.dataset_id)), None)
        if dataset is None:
            return json_response({"message": "Dataset not found"}, 404)
        resources = [self._described(dataset, resource) for resource in dataset.resources]
        return json_response(self._summary(dataset) | {"resources": resources})

    def _search(self, request: Request) -> Response:
        tags = {value for name, value in request.query if name == "tag"}
        organization = request.params.get("organization")
        words = request.params.get("q", "").lower().split()
        datasets = [
            dataset
            for dataset in self.datasets
            if tags <= set(dataset.tags)
            and all(word in dataset.shown_title.lower() for word in words)
            and (self.ignores_organization or organization in (None, dataset.organization))
        ]
        return self._paged(request, [self._summary(dataset) | self._subsection(dataset) for dataset in datasets], 20)

    def _resources(self, request: Request, dataset_id: str) -> Response:
        dataset = next((d for d in self.datasets if dataset_id in (d.dataset_id, d.slug)), None)
        if dataset is None:
            return json_response({"message": "Dataset not found"}, 404)
        return self._paged(request, [self._described(dataset, resource) for resource in dataset.resources], 50)

    def _paged(self, request: Request, entries: list[dict[str, Any]], default_size: int) -> Response:
        page = request.integer("page", 1)
        size = min(request.integer("page_size", default_size), self.page_cap)
        more = page * size < len(entries)
        return json_response(
            {
                "data": entries[(page - 1) * size : page * size],
                "total": len(entries),
                "next_page": self.server.link(request, page=page + 1) if more else None,
            }
        )

    def _summary(self, dataset: GouvDataset) -> dict[str, Any]:
        return {
            "id": dataset.dataset_id,
            "slug": dataset.slug,
            "title": dataset.shown_title,
            "created_at": dataset.created_at,
            "tags": dataset.tags,
            "extras": dataset.extras,
            "license": "lov2",
            "organization": {"id": dataset.organization, "name": "Organisation Test", "slug": dataset.publisher},
            "last_update": max((r.last_modified for r in dataset.resources), default=None),
        }

    def _subsection(self, dataset: GouvDataset) -> dict[str, Any]:
        href = f"{self.server.url}/api/2/datasets/{dataset.dataset_id}/resources/?page=1&page_size=50"
        return {"resources": {"rel": "subsection", "href": href, "type": "GET", "total": len(dataset.resources)}}

    def _described(self, dataset: GouvDataset, resource: Resource) -> dict[str, Any]:
        return {
            "id": resource.resource_id,
            "title": resource.title,
            "type": resource.type,
            "format": resource.format,
            "filetype": "file",
            "url": self._static_url(dataset, resource),
            "checksum": {"type": "sha256", "value": hashlib.sha256(resource.body).hexdigest()},
            "last_modified": resource.last_modified,
            "extras": resource.extras,
        }

    def _static_url(self, dataset: GouvDataset, resource: Resource) -> str:
        return f"{self.server.url}/static/resources/{dataset.slug}/{resource.stamp}/{resource.file_name}"

    def _permanent(self, request: Request, resource_id: str) -> Response:
        for dataset in self.datasets:
            for resource in dataset.resources:
                if resource.resource_id == resource_id:
                    return redirect(self._static_url(dataset, resource))
        return json_response({"message": "Resource not found"}, 404)

    def _static(self, request: Request, slug: str, stamp: str, file_name: str) -> Response:
        for dataset in self.datasets:
            for resource in dataset.resources:
                if (dataset.slug, resource.stamp, resource.file_name) == (slug, stamp, file_name):
                    etag = f'"{hashlib.sha256(resource.body).hexdigest()}"'
                    return serve_file(request, resource.body, "text/csv", etag=etag)
        return Response(404, b"", {"Content-Type": "text/plain"})
