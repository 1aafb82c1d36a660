"""A home in one file, and back: what a refresh cannot make again, and the last publication, which has the history."""

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
from leviers.text.message import Detail, Message, Text
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


def back_up(home: Path, file: Path) -> tuple[int, list[Text]]:
    """Writes a home into a tar archive with gzip, at once or not at all; returns what ``check_stored_files`` does.

    A run may be writing: the files are first linked side by side, and a run replaces or forgets them, no more.

    Raises:
        BackupError: there is nothing to keep, or the files change all the time.
        HomeBusyError: another backup of this home is being made.
    """
    if not (home / RAW).is_dir():
        raise BackupError(Message("nothing is loaded in {home}: run a refresh or the demo first", home=home))
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


def restore(file: Path, home: Path) -> tuple[int, list[Text]]:
    """Brings a home back from a backup, and nothing of one that is cut short; returns what ``check_stored_files`` does.

    Raises:
        BackupError: the home holds something, or the file is no backup of one.
        NewerHomeError: a newer version of the project wrote it.
        HomeBusyError: another job is writing there.
    """
    with holding(home, LOCK_FILE):
        own = {dbt_target(home).name, METRICS}
        if names := {path.name for path in home.glob("[!.]*")} - own - LEFT_BY_FAILED_STARTS:
            raise BackupError(Message("{home} is not empty: it holds {name}", home=home, name=min(names)))
        with _staging(home) as staging:
            try:
                with tarfile.open(file, "r:gz") as archive:
                    archive.extractall(staging, filter=_private)  # noqa: S202 - no less safe than "data"
            except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError) as error:
                if is_full_disk(error):
                    raise
                why = Detail(" ".join(str(error).split()))
                raise BackupError(Message("{file} is no whole backup: {why}", file=file, why=why)) from error
            names = {path.name for path in staging.iterdir()}
            if RAW not in names or names & own or any(name.startswith(".") for name in names):
                raise BackupError(Message("{file} is no backup of a home", file=file))
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
    """Yields a folder within a home that is gone at the end; what a process that died has left of it goes first."""
    folder = home / STAGING
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _link_home(home: Path, staging: Path) -> None:
    """Links what a backup holds, each dataset, the entries and the publication as they stood at one instant."""
    (staging / RAW).mkdir()
    for folder in sorted((home / RAW).iterdir()):
        _link_folder(folder, staging / RAW / folder.name)
    if (home / INPUTS).is_dir():
        _link_folder(home / INPUTS, staging / INPUTS)
    if (home / PUBLISHED).is_symlink():  # the publication before is kept: one run more may end meanwhile
        publication = (home / PUBLISHED).readlink()
        _link_folder(home / publication, staging / publication)
        (staging / PUBLISHED).symlink_to(publication)
    for path in home.glob("*.json"):
        shutil.copyfile(path, staging / path.name)


def _link_folder(folder: Path, target: Path) -> None:
    """Links all files of a folder, again until they are those that it still holds at the end."""
    for tries_left in reversed(range(TRIES)):
        try:
            shutil.copytree(folder, target, copy_function=os.link, ignore=shutil.ignore_patterns(f"*{UNFINISHED}"))
            if _inodes(target) == _inodes(folder):
                return
        except OSError:  # forgotten on the way
            if not tries_left:
                raise
        shutil.rmtree(target, ignore_errors=True)
    raise BackupError(Message("{folder} changes all the time: try again when the run has ended", folder=folder))


def _inodes(folder: Path) -> dict[Path, int]:
    """Returns the files of a folder, each with what a link has in common with it."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != UNFINISHED)
    return {path.relative_to(folder): path.stat().st_ino for path in files}
