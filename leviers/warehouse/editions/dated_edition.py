"""A dated edition: a publication as a folder for readers, never changed, with its checksums and what changed in it.

Readers can verify it: every file is hashed, and rows and values are counted again.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.metadata import version
from itertools import chain, count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import yaml
from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel, ConfigDict

from ingestion.fault import RefusalError
from ingestion.http import FetchError, HttpClient
from ingestion.snapshots import sha256_of
from ingestion.state import DamagedFileError, read_kept
from leviers.common.places import place, write
from leviers.common.quoting import literal
from leviers.common.words import first_of
from leviers.warehouse.home import DATABASE, SEAL, SLIM, next_run, published_file, read_run_state
from leviers.warehouse.publication.datapackage import USED_DATASETS, Source
from leviers.warehouse.publication.diff import compare
from leviers.warehouse.publication.history import CHANGED_VALUES, PUBLICATIONS
from leviers.warehouse.publication.relations import DATAPACKAGE, LICENCE_NOTICE, PARQUET, PUBLISHED_SCHEMAS
from leviers.warehouse.runs.damage import altered_files

EDITION_FILE = "edition.json"
SUMS = "SHA256SUMS"
LATEST = "latest"
NAME = re.compile(r"\d{4}-\d\d-\d\d(-\d+)?")  # an edition: its day, and its number on that day
CITATION = "CITATION.cff"
CHANGES_FILE = "changements.md"
MAX_BYTES = 20_000_000_000  # the largest edition that is downloaded
RELATIVE = 1e-9  # sums of the same values in another order differ by less
EDITION_PARTS = Path(__file__).with_name("dated_edition_parts")
TOTALS = """
select indicator_id || ' ' || territory_level, count(value), sum(value) from marts.fct_indicator_value
group by all order by all
"""
Rows = list[dict[str, Any]]


class DatedEditionError(RefusalError):
    """The folder is no dated edition, or the publication cannot become one; the message says which and why."""


class AlteredDatedEditionError(DatedEditionError):
    """The dated edition exists, but not as it was published: nothing is published beside it."""

    def __init__(self, place: Path, files: Sequence[str]) -> None:
        super().__init__(f"{place} is there, altered: {first_of(files)}; move it away, then publish again")


class Totals(BaseModel):
    """Control totals for a reader: rows by table and, by indicator and level, the known values and their sum.

    The sums only prove that the values are the same: they have no meaning of their own.
    """

    model_config = ConfigDict(frozen=True)

    rows: dict[str, int]
    values: dict[str, tuple[int, float | None]]


class Changes(BaseModel):
    """The differences from the edition before, ``since``.

    ``files`` by dataset; ``corrections`` declared or withdrawn; ``values`` by dataset and indicator, each with its
    reason: source, method or correction; ``tables`` with their rows added, removed and changed. ``method``: version and
    fingerprint of the project before, where it is another one now.
    """

    model_config = ConfigDict(frozen=True)

    since: str
    method: tuple[str, str | None] | None
    files: Rows
    corrections: Rows
    values: Rows
    tables: dict[str, dict[str, int]]

    @property
    def reasons(self) -> dict[str, int]:
        """The number of series of values that changed, by reason."""
        return {why: sum(row["why"] == why for row in self.values) for why in ("source", "method", "correction")}


class EditionManifest(BaseModel):
    """The content of ``edition.json``: the edition, its publication, the changes in it, and its control totals."""

    model_config = ConfigDict(frozen=True)

    edition: str
    publication_id: str
    published_at: str
    region: str
    contract_version: str
    contact: str | None
    project_version: str
    fingerprint: str | None
    changes: Changes | None
    totals: Totals

    @property
    def title(self) -> str:
        """The title in French."""
        scope = "toutes les régions" if self.region == "all" else f"région {self.region}"
        return f"Leviers : entrepôt ouvert de la planification écologique de la France ({scope})"


def planned_edition(home: Path, folder: Path) -> EditionManifest:
    """Returns the edition of the publication of a home: the one in the folder, else the one to be made.

    Raises:
        DatedEditionError: the folder holds editions of another region or one that cannot be read, or the published
            file is not what was published.
    """
    file = published_file(home).resolve()
    columns = (
        "publication_id, strftime(publie_le, '%xT%XZ') as published_at, region_demandee as region, "
        "version_du_contrat as contract_version, contact"
    )
    with closing(duckdb.connect(str(file), read_only=True)) as connection:
        own = f"select {columns} from {PUBLICATIONS} where publication_id = {literal(file.parent.name)}"
        [publication] = connection.sql(own).to_arrow_table().to_pylist()
    folders = [
        path for path in folder.glob("*/") if NAME.fullmatch(path.name)
    ]  # a folder that was moved away has another name
    for path in folders:
        if not (path / EDITION_FILE).is_file():
            raise AlteredDatedEditionError(path, [f"{EDITION_FILE}: missing"])
    editions = [read_manifest(path) for path in folders]
    if same_editions := [edition for edition in editions if edition.publication_id == publication["publication_id"]]:
        return same_editions[0]
    if others := {edition.region for edition in editions} - {publication["region"]}:
        raise DatedEditionError(f"{folder} holds editions of region {others.pop()}")
    if altered := altered_files(home):
        raise DatedEditionError(
            f"the publication of {home} is damaged: {first_of(altered)}; '{next_run(home, '--offline')}' makes it "
            "again, then publish"
        )
    day = publication["published_at"][:10]
    names = chain([day], (f"{day}-{number}" for number in count(2)))
    state = read_run_state(home)
    manifest = EditionManifest(
        edition=next(name for name in names if not (folder / name).exists()),
        project_version=version("leviers"),
        fingerprint=state.fingerprint if state else None,
        changes=None,
        totals=totals(file),
        **publication,
    )
    previous = max(editions, key=lambda edition: edition.publication_id, default=None)
    return manifest.model_copy(update={"changes": previous and _changes(folder, previous, manifest, file)})


def read_manifest(edition: Path) -> EditionManifest:
    """Returns the manifest of a dated edition.

    Raises:
        DatedEditionError: it cannot be read.
    """
    try:
        return read_kept(edition / EDITION_FILE, EditionManifest)
    except DamagedFileError as error:
        raise DatedEditionError(f"{edition}: {EDITION_FILE} is not as published") from error


def totals(file: Path) -> Totals:
    """Returns the control totals of a published file. Its views reach no other file, since a stranger may have made it.

    Raises:
        duckdb.Error: it cannot be read.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(file)} as published (read_only); use published")
        connection.execute("set enable_external_access = false")
        tables = connection.execute(
            (EDITION_PARTS / "rows.sql").read_text(), {"schemas": list(PUBLISHED_SCHEMAS)}
        ).fetchall()
        counted = " union all ".join(f"select '{table}', count(*) from {table}" for (table,) in tables)
        values = {name: (number, total) for name, number, total in connection.execute(TOTALS).fetchall()}
        return Totals(rows=dict(sorted(connection.execute(counted).fetchall())), values=values)


