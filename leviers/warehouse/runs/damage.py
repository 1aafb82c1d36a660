"""Damaged files of a home: set aside, reported, and made again by the run, or by the person who entered them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ingestion.fetch import INPUTS
from ingestion.snapshots import SnapshotStore, sha256_of
from ingestion.state import DamagedFileError, why_unread
from leviers.text.message import Joined, Message, Text, first_of
from leviers.warehouse.home import (
    DATABASE,
    DBT_FILE,
    GATE_FILE,
    RECORD,
    RUN_FILE,
    SEAL,
    forget_build,
    is_corrupt,
    next_run,
    published_file,
    read_run_state,
    read_seal,
)
from leviers.warehouse.runs.record import read_record

OF_DUCKDB = {"FatalException", "InternalException", "IOException", "SerializationException"}  # not imported for them
ENTERED_BY = {"commitment": "commitments", "entered_value": "indicators", "grouping_member": "groupings"}


def set_aside_damaged(home: Path) -> list[str]:
    """Moves damaged files out of the way: a line for each file.

    All models are then built again, unless the record of runs alone is damaged. The states of the
    datasets are checked by the fetch. Of the publication, every file but DuckDB's is removed.
    """
    readers: dict[Path, Callable[[], object]] = {
        home / RUN_FILE: lambda: read_run_state(home),
        home / RECORD: lambda: read_record(home),
        home / GATE_FILE: lambda: _read_json(home / GATE_FILE),
        home / DBT_FILE: lambda: _read_json(home / DBT_FILE),
        published_file(home).with_name(SEAL): lambda: read_seal(home),
        published_file(home): lambda: _read_published(home),
    }
    lines: list[str] = []
    is_build_known = True
    for file, read in readers.items():
        try:
            read()
        except Exception as error:
            if not _is_damage(error):
                raise
            aside = home / f"{file.name}.damaged"
            file.replace(aside)
            is_build_known &= file.name == RECORD
            values = {"file": file, "aside": aside, "error": why_unread(error)}
            lines.append(Message("damaged: {file} lies in {aside}, this run is to make it again: {error}", **values))
    if altered := [name for name in altered_files(home) if name != DATABASE]:
        for path in (published_file(home).parent / name for name in altered):
            if path.is_file():
                path.unlink()
        is_build_known = False
        lines.append(Message("damaged: {files}: this run is to make them again", files=first_of(altered)))
    if not is_build_known:
        forget_build(home)
    return lines


def _is_damage(error: Exception) -> bool:
    return isinstance(error, ValueError) or type(error).__name__ in OF_DUCKDB or is_corrupt(error)


def _read_json(file: Path) -> None:
    if file.exists():
        json.loads(file.read_bytes())


def _read_published(home: Path) -> None:
    """Holds the published file against its seal; one without a seal is read to its end."""
    file = published_file(home)
    if not file.exists():
        return
    if (seal := read_seal(home)) is None:
        from leviers.warehouse.publication.publish import read_through

        read_through(file)
    elif (digest := sha256_of(file)) != seal.sha256:
        raise ValueError(f"expected the SHA-256 {seal.sha256}, found {digest}")


def altered_files(home: Path, *, hashed: bool = True) -> list[str]:
    """The files of the publication, by their path in its folder, that are gone or not as they were sealed.

    All are held against their size, and against their hash if ``hashed``; the DuckDB file against its hash always. Of a
    publication of an earlier version, or one that is gone as a whole, that file alone is known.
    """
    folder = published_file(home).parent
    try:
        seal = read_seal(home)
        _read_published(home)
    except Exception as error:
        if not _is_damage(error):
            raise
        return [SEAL if isinstance(error, DamagedFileError) else DATABASE]
    if seal is None:
        run = None if published_file(home).exists() else read_run_state(home)
        return [DATABASE] if run and run.at else []

    def is_altered(name: str, size: int, digest: str) -> bool:
        path, is_hashed = folder / name, hashed and name != DATABASE  # which has just been hashed
        return not path.is_file() or path.stat().st_size != size or (is_hashed and sha256_of(path) != digest)

    return [name for name, (size, digest) in seal.files.items() if is_altered(name, size, digest)]


def mend_of_entered(home: Path, dataset_id: str) -> Message | None:
    """The remedy for a refused file that was entered; None where none is there."""
    group, folder = ENTERED_BY.get(dataset_id), home / INPUTS / dataset_id
    if group is None or not folder.is_dir():
        return None
    values = {"folder": folder, "group": group, "command": next_run(home, "--offline")}
    return Message(
        "its files lie in {folder}: correct the one that is named there, or move it away and enter its rows again by "
        "'leviers {group} add FILE'; then '{command}'",
        **values,
    )


def hashed(home: Path) -> tuple[int, list[Text]]:
    """Hashes every stored file that a state names: how many there are, a line for each that is not as it was stored."""
    store, count = SnapshotStore(home), 0
    lines: list[Text] = []
    for name in sorted(path.name for path in store.root.glob("*/")):
        try:
            digests = store.named_files(name)
        except DamagedFileError as error:
            digests, lines = [], [*lines, Joined(": ", (name, error.args[0]))]
        count += len(digests)
        lines += [Joined(": ", (name, why)) for digest in digests if (why := _damage(store, name, digest))]
    return count, lines


def _damage(store: SnapshotStore, dataset_id: str, digest: str) -> Text | None:
    """The fault of a stored file, or of the sidecar that names its origin."""
    try:
        return store.get(dataset_id, digest).damage
    except DamagedFileError as error:
        reason: Text = error.args[0]
        return reason
