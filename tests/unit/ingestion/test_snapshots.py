"""The snapshot store: content addressed, last good editions kept, what failed is remembered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingestion import snapshots
from ingestion.catalog import Dataset, load_catalog
from ingestion.fault import RefusalError
from ingestion.fetch import claimed_files, fetch, unclaimed_files
from ingestion.options import Options
from ingestion.snapshots import KEEP_VARIABLE, KEPT_EDITIONS, SnapshotStore, sha256_of
from leviers.cli.main import main
from leviers.cli.sources import sources_command
from leviers.common.places import OutsideError


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
    first = store.add(dataset, write(tmp_path, "a", "x"), file_name="sau_a.csv", origin="mirror")
    second = store.add(dataset, write(tmp_path, "b", "y"), file_name="sau_a.csv", origin="mirror")
    changed_record = dataset.model_copy(update={"cadence": "never"})
    ids = {store.edition(d, [s]).edition_id for d, s in [(dataset, first), (dataset, second), (changed_record, first)]}
    assert len(ids) == 3


NOTED: dict[str, tuple[object, bool]] = {
    "rows in another order": ({"data": [{"r": "02", "v": 2}, {"r": "01", "v": 0.1234567890123456}]}, True),
    "the 13th digit": ({"data": [{"v": 0.1234567890123999, "r": "01"}, {"r": "02", "v": 2}]}, True),
    "a whole number": ({"data": [{"r": "01", "v": 0.1234567890123456}, {"r": "02", "v": 2.0}]}, True),
    "another value": ({"data": [{"r": "01", "v": 0.12345678902}, {"r": "02", "v": 2}]}, False),
    "a text for a number": ({"data": [{"r": "01", "v": 0.1234567890123456}, {"r": "02", "v": "2"}]}, False),
    "a row more": ({"data": [{"r": "01", "v": 0.1234567890123456}, {"r": "02", "v": 2}, {"r": "02", "v": 2}]}, False),
    "values change places": ({"data": [{"r": "02", "v": 0.1234567890123456}, {"r": "01", "v": 2}]}, False),
}


@pytest.mark.parametrize(("content", "is_same"), NOTED.values(), ids=NOTED)
def test_editions_that_differ_in_bytes_alone_are_one(
    tmp_path: Path, dataset: Dataset, content: object, is_same: bool
) -> None:
    store = SnapshotStore(tmp_path)
    first = json.dumps({"data": [{"r": "01", "v": 0.1234567890123456}, {"r": "02", "v": 2}]})
    given = store.add(dataset, write(tmp_path, "a", first), file_name="s.json", origin="download", etag="1")
    store.accept(store.edition(dataset, [given]), store.state(dataset.dataset_id))
    again = store.add(
        dataset, write(tmp_path, "b.json", json.dumps(content)), file_name="s.json", origin="download", etag="2"
    )
    assert (again.sha256 == given.sha256, again.etag) == (is_same, "2")
    assert again.damage is None


def accept(store: SnapshotStore, dataset: Dataset, content: str | None, day: str, as_of: str | None = None) -> None:
    """Accepts an edition of one file, or of none, as on ``day``."""
    folder = store.root.parent
    files = [store.add(dataset, write(folder, "f", content), file_name="s.csv", origin="mirror")] if content else []
    known = {entry.at for entry in store.state(dataset.dataset_id).accepted}
    store.accept(store.edition(dataset, files), store.state(dataset.dataset_id), as_of)
    state = store.state(dataset.dataset_id)
    last = state.accepted[-1]
    if files and last.at not in known:
        state.accepted[-1] = last.model_copy(update={"at": f"{day}T12:00:00+00:00"})
        store.save_state(dataset.dataset_id, state)


def held(store: SnapshotStore, dataset: Dataset, as_of: str) -> list[str]:
    edition = store.accepted_edition(dataset, as_of)
    return [snapshot.path.read_text() for snapshot in edition.snapshots] if edition else []


def test_a_past_day_holds_what_was_current_then(tmp_path: Path, dataset: Dataset) -> None:
    store = SnapshotStore(tmp_path)
    for content, day in (("a", "2026-01-01"), ("b", "2026-01-02"), ("a", "2026-01-03")):
        accept(store, dataset, content, day)
    days = [f"2026-01-0{number}" for number in (1, 2, 3)]
    expected = [["a"], ["b"], ["a"]]
    assert [held(store, dataset, day) for day in days] == expected
    accept(store, dataset, "b", "", as_of="2026-01-02")
    assert [held(store, dataset, day) for day in days] == expected
    assert store.state(dataset.dataset_id).accepted[-1].at.startswith("2026-01-02")
    accept(store, dataset, None, "", as_of="2025-12-31")
    assert [held(store, dataset, day) for day in days] == expected
    assert store.accepted_edition(dataset) == store.edition(dataset, [])


def test_an_edited_record_takes_no_place_among_the_kept_editions(tmp_path: Path, dataset: Dataset) -> None:
    store = SnapshotStore(tmp_path)
    accept(store, dataset, "a", "2026-01-01")
    accept(store, dataset, "b", "2026-01-02")
    for number in range(KEPT_EDITIONS):
        accept(store, dataset.model_copy(update={"cadence": str(number)}), "b", "2026-01-03")
    assert [held(store, dataset, day) for day in ("2026-01-01", "2026-01-02")] == [["a"], ["b"]]


@pytest.mark.parametrize(("asked", "kept"), [(None, KEPT_EDITIONS), ("1", 1), ("2", 2)])
def test_the_last_editions_are_kept_and_older_files_forgotten(
    tmp_path: Path, dataset: Dataset, monkeypatch: pytest.MonkeyPatch, asked: str | None, kept: int
) -> None:
    if asked:
        monkeypatch.setenv(KEEP_VARIABLE, asked)
    store = SnapshotStore(tmp_path)
    for number in range(1, KEPT_EDITIONS + 2):
        accept(store, dataset, str(number), f"2026-01-0{number}")
    files = sorted(path.read_text() for path in (store.root / dataset.dataset_id).rglob("s.csv"))
    assert files == [str(number + 1) for number in range(KEPT_EDITIONS + 1)][-kept:]
    assert held(store, dataset, "2026-01-04") == files[-1:]


@pytest.mark.parametrize("kept", ["0", "-1", "three", ""])
def test_no_number_of_kept_editions_is_a_bad_argument(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    monkeypatch.setenv(KEEP_VARIABLE, kept)
    result = CliRunner().invoke(main, ["refresh", "--offline"])
    assert result.exit_code == 2
    assert KEEP_VARIABLE in result.output
    noted = {"outcome.json", ".outcome.lock", "metrics.prom"}  # that it did not begin, and nothing else
    assert {path.name for path in tmp_path.iterdir()} == noted


def test_a_stored_file_that_was_lost_is_stored_again(tmp_path: Path, dataset: Dataset) -> None:
    store = SnapshotStore(tmp_path)
    path = write(tmp_path, "a", "x")
    store.add(dataset, path, file_name="s.csv", origin="mirror").path.unlink()
    assert store.add(dataset, path, file_name="s.csv", origin="mirror").path.read_text() == "x"


def test_the_version_marks_follow_the_last_fetch(tmp_path: Path, dataset: Dataset) -> None:
    store = SnapshotStore(tmp_path)
    path = write(tmp_path, "a", "x")
    first = store.add(dataset, path, file_name="s.csv", origin="download", etag="1")
    second = store.add(dataset, path, file_name="s.csv", origin="download", etag="2")
    assert (second.etag, second.retrieved_at) == ("2", first.retrieved_at)
    assert store.get(dataset.dataset_id, first.sha256) == second


def test_only_a_touched_file_is_read_and_its_hash_tells(
    tmp_path: Path, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SnapshotStore(tmp_path)
    stored = [
        store.add(dataset, write(tmp_path, name, name), file_name=f"{name}.csv", origin="mirror") for name in ("a", "b")
    ]
    edition = store.edition(dataset, stored)
    assert edition.set_aside_damaged() is None
    hashed: list[str] = []
    monkeypatch.setattr(snapshots, "sha256_of", lambda path: hashed.append(path.name) or sha256_of(path))
    assert (edition.set_aside_damaged(touched_alone=True), hashed) == (None, [])
    stored[1].path.write_text("c")
    damage = (
        f"b.csv was altered in the store: expected the SHA-256 {stored[1].sha256}, found {sha256_of(stored[1].path)}"
    )
    assert (edition.set_aside_damaged(touched_alone=True), hashed) == (damage, ["b.csv"])
    assert not stored[1].path.exists()
    assert edition.set_aside_damaged() == damage  # as long as it is not stored again
    again = store.add(dataset, write(tmp_path, "b", "b"), file_name="b.csv", origin="mirror")
    assert (edition.set_aside_damaged(), [path.name for path in again.path.parent.glob("*.damaged")]) == (None, [])


def test_an_altered_file_does_not_become_a_new_edition(tmp_path: Path, dataset: Dataset) -> None:
    """A portal that says that nothing changed leaves the file of the last edition as it stands."""
    store = SnapshotStore(tmp_path)
    stored = store.add(dataset, write(tmp_path, "a", "x"), file_name="s.csv", origin="download")
    stored.path.write_text("y")
    with pytest.raises(RefusalError, match=r"s\.csv was altered in the store"):
        store.add(dataset, stored.path, file_name="s.csv", origin="download")
    assert not stored.path.exists()


def test_a_sidecar_that_tells_another_hash_is_not_believed(tmp_path: Path, dataset: Dataset) -> None:
    store = SnapshotStore(tmp_path)
    stored = store.add(dataset, write(tmp_path, "a", "x"), file_name="s.csv", origin="mirror")
    stored.path.write_text("y")
    sidecar = stored.path.with_name("snapshot.json")
    sidecar.write_text(sidecar.read_text().replace(stored.sha256, sha256_of(stored.path)))
    held = store.get(dataset.dataset_id, stored.sha256)
    assert (held.sha256, bool(held.damage)) == (stored.sha256, True)


def test_the_store_is_checked_file_by_file(tmp_path: Path, dataset: Dataset) -> None:
    for content in ("a", "b"):
        accept(SnapshotStore(tmp_path), dataset, content, "2026-01-01")
    whole = CliRunner().invoke(main, ["check", "--store"])
    assert (whole.exit_code, whole.output) == (0, "2 stored files hashed, 0 damaged\n")
    altered, lost = sorted(tmp_path.glob("raw/*/*/s.csv"), key=Path.read_text)
    altered.write_text("c")
    lost.unlink()
    damaged = CliRunner().invoke(main, ["check", "--store"])
    assert damaged.exit_code == 1
    lines = damaged.output.splitlines()
    assert lines[0].startswith("agreste_census: s.csv was altered in the store: expected the SHA-256 ca978112")
    assert lines[1:] == ["agreste_census: s.csv is not in the store", "2 stored files hashed, 2 damaged"]
    assert altered.read_text() == "c"
    assert CliRunner().invoke(main, ["check", "--store", "--diff"]).exit_code == 2


CENSUS = "agreste_census"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder of private files, beside a mirror."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    write(folder, "private-of-test.csv", "x")
    write(folder, "sau_private.csv", "x")
    (tmp_path / "mirror").mkdir()
    return folder


def link_the_folder(mirror: Path, elsewhere: Path) -> None:
    (mirror / CENSUS).symlink_to(elsewhere)


def link_a_file(mirror: Path, elsewhere: Path) -> None:
    (mirror / CENSUS).mkdir()
    name = load_catalog()[CENSUS].tables[0].file_pattern.replace("*", "1")
    (mirror / CENSUS / name).symlink_to(elsewhere / "sau_private.csv")


@pytest.mark.parametrize(
    ("link", "kind"), [(link_the_folder, "the folder"), (link_a_file, "a file of the folder")], ids=["folder", "file"]
)
def test_files_outside_a_mirror_are_neither_read_nor_named(
    tmp_path: Path, elsewhere: Path, link: Callable[[Path, Path], None], kind: str
) -> None:
    mirror = tmp_path / "mirror"
    link(mirror, elsewhere)
    with pytest.raises(OutsideError):
        claimed_files(load_catalog()[CENSUS], mirror / CENSUS)
    [outcome] = fetch(Options(home=tmp_path / "home", mirror=mirror, offline=True), [CENSUS])
    assert outcome.sentence == f"{CENSUS}: failed, absent: {kind} {CENSUS} is a link that leads out of the mirror"
    assert list(unclaimed_files(mirror)) == []


def test_a_mirror_that_is_a_link_is_read(tmp_path: Path) -> None:
    """The operator has named it."""
    (tmp_path / "disk" / CENSUS).mkdir(parents=True)
    (tmp_path / "mirror").symlink_to(tmp_path / "disk")
    write(tmp_path / "mirror" / CENSUS, "FDS_G_1016.txt", "x")
    assert claimed_files(load_catalog()[CENSUS], tmp_path / "mirror" / CENSUS) == []
    assert list(unclaimed_files(tmp_path / "mirror")) == [f"{CENSUS}/FDS_G_1016.txt"]
    listed = CliRunner().invoke(sources_command, ["--mirror", str(tmp_path / "mirror")])
    assert listed.stderr == f"unclaimed in the mirror: {CENSUS}/FDS_G_1016.txt\n"
