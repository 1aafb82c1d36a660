"""Backup and restore of a home: the files that a refresh cannot make again, and the last publication."""

from __future__ import annotations

import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingestion.fetch import INPUTS
from leviers.common.disk import is_full_disk
from leviers.warehouse.home import (
    FORMAT_FILE,
    LOCK_FILE,
    OUTCOME_FILE,
    HomeError,
    check_format,
    holding,
    open_to_readers,
)
from leviers.warehouse.log import LOGS
from leviers.warehouse.project import dbt_target
from leviers.warehouse.runs.damage import check_stored_files
from leviers.warehouse.runs.metrics import METRICS
from leviers.warehouse.runs.record import DAMAGED_OUTCOME_FILE, sound_record
from leviers.warehouse.runs.run_end import note_restored

RAW, PUBLISHED, PUBLICATIONS = "raw", "published", "publications"
STAGING = ".backup"
STAGING_LOCK = ".backup.lock"
LEFT_BY_FAILED_STARTS = {OUTCOME_FILE, DAMAGED_OUTCOME_FILE, FORMAT_FILE, LOGS}  # left by runs that could not begin
UNFINISHED = ".partial"
TRIES = 20


class BackupError(HomeError):
    """A backup cannot be made or read, or a home cannot take one."""


def back_up(home: Path, file: Path) -> tuple[int, list[str]]:
    """Writes a home into a gzipped tar archive, whole or not at all. Returns what ``check_stored_files`` returns.

    A run may write meanwhile, so the files are linked into a folder first: a run replaces or removes files, but never
    changes one.

    Raises:
        BackupError: there is nothing to keep, or the files change all the time.
        HomeBusyError: another backup of this home is being made.
    """
    if not (home / RAW).is_dir():
        raise BackupError(f"nothing is loaded in {home}: run a refresh or the demo first")
    partial = file.with_name(f".{file.name}{UNFINISHED}")
    try:
        with holding(home, STAGING_LOCK), _staging(home) as staging:
            _link_home(home, staging)
            hashes = check_stored_files(staging)
            with tarfile.open(partial, "w:gz", compresslevel=6) as archive:
                for path in sorted(staging.iterdir()):
                    archive.add(path, path.name)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    return hashes


def restore(file: Path, home: Path) -> tuple[int, list[str]]:
    """Restores a home from a backup, whole or not at all. Returns what ``check_stored_files`` returns.

    Raises:
        BackupError: the home holds something, or the file is no backup of one.
        NewerHomeError: a newer version of the project wrote it.
        HomeBusyError: another job is writing there.
    """
    with holding(home, LOCK_FILE):
        own = {dbt_target(home).name, METRICS}
        if names := {path.name for path in home.glob("[!.]*")} - own - LEFT_BY_FAILED_STARTS:
            raise BackupError(f"{home} is not empty: it holds {min(names)}")
        with _staging(home) as staging:
            try:
                with tarfile.open(file, "r:gz") as archive:
                    archive.extractall(staging, filter=_private)  # noqa: S202 - no less safe than "data"
            except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError) as error:
                if is_full_disk(error):
                    raise
                why = " ".join(str(error).split())
                raise BackupError(f"{file} is no whole backup: {why}") from error
            names = {path.name for path in staging.iterdir()}
            if RAW not in names or names & own or any(name.startswith(".") for name in names):
                raise BackupError(f"{file} is no backup of a home")
            check_format(staging)
            hashes = check_stored_files(staging)
            open_to_readers([*staging.glob(PUBLICATIONS), *staging.glob(f"{PUBLICATIONS}/**/*")])
            before = sound_record(home)
            for path in staging.iterdir():
                path.replace(home / path.name)
            note_restored(home, before)
    return hashes


def _private(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """Returns a member of an archive, if it is safe to extract, readable for the owner of the home alone."""
    data = tarfile.data_filter(member, folder)
    return data.replace(mode=0o600, deep=False) if data.isfile() else data


@contextmanager
def _staging(home: Path) -> Iterator[Path]:
    """Yields an empty folder within a home and removes it at the end. Remains of a dead process are removed first."""
    folder = home / STAGING
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _link_home(home: Path, staging: Path) -> None:
    """Links the content of a backup: each dataset, the entries and the publication as of one instant."""
    (staging / RAW).mkdir()
    for folder in sorted((home / RAW).iterdir()):
        _link_folder(folder, staging / RAW / folder.name)
    if (home / INPUTS).is_dir():
        _link_folder(home / INPUTS, staging / INPUTS)
    if (home / PUBLISHED).is_symlink():  # a run keeps the publication before its own
        publication = (home / PUBLISHED).readlink()
        _link_folder(home / publication, staging / publication)
        (staging / PUBLISHED).symlink_to(publication)
    for path in home.glob("*.json"):
        shutil.copyfile(path, staging / path.name)


def _link_folder(folder: Path, target: Path) -> None:
    """Links all files of a folder. If the folder changes meanwhile, it starts again."""
    for tries_left in reversed(range(TRIES)):
        try:
            shutil.copytree(folder, target, copy_function=os.link, ignore=shutil.ignore_patterns(f"*{UNFINISHED}"))
            if _inodes(target) == _inodes(folder):
                return
        except OSError:  # a run removed a file meanwhile
            if not tries_left:
                raise
        shutil.rmtree(target, ignore_errors=True)
    raise BackupError(f"{folder} changes all the time: try again when the run has ended")


def _inodes(folder: Path) -> dict[Path, int]:
    """Returns the inode of each file of a folder. A link has the inode of its file."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != UNFINISHED)
    return {path.relative_to(folder): path.stat().st_ino for path in files}
