"""Publishes an edition to data.gouv.fr, a portal of the udata kind: a dataset is made once, then updated in place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from ingestion.http import HttpClient
from ingestion.snapshots import sha256_of
from leviers.warehouse.editions.dated_edition import (
    CHANGES_FILE,
    CITATION,
    EDITION_FILE,
    SUMS,
    DatedEditionError,
    EditionManifest,
)
from leviers.warehouse.home import DATABASE, SLIM
from leviers.warehouse.publication.relations import DATAPACKAGE, LICENCE_NOTICE, PARQUET

TOKEN_VARIABLE = "DATAGOUV_API_KEY"  # noqa: S105 - the name of the variable
PORTALS = {"www": "https://www.data.gouv.fr", "demo": "https://demo.data.gouv.fr"}
# By resource, whose name never changes: its description, and the files of the edition in it. The portal accepts few
# types of files; zip and json are among them.
RESOURCES = {
    "leviers-duckdb.zip": (
        "Toutes les tables en un fichier DuckDB, les vues seules en un autre",
        (DATABASE, SLIM, CITATION, CHANGES_FILE),
    ),
    "leviers-parquet.zip": ("Un fichier Parquet par table et leur description", (DATAPACKAGE, f"{PARQUET}/*.parquet")),
    EDITION_FILE: ("Totaux de contrôle, et ce qui a changé depuis l'édition précédente", (EDITION_FILE,)),
}
# The keys by which the dataset is found, whatever its title; the edition is noted once it is complete.
SCOPE_KEY, EDITION_KEY = "leviers:region", "leviers:edition"


def publish_to_udata(
    portal: str,
    folder: Path,
    edition: EditionManifest,
    *,
    organization: str | None,
    dry_run: bool,
    emit: Callable[[str], object],
) -> None:
    """Uploads the edition in a folder to a portal. ``emit`` gets a line for each thing that is made or updated.

    A new dataset stays private until its files are there. An interrupted upload is continued.

    Raises:
        DatedEditionError: the environment has no token, or one that cannot be sent.
        FetchError: the portal refuses, or does not answer.
    """
    headers = {"X-API-KEY": _token()}
    api = f"{PORTALS[portal]}/api/1"
    http = HttpClient.of(api)

    def write(method: str, path: str, **sent: Any) -> dict[str, Any]:
        return {} if dry_run else http.ask(method, f"{api}/datasets/{path}", headers=headers, attempts=1, **sent)[1]

    extras = {SCOPE_KEY: edition.region}
    own_datasets = http.get_json(f"{api}/me/org_datasets/", headers=headers | {"X-Fields": "id,extras,deleted"})
    dataset_ids = [
        d["id"]
        for d in own_datasets
        if (d.get("extras") or {}).get(SCOPE_KEY) == edition.region and not d.get("deleted")
    ]
    if dataset_ids:
        dataset = http.get_json(f"{api}/datasets/{dataset_ids[0]}/", headers=headers)
        emit(f"{PORTALS[portal]}: dataset {dataset['id']} is updated")
    else:
        emit(f"{PORTALS[portal]}: a dataset is made")
        fields = {"title": edition.title, "description": LICENCE_NOTICE, "license": "other-open", "private": True}
        owner = {"organization": organization} if organization else {}
        dataset = write("POST", "", body={**fields, **owner, "extras": extras})
    at = dataset.get("id")
    resources = {resource["title"]: resource for resource in dataset.get("resources", [])}
    with TemporaryDirectory(prefix="leviers-") as scratch:
        for name, (text, patterns) in RESOURCES.items():
            description = f"{text}. Édition {edition.edition}."
            resource = resources.get(name)
            if resource and resource.get("description") == description:
                emit(f"{name}: is there")
                continue
            emit(f"{name}: is replaced" if resource else f"{name}: is new")
            if not dry_run:
                upload = f"{at}/resources/{resource['id']}/upload/" if resource else f"{at}/upload/"
                sent = write("POST", upload, file=_packed(folder, patterns, Path(scratch) / name))
                body = {"title": name, "type": "main", "filetype": "file", "description": description}
                write("PUT", f"{at}/resources/{sent['id']}/", body=body)
    was_whole = EDITION_KEY in (dataset.get("extras") or {})
    content = {
        "description": _description(folder, edition) if not dry_run else "",
        "extras": {**(dataset.get("extras") or {}), **extras, EDITION_KEY: edition.edition},
    }
    write("PUT", f"{at}/", body=content if was_whole else content | {"private": False})


def _token() -> str:
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not (token and token.isascii() and token.isprintable()):
        raise DatedEditionError(f"{TOKEN_VARIABLE} holds no token of the portal")
    return token


def _packed(folder: Path, patterns: tuple[str, ...], target: Path) -> Path:
    """Returns the files of an edition as one file: a JSON file as it is, all others in a zip."""
    if target.suffix != ".zip":
        return folder / target.name
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for path in sorted(path for pattern in patterns for path in folder.glob(pattern)):
            archive.write(path, path.relative_to(folder))
    return target


def _description(folder: Path, edition: EditionManifest) -> str:
    """Returns the description of the dataset, with the hash that verifies the whole edition."""
    sums = f"Édition {edition.edition}. Empreinte SHA-256 de son fichier {SUMS} : {sha256_of(folder / SUMS)}."
    changes = edition.changes
    since = f" Séries changées depuis l'édition {changes.since} : {sum(changes.reasons.values())}." if changes else ""
    return f"{LICENCE_NOTICE}\n\n{sums}{since}"
