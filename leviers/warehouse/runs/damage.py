"""Finds damaged files of a home and sets them aside, so that a run or a person makes them again."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import BaseModel, RootModel

from ingestion.fault import one_fault
from ingestion.fetch import INPUTS
from ingestion.snapshots import SnapshotStore, sha256_of
from ingestion.state import DamagedFileError, read_kept, why_unread
from leviers.common.words import first_of
from leviers.warehouse.home import (
    DATABASE,
    DBT_FILE,
    GATE_FILE,
    OUTCOME_FILE,
    RUN_FILE,
    SEAL,
    RunState,
    Seal,
    forget_build,
    last_run,
    next_run,
    published_file,
    read_seal,
)
from leviers.warehouse.runs.record import RunRecord

ENTERED_BY = {"commitment": "commitments", "entered_value": "indicators", "grouping_member": "groupings"}


def unreadable(home: Path) -> dict[Path, DamagedFileError]:
    """Returns the kept files that cannot be read, each with its fault. States of datasets are not among them."""
    models: dict[Path, type[BaseModel]] = {
        home / RUN_FILE: RunState,
        home / OUTCOME_FILE: RunRecord,
        home / GATE_FILE: RootModel[Any],
        home / DBT_FILE: RootModel[Any],
        published_file(home).with_name(SEAL): Seal,
    }
    faults: dict[Path, DamagedFileError] = {}
    for file in filter(Path.exists, models):
        try:
            read_kept(file, models[file])
        except DamagedFileError as error:
            faults[file] = error
    return faults


def set_aside_damaged(home: Path) -> list[str]:
    """Sets damaged files aside and returns a line for each.

    All models are built again after that. A damaged record of runs is only reported here: ``begin`` sets it aside. The
    fetch checks the states of the datasets. An altered file of the publication is removed; its DuckDB file is set
    aside.
    """
    faults: dict[Path, str] = {file: why_unread(error) for file, error in unreadable(home).items()}
    for file in faults.keys() - {home / OUTCOME_FILE}:
        file.replace(_aside(home, file))
    altered = [name for name in altered_files(home) if name != DATABASE or published_file(home).exists()]
    if DATABASE in altered:
        altered.remove(DATABASE)
        faults[published_file(home)] = "it is not as it was published"
        published_file(home).replace(_aside(home, published_file(home)))
    for name in altered:
        with suppress(FileNotFoundError, IsADirectoryError):  # the whole folder is made anew
            (published_file(home).parent / name).unlink()
    if altered or faults.keys() - {home / OUTCOME_FILE}:
        forget_build(home)
    lines: list[str] = []
    for file, why in faults.items():
        lines.append(f"damaged: {file} lies in {_aside(home, file)}, this run is to make it again: {why}")
    if altered:
        lines.append(f"damaged: {first_of(altered)}: this run is to make them again")
    return lines


def altered_files(home: Path, *, hashed: bool = True) -> list[str]:
    """Returns the files of the publication that are gone or not as they were sealed, by their path in its folder.

    Files are compared by size, or by hash if ``hashed``; the DuckDB file always by hash.
    """
    try:
        seal = read_seal(home)
    except DamagedFileError:
        return [SEAL]
    if seal is None:
        return [DATABASE] if (last := last_run(home)) and last.at and not published_file(home).exists() else []

    def is_altered(name: str, size: int, digest: str) -> bool:
        path = published_file(home).parent / name
        if not path.is_file():
            return True
        return sha256_of(path) != digest if hashed or name == DATABASE else path.stat().st_size != size

    files = {DATABASE: (0, seal.sha256)} | seal.files
    return [name for name, (size, digest) in files.items() if is_altered(name, size, digest)]


def _aside(home: Path, file: Path) -> Path:
    return home / f"{file.name}.damaged"


def remedy_for_entered(home: Path, dataset_id: str) -> str | None:
    """Returns the remedy for a refused file of entered rows; None for another dataset, or if no row is entered."""
    group, folder = ENTERED_BY.get(dataset_id), home / INPUTS / dataset_id
    if group is None or not folder.is_dir():
        return None
    return (
        f"its files lie in {folder}: correct the one that is named there, or move it away and enter its rows again by "
        f"'leviers {group} add FILE'; then '{next_run(home, '--offline')}'"
    )


def check_stored_files(home: Path) -> tuple[int, list[str]]:
    """Hashes each stored file that a state names. Returns their number, and a line for each damaged one."""
    store, count = SnapshotStore(home), 0
    lines: list[str] = []
    for name in sorted(path.name for path in store.root.glob("*/")):
        digests: list[str] = []
        faults: list[str] = []
        with one_fault(faults.append):
            digests = store.named_files(name)
        for digest in digests:
            with one_fault(faults.append):  # its sidecar may be damaged
                faults += filter(None, [store.get(name, digest).damage])
        count += len(digests)
        lines += [f"{name}: {fault}" for fault in faults]
    return count, lines
