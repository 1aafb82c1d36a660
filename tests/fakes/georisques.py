"""Géorisques, industrial releases (IREP): an index of the years with null links, and one zip per year."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.server import FakeServer, Request, Response, json_response, serve_file
from tests.fixtures.mirror import zipped

INDEX = "/webappReport/ws/telechargement/irep"
_MODIFIED = "Tue, 03 Feb 2026 04:05:06 GMT"


def year_archive(year: int) -> bytes:
    return zipped({f"{year}/emissions.csv": f"identifiant;annee_emission\n1;{year}\n".encode()})


@dataclass
class Georisques:
    """``archives`` by year; None is a year that is listed and not published."""

    server: FakeServer
    archives: dict[int, bytes | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.route(INDEX, self._index)
        self.server.route(r"/irep/(\d{4})\.zip", self._archive)

    @property
    def url(self) -> str:
        return f"{self.server.url}{INDEX}"

    def _index(self, request: Request) -> Response:
        years = {
            str(year): {"lien": f"{self.server.url}/irep/{year}.zip" if content else None, "formatFichier": "zip"}
            for year, content in self.archives.items()
        }
        return json_response({"annuel": years})

    def _archive(self, request: Request, year: str) -> Response:
        content = self.archives.get(int(year))
        if content is None:
            return Response(404, b"", {"Content-Type": "text/plain"})
        return serve_file(request, content, "application/zip", etag=f'"{len(content):x}"', last_modified=_MODIFIED)
