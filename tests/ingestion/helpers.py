"""Catalogue records for the fakes, and what tests read from the files that a portal brings."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ingestion import http
from ingestion.catalog import Dataset, Table, load_catalog
from ingestion.http import Download, FetchError, HostMemory, HttpClient
from ingestion.load import load
from ingestion.options import Options, Outcome
from ingestion.portals import fetch_files
from ingestion.readers import ReadReport, read_table
from ingestion.snapshots import Snapshot, SnapshotStore
from ingestion.state import DatasetState


def load_waiting(options: Options, *dataset_ids: str) -> list[Outcome]:
    """Loads what a fetch has brought of datasets of one producer."""
    datasets = [load_catalog()[name] for name in dataset_ids]
    return load(options, datasets[0].schema_name, SnapshotStore(options.home).pending_editions(datasets))


def states(home: Path) -> dict[str, DatasetState]:
    """The state of each dataset in a home."""
    return SnapshotStore(home).states(load_catalog())


Params = dict[str, str | int | list[str]]


def local_client(**options: Any) -> HttpClient:
    """A client of the servers on this machine; with a memory of its own, since another server may get a port again."""
    chosen: dict[str, Any] = {"insecure_loopback": True, "memory": HostMemory()} | options
    return HttpClient(frozenset({"127.0.0.1"}), **chosen)


def ask_this_machine(patch: pytest.MonkeyPatch) -> None:
    """Clients that the code makes ask the servers on this machine, whatever the catalogue allows; nobody waits."""
    patch.setattr(http, "HttpClient", lambda *_, **asked: local_client(**asked | {"sleep": lambda _: None}))


SEEN = {"documentation": "a test"}
TABLE = {"description": "Lignes de test", "columns": {"code": {"type": "text"}},
    "layouts": [{"name": "current", "format": "csv"}]}  # fmt: skip


def minimal(**changes: Any) -> Dataset:
    """A record of one text column."""
    words = dict.fromkeys(("title", "title_fr", "attribution"), "Jeu Test") | {"licence": "Licence Ouverte 2.0"}
    names = {"dataset_id": "jeu_test", "producer": "producteur_test", "grain": "commune"}
    return Dataset.model_validate(
        words | names | {"cadence": "yearly", "verified": False} | {"seen": SEEN, "tables": [TABLE]} | changes
    )


# The file of a producer in the catalogue, with one dataset.
PRODUCER = """
producer: test
name: Test
datasets:
  - dataset_id: test_sales
    title: Sales
    title_fr: Ventes
    licence: Licence Ouverte 2.0
    attribution: Producer
    grain: departement
    cadence: yearly
    verified: false
    seen: {documentation: a test}
    tables:
      - description: Sales
        primary_key: [code]
        columns: {code: {type: departement}}
        layouts: [{name: csv, format: csv}]
"""


def record(portal: str, url: str, params: Mapping[str, str | int | list[str]] | None = None, **fetch: Any) -> Dataset:
    """A record of one text column that comes from a portal."""
    return minimal(fetch={"portal": portal, "url": url, "params": dict(params or {}), "size_floor": 1, **fetch})


def moved(dataset: Dataset, url: str, **changes: Any) -> Dataset:
    """A record of the catalogue whose portal is the fake at this address."""
    assert dataset.fetch
    fetch = dataset.fetch.model_copy(update={"url": url, "size_floor": 1} | changes)
    return dataset.model_copy(update={"fetch": fetch})


def stored(dataset: Dataset, downloads: list[Download] | None, home: Path) -> list[Snapshot]:
    """The downloads as the snapshots of an accepted edition."""
    assert downloads
    store = SnapshotStore(home)
    return [
        store.add(
            dataset,
            download.path,
            file_name=download.file_name,
            origin="download",
            url=download.url,
            vintage=download.vintage,
            etag=download.etag,
            last_modified=download.last_modified,
        )
        for download in downloads
    ]


@dataclass(frozen=True)
class Bring:
    """Asks the portal of a record for its files, into the folder of a test."""

    http: HttpClient
    folder: Path

    def _asked(self, dataset: Dataset, previous: list[Snapshot]) -> list[Download] | None:
        assert dataset.fetch
        return fetch_files(dataset, self.http, previous, self.folder)

    def __call__(self, dataset: Dataset, previous: Iterable[Snapshot] = ()) -> list[Download]:
        downloads = self._asked(dataset, [*previous])
        assert downloads is not None
        return downloads

    def unchanged(self, dataset: Dataset, previous: list[Snapshot]) -> bool:
        return self._asked(dataset, previous) is None

    def stored(self, dataset: Dataset) -> list[Snapshot]:
        """The files as the snapshots of an accepted edition."""
        return stored(dataset, self(dataset), self.folder / "home")

    def refused(self, dataset: Dataset, *facts: object) -> None:
        """The portal gives nothing, and the line that says so holds these facts."""
        with refusal(*facts):
            self(dataset)


def small(dataset: Dataset) -> Dataset:
    """The record for files of a few rows."""
    tables = [table.model_copy(update={"row_floor": 0}) for table in dataset.tables]
    return dataset.model_copy(update={"tables": tables})


def read(dataset: Dataset, *snapshots: Snapshot, table: Table | None = None) -> tuple[list[dict[str, Any]], ReadReport]:
    """The rows that the reader makes of a table, by default the first one, and its report."""
    report = ReadReport()
    batches = list(read_table(dataset, table or dataset.tables[0], list(snapshots), report))
    return (pa.concat_tables(batches).to_pylist() if batches else []), report


def contents(downloads: list[Download] | None) -> dict[str, bytes]:
    """The files by name."""
    assert downloads is not None
    return {download.file_name: download.path.read_bytes() for download in downloads}


def the_only(downloads: list[Download] | None) -> Download:
    assert downloads is not None
    assert len(downloads) == 1, [download.file_name for download in downloads]
    assert downloads[0].path.name == downloads[0].file_name
    return downloads[0]


def ndjson(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def csv_rows(path: Path, separator: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


@contextmanager
def refusal(*facts: object, kind: type[Exception] = FetchError) -> Iterator[None]:
    """Expects a refusal, in a line that holds these facts."""
    with pytest.raises(kind) as refused:
        yield
    assert_tells(refused.value, *facts)


def assert_tells(error: BaseException, *facts: object) -> None:
    """Expects a single line that holds these facts."""
    message = str(error)
    assert "\n" not in message
    missing = [fact for fact in facts if str(fact).lower() not in message.lower()]
    assert not missing, f"{missing} not told in: {message}"
