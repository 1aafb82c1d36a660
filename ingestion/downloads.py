"""Downloads the files of a dataset from its portal into the store, and removes the remains of runs that died."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ingestion.catalog import Dataset, Fetch, allowed_hosts, host_intervals
from ingestion.snapshots import Edition, Snapshot, SnapshotStore

if TYPE_CHECKING:
    from ingestion.http import Download

SCRATCH = "fetching"


def download_edition(store: SnapshotStore, dataset: Dataset) -> Edition | None:
    """Downloads the edition that the portal has now. If the record has changed, all files are downloaded again."""
    from ingestion.download_progress import download_progress
    from ingestion.http import FetchError, HttpClient
    from ingestion.portals import fetch_files

    assert dataset.fetch  # noqa: S101 - only datasets with an address are downloaded
    last_files = _last_files(store, dataset, dataset.fetch)
    folder = store.root.with_name(SCRATCH)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as scratch, download_progress(dataset.dataset_id) as progress:
        http = HttpClient(allowed_hosts(), host_intervals=host_intervals(), progress=progress)
        downloads = fetch_files(dataset, http, last_files, Path(scratch))
        keep_notes(store, dataset, [*http.notes, *_why_older(downloads or [], last_files)])
        if downloads is not None and not downloads:
            raise FetchError(f"{dataset.fetch.url}: no file")
        snapshots = [
            store.add(
                dataset,
                download.path,
                file_name=download.file_name,
                origin="download",
                url=download.url,
                vintage=download.vintage or dataset.vintage_of(download.file_name),
                etag=download.etag,
                last_modified=download.last_modified,
            )
            for download in downloads or []
        ]
    return store.edition(dataset, last_files if downloads is None else snapshots)


def _why_older(downloads: list[Download], last_files: list[Snapshot]) -> list[str]:
    """Warns that a portal has an older edition than before. It is accepted: a producer may withdraw an edition."""
    from ingestion.portals.support.files import mark_of_version, newest

    given, last = newest(map(mark_of_version, downloads)), newest(map(mark_of_version, last_files))
    if given is None or last is None or given >= last:
        return []
    return [f"the portal gives an edition of {given}, older than the last one, of {last}"]


def _last_files(store: SnapshotStore, dataset: Dataset, fetch: Fetch) -> list[Snapshot]:
    """Returns the files of the last edition, without those set aside: the portal compares its own files with them.

    If the record has changed, the files of the last good edition are returned without their version marks: all files
    are downloaded again, and a file that the portal no longer has stays known. If editions build on one another and
    the last one was not accepted, the list is empty.
    """
    last = store.last_fetched_edition(dataset)
    is_accepted = last is not None and last.edition_id == store.state(dataset.dataset_id).accepted_id
    if builds_on(fetch) and not is_accepted:
        return []
    good = last or store.accepted_edition(dataset)
    snapshots = [snapshot for snapshot in good.snapshots if snapshot.path.exists()] if good else []
    return snapshots if last else [replace(snapshot, etag=None, last_modified=None) for snapshot in snapshots]


def keep_notes(store: SnapshotStore, dataset: Dataset, notes: list[str]) -> None:
    """Replaces the earlier notes of the portal by the present ones, in the warnings too."""
    state = store.state(dataset.dataset_id)
    if state.notes != notes:
        state.warnings = [*notes, *(warning for warning in state.warnings if warning not in state.notes)]
        state.notes = notes
        store.save_state(dataset.dataset_id, state)


def builds_on(fetch: Fetch) -> bool:
    """Returns whether a portal sends new rows or files only, so that an edition keeps those of the edition before."""
    return "settled_after" in fetch.params


def remove_partial_files(home: Path) -> None:
    """Removes the half-written files of a run that died."""
    shutil.rmtree(home / SCRATCH, ignore_errors=True)
    for path in home.glob("raw/**/.*.partial"):
        path.unlink()
    for path in home.glob("publications/.*"):
        shutil.rmtree(path, ignore_errors=True)
