"""Content-addressed store of the files as received, each with a sidecar, and the states of the datasets.

``raw/<dataset_id>/<sha256, 16 digits>/<file>`` holds a file; ``snapshot.json`` beside it says where it comes from.
An edition is the set of files of a dataset at one time, under one catalogue record. The load reads editions from the
store, never from the web. The last accepted edition stays until a newer one has passed its checks.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion.catalog import Dataset
from ingestion.fault import Defect, RefusalError
from ingestion.state import (
    AcceptedEdition,
    DamagedFileError,
    DatasetState,
    RefusedFor,
    cannot_be_read,
    read_kept,
    why_unread,
)
from leviers.common.places import place, swapped_in, write

KEPT_EDITIONS = 3
MAX_COMPARED = 20_000_000  # bytes; a larger file is another edition as soon as a byte differs
KEEP_VARIABLE = "LEVIERS_KEEP"
_SIDECAR = "snapshot.json"
_STATE = "state.json"
_DAMAGED = "state.json.damaged"


@dataclass(frozen=True)
class Snapshot:
    """A file as it was received. ``origin`` is ``download``, ``mirror`` or ``bundled``."""

    dataset_id: str
    file_name: str
    url: str | None
    origin: str
    sha256: str
    bytes: int
    retrieved_at: str
    vintage: str | None
    etag: str | None
    last_modified: str | None
    path: Path

    @property
    def snapshot_id(self) -> str:
        """Key of the file in the warehouse."""
        return f"{self.dataset_id}:{self.sha256[:16]}"

    @property
    def damage(self) -> str | None:
        """The fault of the stored file: it is gone, it cannot be read, or its bytes have another hash.

        A file that was set aside counts as damaged; if its hash is right again, it counts as gone.
        """
        gone = f"{self.file_name} is not in the store"
        stored = self.path if self.path.is_file() else self._aside
        if not stored.is_file():
            return gone
        try:
            digest = sha256_of(stored)
        except OSError as error:
            return f"{self.file_name} cannot be read: {error.strerror}"
        if digest == self.sha256:
            return None if stored == self.path else gone
        return f"{self.file_name} was altered in the store: expected the SHA-256 {self.sha256}, found {digest}"

    @property
    def was_touched(self) -> bool:
        """Whether the stored file is gone, has another size, or is newer than its sidecar. It is not read."""
        if not self.path.is_file():
            return True
        stored, sidecar = self.path.stat(), self.path.with_name(_SIDECAR).stat()
        return stored.st_size != self.bytes or stored.st_mtime_ns > sidecar.st_mtime_ns

    def set_aside(self) -> None:
        """Moves a damaged file aside. The next fetch downloads the file again and removes the damaged one."""
        if self.path.is_file():
            self.path.replace(self._aside)

    @property
    def _aside(self) -> Path:
        return self.path.with_name(f"{self.file_name}.damaged")


@dataclass(frozen=True)
class Edition:
    """The files of a dataset at one time. Two editions are equal if their files and their record are."""

    dataset_id: str
    record: str
    snapshots: tuple[Snapshot, ...]

    @property
    def edition_id(self) -> str:
        """Hash of the record and of the files."""
        content = ",".join([self.record, *(f"{s.file_name}={s.sha256}" for s in self.snapshots)])
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def set_aside_damaged(self, *, touched_alone: bool = False) -> str | None:
        """Moves damaged files aside and returns which; None if all are whole.

        With ``touched_alone``, only the files that ``was_touched`` are read.
        """
        damages: list[str] = []
        for snapshot in self.snapshots:
            if touched_alone and not snapshot.was_touched:
                continue
            if damage := snapshot.damage:
                snapshot.set_aside()
                damages.append(damage)
        return "; ".join(damages) if damages else None


class SnapshotStore:
    """The folder ``raw/`` of a LEVIERS_HOME."""

    def __init__(self, home: Path) -> None:
        self.root = home / "raw"

    def add(
        self,
        dataset: Dataset,
        source: Path,
        *,
        file_name: str,
        origin: str,
        url: str | None = None,
        vintage: str | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Snapshot:
        """Puts a file into the store.

        The same bytes under the same name keep the time of their first retrieval, and so does a file that says what
        the one of the accepted edition says (``says_the_same``), whose bytes stay. Address, version marks and vintage
        are those of the last retrieval, so that the next fetch can ask what changed since.

        Raises:
            OutsideError: the name is not one of a file.
            RefusalError: the source is a stored file that was altered.
        """
        digest = sha256_of(source)
        if last := self._with_the_same_content(dataset, source, file_name, digest):
            source, digest = last.path, last.sha256
        folder = self.root / dataset.dataset_id / digest[:16]
        if source.parent.parent == folder.parent and source.parent != folder:
            altered = self._read_sidecar(source.with_name(_SIDECAR))
            altered.set_aside()
            raise RefusalError(altered.damage)
        path, sidecar = place(folder, file_name), folder / _SIDECAR
        snapshot = Snapshot(
            dataset_id=dataset.dataset_id,
            file_name=file_name,
            url=url,
            origin=origin,
            sha256=digest,
            bytes=source.stat().st_size,
            retrieved_at=datetime.now(UTC).isoformat(timespec="seconds"),
            vintage=vintage,
            etag=etag,
            last_modified=last_modified,
            path=path,
        )
        last_snapshot = None
        with suppress(DamagedFileError):
            last_snapshot = self._read_sidecar(sidecar)
        if last_snapshot and last_snapshot.file_name == file_name and snapshot.path.exists():
            snapshot = replace(snapshot, retrieved_at=last_snapshot.retrieved_at, origin=last_snapshot.origin)
        else:
            with swapped_in(path) as partial:
                shutil.copyfile(source, partial)
            last_snapshot = None  # the sidecar is written after the file: a file newer than its sidecar was touched
        if snapshot != last_snapshot:
            content = {name: value for name, value in asdict(snapshot).items() if name != "path"}
            write(folder, _SIDECAR, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode())
        for stale in set(folder.iterdir()) - {sidecar, snapshot.path}:
            stale.unlink()
        return snapshot

    def _with_the_same_content(self, dataset: Dataset, source: Path, file_name: str, digest: str) -> Snapshot | None:
        """Returns the file of this name in the accepted edition, if it has other bytes and says the same."""
        with suppress(OSError, DamagedFileError):  # what cannot be read is told by the fetch
            accepted = self.accepted_edition(dataset)
            for last in accepted.snapshots if accepted else ():
                if last.file_name == file_name and last.sha256 != digest and says_the_same(last.path, source):
                    return last
        return None

    def get(self, dataset_id: str, digest: str) -> Snapshot:
        """Returns a stored file by its hash, which its bytes are compared with when they are read.

        Raises:
            DamagedFileError: its sidecar is gone or cannot be read.
        """
        return replace(self._read_sidecar(self.root / dataset_id / digest[:16] / _SIDECAR), sha256=digest)

    def edition(self, dataset: Dataset, snapshots: Iterable[Snapshot]) -> Edition:
        """Returns the edition of these files; files with the same bytes count once."""
        distinct = {snapshot.sha256: snapshot for snapshot in snapshots}
        ordered = tuple(sorted(distinct.values(), key=lambda s: s.file_name))
        return Edition(dataset.dataset_id, dataset.fingerprint, ordered)

    def edition_of(self, dataset: Dataset, digests: Iterable[str]) -> Edition:
        """Returns the edition of the stored files with these hashes."""
        return self.edition(dataset, [self.get(dataset.dataset_id, digest) for digest in digests])

    def accepted_edition(self, dataset: Dataset, as_of: str | None = None) -> Edition | None:
        """Returns the last accepted edition, or the last one up to the ISO date ``as_of``; None if there is none."""
        accepted = self.state(dataset.dataset_id).accepted_on(as_of)
        return self.edition_of(dataset, accepted.files) if accepted else None

    def last_whole_edition(self, dataset: Dataset, state: DatasetState) -> Edition:
        """Returns the newest accepted edition without a damaged file; an edition without files if there is none.

        Newer editions are removed from ``state``, since they cannot be loaded.
        """
        while state.last_good:
            edition = self.edition_of(dataset, state.last_good.files)
            if edition.set_aside_damaged() is None:
                return edition
            state.accepted.pop()
        return self.edition(dataset, [])

    def named_files(self, dataset_id: str) -> list[str]:
        """Returns the hash of every file that a state names: of the accepted, the refused and the pending editions."""
        state = self.state(dataset_id)
        accepted = [digest for edition in state.accepted for digest in edition.files]
        return list(dict.fromkeys([*accepted, *state.refused_files, *(state.pending or [])]))

    def last_fetched_edition(self, dataset: Dataset) -> Edition | None:
        """Returns the last edition, refused or accepted; None if it was not fetched under the present record."""
        state = self.state(dataset.dataset_id)
        if state.refused_files:
            edition = self.edition_of(dataset, state.refused_files)
            return edition if edition.edition_id == state.refused else None
        accepted = self.accepted_edition(dataset)
        return accepted if accepted and accepted.edition_id == state.accepted_id else None

    def pending_edition(self, dataset: Dataset) -> Edition | None:
        """Returns the pending edition: fetched, and not loaded yet; None if none waits."""
        digests = self.state(dataset.dataset_id).pending
        return None if digests is None else self.edition_of(dataset, digests)

    def state(self, dataset_id: str) -> DatasetState:
        """Returns the state of a dataset; empty before its first fetch.

        Raises:
            DamagedFileError: its file cannot be read.
        """
        path = self.root / dataset_id / _STATE
        return read_kept(path, DatasetState) if path.exists() else DatasetState()

    def states(self, dataset_ids: Iterable[str]) -> dict[str, DatasetState]:
        """Returns the states of several datasets.

        Raises:
            DamagedFileError: a file cannot be read.
        """
        return {name: self.state(name) for name in dataset_ids}

    def pending_editions(self, datasets: Iterable[Dataset]) -> list[Edition]:
        return [edition for dataset in datasets if (edition := self.pending_edition(dataset)) is not None]

    def save_state(self, dataset_id: str, state: DatasetState) -> None:
        """Writes the state of a dataset, at once or not at all."""
        write(self.root / dataset_id, _STATE, state.model_dump_json(indent=1).encode())

    def set_aside_damaged_state(self, dataset: Dataset) -> str | None:
        """Moves a state aside if it, or a file that it names, cannot be read. Returns why.

        The dataset starts afresh, with an empty pending edition: it has no data until a fetch finds files. The files of
        former editions stay until a person has removed the damaged state.
        """
        try:
            self.accepted_edition(dataset)
            self.pending_edition(dataset)
            self.last_fetched_edition(dataset)
        except (OSError, DamagedFileError) as error:
            folder = self.root / dataset.dataset_id
            (folder / _STATE).replace(folder / _DAMAGED)
            self.save_state(dataset.dataset_id, DatasetState(pending=[]))
            file, why = f"raw/{dataset.dataset_id}/{_DAMAGED}", why_unread(error)
            return f"its state could not be read and lies in {file} ({why})"
        return None

    def accept(
        self,
        edition: Edition,
        state: DatasetState,
        as_of: str | None = None,
        newest: dict[str, str] | None = None,
    ) -> None:
        """Makes an edition the last good one, and removes the files of editions beyond the last ``kept_editions()``.

        The edition keeps the date of its first acceptance if no other files came in between, or if a past day is
        rebuilt. The same files under another record are the same edition.
        """
        files = tuple(snapshot.sha256 for snapshot in edition.snapshots)
        history = sorted((entry for entry in state.accepted if entry.files), key=lambda entry: entry.at)
        last = next((entry for entry in reversed(history) if as_of is None or entry.day <= as_of), None)
        if last and last.files == files:
            history.remove(last)
            accepted = last.model_copy(update={"edition_id": edition.edition_id, "newest": newest or {}})
        else:
            at = datetime.now(UTC).isoformat(timespec="seconds") if files else ""
            accepted = AcceptedEdition(edition_id=edition.edition_id, at=at, files=files, newest=newest or {})
        others_kept = kept_editions() - bool(files)
        state.accepted = [*(history[-others_kept:] if others_kept else []), accepted]
        state.pending = None
        state.forget_refusal()
        state.loaded = edition.edition_id
        self.save_state(edition.dataset_id, state)
        self._prune(edition.dataset_id, state)

    def refuse(self, edition: Edition, state: DatasetState, reason: str, refused_for: RefusedFor = "content") -> None:
        """Notes that an edition failed, so that the next runs report the same files without loading them.

        An edition that was damaged in the store is loaded as soon as it is fetched again.
        """
        is_whole = all(snapshot.path.exists() for snapshot in edition.snapshots)
        state.pending, state.reason = None, reason.removeprefix(f"{edition.dataset_id}: ")
        state.refused_for = "defect" if isinstance(reason, Defect) else refused_for
        state.refused = edition.edition_id if is_whole else None
        state.refused_files = [snapshot.sha256 for snapshot in edition.snapshots] if is_whole else []
        self.save_state(edition.dataset_id, state)

    def _prune(self, dataset_id: str, state: DatasetState) -> None:
        if (self.root / dataset_id / _DAMAGED).exists():
            return
        folders = {digest[:16] for edition in state.accepted for digest in edition.files}
        for folder in (self.root / dataset_id).iterdir():
            if folder.is_dir() and folder.name not in folders:
                shutil.rmtree(folder)

    def _read_sidecar(self, sidecar: Path) -> Snapshot:
        try:
            content = json.loads(sidecar.read_text())
            return Snapshot(**content, path=place(sidecar.parent, content["file_name"]))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DamagedFileError(cannot_be_read(sidecar)) from error


def kept_editions() -> int:
    """Returns the number of accepted editions of a dataset that are kept.

    Raises:
        ValueError: the number in the environment is no number of at least 1.
    """
    return at_least_one(KEEP_VARIABLE, KEPT_EDITIONS)


def at_least_one(variable: str, default: int) -> int:
    """Returns the number in an environment variable, else the default.

    Raises:
        ValueError: it is no number of at least 1.
    """
    text = os.environ.get(variable, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{variable} must be a number of at least 1, found {text!r}")
    return int(text)


def says_the_same(one: Path, other: Path) -> bool:
    """Returns whether two JSON files hold the same but for the order of their lists and the 13th digit of a number.

    Portals write the rows of an answer in another order each day, and a sum with another last digit.
    """
    if other.suffix != ".json" or max(one.stat().st_size, other.stat().st_size) > MAX_COMPARED:
        return False
    try:
        return _content(json.loads(one.read_bytes())) == _content(json.loads(other.read_bytes()))
    except ValueError:
        return False


def _content(value: Any) -> str:
    """Returns the text of a JSON value: lists sorted, numbers of 12 digits."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{name!r}:{_content(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(sorted(map(_content, value))) + "]"
    return f"{value:.12g}" if isinstance(value, int | float) and not isinstance(value, bool) else repr(value)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