def _changes(folder: Path, previous: EditionManifest, manifest: EditionManifest, file: Path) -> Changes:
    old = folder / previous.edition / DATABASE
    if not old.is_file():
        raise DatedEditionError(f"{old.parent}: no edition here, {DATABASE} is missing")
    rows_of: dict[str, Rows] = {}
    with duckdb.connect() as connection:
        for name, path in (("previous", old), ("published", file)):
            connection.execute(f"attach {literal(path)} as {name} (read_only)")
        connection.execute(f"create temp view changed as {CHANGED_VALUES}")
        for name in ("files", "corrections", "values"):
            connection.execute(
                f"create temp table {name} as {(EDITION_PARTS / f'{name}.sql').read_text(encoding='utf-8')}"
            )
            rows_of[name] = connection.sql(f"from {name}").to_arrow_table().to_pylist()
    tables: dict[str, Counter[str]] = {}
    for difference in compare(old, file, ["snapshot_id"]):
        counts = {"added": difference.added, "removed": difference.removed, "changed": difference.changed}
        tables.setdefault(difference.table, Counter()).update(counts)
    is_same = previous.fingerprint == manifest.fingerprint
    method = None if is_same else (previous.project_version, previous.fingerprint)
    return Changes(since=previous.edition, method=method, tables=tables, **rows_of)


def publish_dated_edition(home: Path, folder: Path, manifest: EditionManifest) -> None:
    """Makes a planned edition, whole or not at all, unless it exists, and points ``latest`` to it.

    The caller holds the lock of the folder.
    """
    edition = folder / manifest.edition
    if not edition.exists():
        building = folder / f".{manifest.edition}"
        shutil.rmtree(building, ignore_errors=True)
        shutil.copytree(published_file(home).resolve().parent, building, ignore=shutil.ignore_patterns(SEAL))
        _describe(building, manifest)
        files = sorted(path for path in building.rglob("*") if path.is_file())
        sums = "".join(f"{sha256_of(path)}  {path.relative_to(building).as_posix()}\n" for path in files)
        write(building, SUMS, sums.encode())
        for path in [building, *building.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o444)  # for a web server, whatever the umask
        os.sync()
        building.rename(edition)
    latest = {"edition": manifest.edition, "path": f"{manifest.edition}/", "sha256sums": sha256_of(edition / SUMS)}
    write(folder, f"{LATEST}.json", json.dumps(latest, indent=1).encode()).chmod(0o644)
    link = folder / f".{LATEST}"
    link.unlink(missing_ok=True)
    link.symlink_to(manifest.edition)
    link.replace(folder / LATEST)


