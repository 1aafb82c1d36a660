"""Géorisques, industrial releases (IREP): an index of the years with null links, and one zip per year."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field

from tests.fakes.server import FakeServer, Request, Response, json_response, serve_file

INDEX = "/webappReport/ws/telechargement/irep"
_MODIFIED = "Tue, 03 Feb 2026 04:05:06 GMT"

EMISSIONS = (
    "identifiant;nom_etablissement;annee_emission;milieu;polluant;quantite;unite;code_insee;code_departement\r\n"
    "0065000001;ETABLISSEMENT TEST 1;{year};Air;Dioxyde de carbone (CO2) d'origine non biomasse;"
    "12345678,9;kg/an;31555;31 \r\n"
    "0065000002;ETABLISSEMENT TEST 2;{year};Air;Méthane (CH4);< seuil;kg/an;09122;09 \r\n"
)
SITES = (
    "identifiant;nom_etablissement;numero_siret;commune;code_insee;code_departement\r\n"
    "0065000001;ETABLISSEMENT TEST 1;00000000000001;COMMUNE TEST 1;31555;31 \r\n"
)


def archive(members: dict[str, bytes]) -> bytes:
    """A zip with the same bytes for the same members."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in members.items():
            bundle.writestr(zipfile.ZipInfo(name, (2026, 2, 3, 4, 5, 6)), content, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def year_archive(year: int) -> bytes:
    """Case of the names as published: upper-case first letters on some of the files, BOM on the emissions."""
    return archive(
        {
            f"{year}/etablissements.csv": SITES.encode(),
            f"{year}/emissions.csv": b"\xef\xbb\xbf" + EMISSIONS.format(year=year).encode(),
            f"{year}/Prod_dechets_dangereux.csv": b"identifiant;annee;quantite\r\n0065000001;2024;1\r\n",
        }
    )


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
        first = request.integer("anneemin", 2003)
        years = {
            str(year): {"lien": f"{self.server.url}/irep/{year}.zip" if content else None, "formatFichier": "zip"}
            for year, content in self.archives.items()
            if year >= first
        }
        return json_response({"annuel": years})

    def _archive(self, request: Request, year: str) -> Response:
        content = self.archives.get(int(year))
        if content is None:
            return Response(404, b"", {"Content-Type": "text/plain"})
        return serve_file(request, content, "application/zip", etag=f'"{len(content):x}"', last_modified=_MODIFIED)
