"""The snapshot store: content addressed, last good editions kept, what failed is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.catalog import Dataset, load_catalog
from ingestion.snapshots import KEPT_EDITIONS, SnapshotStore


@pytest.fixture
def dataset() -> Dataset:
    return load_catalog()["agreste_census"]


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content)
    return path


def test_the_same_bytes_are_one_snapshot_and_a_new_name_renames_it(tmp_path: Path, dataset: Dataset) -> None:
    store = SnapshotStore(tmp_path)
    first = store.add(dataset, write(tmp_path, "a", "x"), file_name="sau_a.csv", origin="mirror")
    again = store.add(dataset, write(tmp_path, "b", "x"), file_name="sau_a.csv", origin="mirror")
    renamed = store.add(dataset, write(tmp_path, "c", "x"), file_name="sau_b.csv", origin="mirror")
    assert first == again
    assert (renamed.file_name, renamed.snapshot_id) == ("sau_b.csv", first.snapshot_id)
    assert renamed.path.read_text() == "x"
    assert not first.path.exists()
    assert len(store.edition(dataset, [first, renamed]).snapshots) == 1


def test_an_edition_changes_with_a_file_or_with_the_record(tmp_path: Path, dataset: Dataset) -> None:
    store = SnapshotStore(tmp_path)
    one = store.add(dataset, write(tmp_path, "a", "x"), file_name="sau_a.csv", origin="mirror")
    two = store.add(dataset, write(tmp_path, "b", "y"), file_name="sau_a.csv", origin="mirror")
    changed_record = dataset.model_copy(update={"cadence": "never"})
    ids = {store.edition(d, [s]).edition_id for d, s in [(dataset, one), (dataset, two), (changed_record, one)]}
    assert len(ids) == 3


def test_the_last_editions_are_kept_and_older_files_forgotten(tmp_path: Path, dataset: Dataset) -> None:
    store = SnapshotStore(tmp_path)
    snapshots = []
    for number in range(KEPT_EDITIONS + 1):
        path = write(tmp_path, "file", f"content {number}")
        snapshots.append(store.add(dataset, path, file_name="sau.csv", origin="mirror"))
        store.accept(store.edition(dataset, snapshots[-1:]), store.state(dataset.dataset_id))
    assert [s.path.exists() for s in snapshots] == [False, True, True, True]
    edition = store.accepted_edition(dataset)
    assert edition is not None
    assert edition.snapshots == tuple(snapshots[-1:])


def test_a_refused_edition_leaves_the_accepted_one(tmp_path: Path, dataset: Dataset) -> None:
    store = SnapshotStore(tmp_path)
    good = store.edition(dataset, [store.add(dataset, write(tmp_path, "a", "x"), file_name="s.csv", origin="mirror")])
    bad = store.edition(dataset, [store.add(dataset, write(tmp_path, "b", "y"), file_name="s.csv", origin="mirror")])
    store.accept(good, store.state(dataset.dataset_id))
    store.refuse(bad, "not a number")
    state = store.state(dataset.dataset_id)
    assert (state.accepted_id, state.refused, state.reason) == (good.edition_id, bad.edition_id, "not a number")


def test_an_older_edition_taken_again_keeps_its_date_and_pushes_none_out(tmp_path: Path, dataset: Dataset) -> None:
    store = SnapshotStore(tmp_path)
    editions = []
    for number in range(KEPT_EDITIONS):
        path = write(tmp_path, "file", f"content {number}")
        edition = store.edition(dataset, [store.add(dataset, path, file_name="sau.csv", origin="mirror")])
        store.accept(edition, store.state(dataset.dataset_id))
        editions.append(edition)
    before = {entry["edition_id"]: entry["at"] for entry in store.state(dataset.dataset_id).accepted}
    store.accept(editions[0], store.state(dataset.dataset_id))
    state = store.state(dataset.dataset_id)
    assert state.accepted_id == editions[0].edition_id
    assert {entry["edition_id"]: entry["at"] for entry in state.accepted} == before


def test_the_version_marks_follow_the_last_fetch(tmp_path: Path, dataset: Dataset) -> None:
    store = SnapshotStore(tmp_path)
    path = write(tmp_path, "a", "x")
    first = store.add(dataset, path, file_name="s.csv", origin="download", etag="1")
    second = store.add(dataset, path, file_name="s.csv", origin="download", etag="2")
    assert (second.etag, second.retrieved_at) == ("2", first.retrieved_at)
    assert store.get(dataset.dataset_id, first.sha256) == second