def _describe(building: Path, manifest: EditionManifest) -> None:
    """Writes the documents of a dated edition: manifest, changes, citation, catalogue."""
    with closing(duckdb.connect(str(building / DATABASE), read_only=True)) as connection:
        sources = [Source(*row) for row in connection.execute(USED_DATASETS).fetchall()]
    package = json.loads((building / DATAPACKAGE).read_text(encoding="utf-8"))
    databases = [package | {"path": name, "mediatype": "application/octet-stream"} for name in (DATABASE, SLIM)]
    files = [*databases, *package["resources"]]
    files = [file | {"bytes": (building / file["path"]).stat().st_size} for file in files]
    templates = Environment(loader=FileSystemLoader(EDITION_PARTS), trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - no HTML
    templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    values = {"edition": manifest, "changes": manifest.changes, "sources": sources, "notice": LICENCE_NOTICE}
    write(building, EDITION_FILE, manifest.model_dump_json(indent=1).encode())
    for name in (CHANGES_FILE, CITATION):
        write(building, name, templates.get_template(f"{name}.j2").render(values).encode())
    catalogue = yaml.safe_load(templates.get_template("catalogue.yml.j2").render(values, package=package, files=files))
    write(building, "catalogue.jsonld", json.dumps(catalogue, ensure_ascii=False, indent=1).encode())


def download(url: str, folder: Path) -> None:
    """Downloads the files of an edition from a web server, over HTTPS or from this machine.

    Raises:
        FetchError: the server lacks one of them, sends without end, or cannot be asked.
    """
    received = 0

    def limit(size: int, total: int | None) -> None:
        if received + max(size, total or 0) > MAX_BYTES:
            raise FetchError(f"{url}: more than the {MAX_BYTES / 1e9:.0f} GB that an edition may have")

    http = HttpClient.of(url, progress=limit)

    def download_file(name: str) -> None:
        nonlocal received
        target = place(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        http.download(f"{url.rstrip('/')}/{quote(name)}", target, size_floor=0, pages=True)
        received += target.stat().st_size

    download_file(SUMS)
    for name in _sums(folder):
        download_file(name)


def differences(folder: Path) -> Iterator[str]:
    """Yields the differences of a dated edition from its own sums: files by their hashes, then the control totals.

    Raises:
        DatedEditionError: the folder holds no edition.
    """
    sums = _sums(folder)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name, digest in ({EDITION_FILE: "", DATABASE: ""} | sums).items():
        if name not in files:
            yield f"{name}: missing"
        elif sha256_of(place(folder, name)) != digest:
            yield f"{name}: altered"
    for name in sorted(files - {*sums, SUMS}):
        yield f"{name}: not of this edition"
    if {EDITION_FILE, DATABASE} <= files:
        yield from _other_totals(folder)


def _sums(folder: Path) -> dict[str, str]:
    """Returns the hash of each file, by name."""
    file = folder / SUMS
    if not file.is_file():
        raise DatedEditionError(f"{folder}: no edition here, {SUMS} is missing")
    lines = [line.partition("  ") for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    return {name: digest for digest, _, name in lines}


def _other_totals(folder: Path) -> Iterator[str]:
    """Yields the control totals of the DuckDB file and of the Parquet files that differ from the manifest."""
    published = read_manifest(folder).totals
    try:
        counted = totals(folder / DATABASE)
        with duckdb.connect() as connection:
            parquet = {
                path.stem: connection.execute(f"select count(*) from {literal(path)}").fetchall()[0][0]
                for path in folder.glob(f"{PARQUET}/*.parquet")
            }
    except duckdb.Error as error:
        first_line = str(error).partition("\n")[0]
        yield f"{DATABASE}: cannot be read: {first_line}"
        return
    for table, rows in published.rows.items():
        if {counted.rows.get(table), parquet.get(table.partition(".")[2])} != {rows}:
            yield f"{table}: another number of rows"
    for name, (number, total) in published.values.items():
        number_now, total_now = counted.values.get(name, (0, None))
        if number != number_now or not math.isclose(total or 0, total_now or 0, rel_tol=RELATIVE):
            yield f"{name}: other values"
