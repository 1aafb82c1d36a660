"""The catalogue of an edition as DCAT-AP 3.0 in JSON-LD; its addresses are those beside it, wherever it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from leviers.warehouse.home import DATABASE
from leviers.warehouse.publication import DATAPACKAGE, LICENCE_NOTICE, Source

Node = dict[str, Any]
FIXED = Path(__file__).parent / "editions" / "catalogue.yml"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
LICENCES = "#licences"  # where the values of a file have several


def catalogue(folder: Path, publisher: str, issued: str, version: str, sources: list[Source]) -> str:
    """The catalogue of what a folder holds: the DuckDB file, each file of the data package, and their ``sources``.

    ``issued`` is a moment of UTC as ISO writes it, ``publisher`` a name.
    """
    fixed = yaml.safe_load(FIXED.read_text(encoding="utf-8"))
    package = json.loads((folder / DATAPACKAGE).read_text(encoding="utf-8"))
    files = [package | {"path": DATABASE, "mediatype": "application/octet-stream"}, *package["resources"]]
    licences = {(entry["title"], entry.get("path")) for file in files for entry in file["licenses"]}
    labels = " ; ".join(sorted({label for label, _ in licences}))
    documents = {LICENCES: f"{LICENCE_NOTICE} Licences : {labels}."} | {url: label for label, url in licences if url}
    dates = {"dct:issued": issued, "dct:modified": issued}
    common = {"dct:title": package["title"], "dct:description": LICENCE_NOTICE, **dates}
    own = {
        "dcat:version": version,
        "dcat:distribution": [f"#{file['path']}" for file in files],
        "dct:source": [f"#{source.dataset_id}" for source in sources],
    }
    media = {f"{MEDIA_TYPES}/{file['mediatype']}" for file in files}
    graph = [
        fixed["catalogue"] | common,
        fixed["dataset"] | common | own,
        {"@id": "#editeur", "@type": "foaf:Agent", "foaf:name": publisher},
        {"@id": "#contact", "@type": "vcard:Kind", "vcard:fn": publisher},
        *({"@id": id_, "@type": "dct:LicenseDocument", "dct:title": text} for id_, text in sorted(documents.items())),
        *({"@id": address, "@type": "dct:MediaType"} for address in sorted(media)),
        *fixed["lists"],
        *(_distribution(folder, file) | dates for file in files),
        *map(_source, sources),
    ]
    return json.dumps({"@context": fixed["context"], "@graph": graph}, ensure_ascii=False, indent=1)


def _distribution(folder: Path, file: Node) -> Node:
    """A file, with its size and its licence: its own where its values have one, else the list of all."""
    urls = [entry.get("path") for entry in file["licenses"]]
    return {
        "@id": f"#{file['path']}",
        "@type": "dcat:Distribution",
        "dct:title": file["title"],
        "dct:description": file["description"],
        "dcat:accessURL": file["path"],
        "dcat:downloadURL": file["path"],
        "dcat:byteSize": str((folder / file["path"]).stat().st_size),
        "dcat:mediaType": f"{MEDIA_TYPES}/{file['mediatype']}",
        "dct:license": urls[0] if len(urls) == 1 and urls[0] else LICENCES,
    }


def _source(source: Source) -> Node:
    """A dataset of a producer that it is made from."""
    return {
        "@id": f"#{source.dataset_id}",
        "@type": "dcat:Dataset",
        "dct:title": source.title,
        "dct:description": f"{source.title} ({source.licence_label})",
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": source.attribution},
        "dcat:landingPage": {"@id": source.homepage, "@type": "foaf:Document"} if source.homepage else [],
    }
