"""A LEVIERS_HOME: its files, its lock, the runs that it allows, and the state of its marts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from filelock import FileLock, Timeout
from pydantic import BaseModel, BeforeValidator, ConfigDict

from ingestion.catalog import BUNDLED_PREFIX, load_catalog
from ingestion.fault import RefusalError
from ingestion.fetch import INPUTS, why_no_such_day
from ingestion.options import Options
from ingestion.state import DamagedFileError, read_kept
from leviers.common.places import place, write
from leviers.warehouse.log import LOGS
from leviers.warehouse.project import DEFAULT_REGION, build_fingerprint

DATABASE = "leviers.duckdb"
SLIM = "leviers-bi.duckdb"
SEAL = "seal.json"
RUN_FILE = "run.json"
OUTCOME_FILE = "outcome.json"
GATE_FILE = "gate.json"
DBT_FILE = "dbt_tests.json"
LOCK_FILE = ".lock"
FORMAT_FILE = "format.json"
FORMAT = 3  # the format of the files kept between runs; it is raised when an older version could not read them
CORRUPT = "Corrupt database file"
# A home of any version holds one of these, and so does a folder that a person or Dagster has prepared as a home.
HOME_NAMES = {FORMAT_FILE, RUN_FILE, OUTCOME_FILE, LOGS, "raw", INPUTS, "mirror", "dagster.yaml"}


# A text that a home keeps. Before format 3 it was a pair, in English and in French.
Words = Annotated[str, BeforeValidator(lambda text: text[0] if isinstance(text, list) and len(text) == 2 else text)]


class HomeError(RefusalError):
    """A LEVIERS_HOME cannot be used."""


class NotStartedError(HomeError):
    """A run cannot begin in the home."""


class HomeBusyError(NotStartedError):
    """Another job is writing in the home."""


class NewerHomeError(NotStartedError):
    """A newer version of the project has written files in the home that this version cannot read."""


def leviers_home() -> Path:
    """Returns the folder of the variable ``LEVIERS_HOME``. If it is not set, returns ``./data``."""
    return Path(os.environ.get("LEVIERS_HOME", "data")).resolve()


def published_file(home: Path) -> Path:
    """Returns the path of the published DuckDB file, which may not exist."""
    return home / "published" / DATABASE


def is_corrupt(error: Exception) -> bool:
    """Returns whether DuckDB found a wrong checksum in a file; DuckDB has no class for this error."""
    return "duckdb" in type(error).__module__ and CORRUPT in str(error)


def exports(name: str) -> Path:
    """Returns the default path of an exported file.

    Raises:
        OutsideError: the name is not one of a file.
    """
    return place(leviers_home() / "exports", name)


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Holds the lock of a home and notes its format. The same process may hold the lock several times.

    Raises:
        HomeBusyError: another process holds the lock.
        NewerHomeError: a newer version of the project wrote in the home.
    """
    with holding(home, LOCK_FILE):
        if check_format(home) < FORMAT:
            if (noted := home / FORMAT_FILE).is_dir():
                noted.replace(home / f"{FORMAT_FILE}.damaged")
            note = HomeFormat(format=FORMAT, version=version("leviers"))
            write(home, FORMAT_FILE, note.model_dump_json(indent=1).encode())
        yield


@contextmanager
def holding(home: Path, lock_file: str) -> Iterator[None]:
    """Holds a lock file of a home. New files are private to the owner meanwhile, except after ``open_to_readers``.

    The rights of the home itself do not change, since a web server passes it on the way to the publication.

    Raises:
        HomeBusyError: another process holds the lock.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / lock_file, timeout=0, is_singleton=True)
    before = os.umask(0o077)
    try:
        with lock:
            yield
    except Timeout as error:
        raise HomeBusyError(f"{home}: another job is writing here: wait for its end") from error
    finally:
        os.umask(before)


def open_to_readers(paths: Iterable[Path]) -> None:
    """Lets a web server read the published files, independent of the umask."""
    for path in paths:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))


def why_no_home(home: Path) -> str | None:
    """Returns the reason why a folder with other content is no home; hidden files and ``lost+found`` do not count."""
    held = {path.name for path in home.glob("[!.]*")} - {"lost+found"}
    if not held or not held.isdisjoint(HOME_NAMES):
        return None
    return f"{home} holds {min(held)} and is no home: set LEVIERS_HOME to a folder that is empty or new"


class HomeFormat(BaseModel):
    """The format of the files that a home keeps between runs, and the first version that wrote it."""

    format: int = 0
    version: str = ""


def check_format(home: Path) -> int:
    """Returns the format of a home, 0 if none is noted.

    Raises:
        NewerHomeError: a newer version of the project wrote in the home.
    """
    noted = HomeFormat()
    with suppress(FileNotFoundError, DamagedFileError):  # a damaged note is written again
        noted = read_kept(home / FORMAT_FILE, HomeFormat)
    if noted.format > FORMAT:
        raise NewerHomeError(
            f"{home} was written by leviers {noted.version}, which this version, {version('leviers')}, is too old to "
            "read: install that one, or restore a backup of before"
        )
    return noted.format


class RunState(BaseModel):
    """The state of the marts: region, demo and time of the last published run, and the project that built them.

    ``fingerprint`` identifies the project that built the models of the working file; None while they are a mix of two.
    ``unbuilt`` lists the datasets that were loaded after the last build of the models that depend on them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fingerprint: str | None = None
    region: str = DEFAULT_REGION
    demo: bool = False
    at: str | None = None
    unbuilt: tuple[str, ...] = ()


class Seal(BaseModel):
    """The seal beside a published file: its SHA-256, and the reason of each missing page.

    ``files`` has the size and the SHA-256 of each file of the publication, by its path beside the seal.
    """

    model_config = ConfigDict(frozen=True)

    sha256: str
    files: dict[str, tuple[int, str]] = {}
    missing: dict[str, Words] = {}


def read_seal(home: Path) -> Seal | None:
    """Returns the seal of the published file; None if an earlier version made no seal.

    Raises:
        DamagedFileError: the seal cannot be read.
    """
    path = published_file(home).with_name(SEAL)
    return read_kept(path, Seal) if path.exists() else None


def missing_pages(home: Path) -> dict[str, str]:
    """Returns a line for each page, or file beside the pages, that could not be made.

    Raises:
        DamagedFileError: the seal cannot be read.
    """
    seal = read_seal(home)
    return seal.missing if seal else {}


def read_run_state(home: Path) -> RunState | None:
    """Returns the state of the marts; None before the first publication.

    Raises:
        DamagedFileError: its file cannot be read.
    """
    path = home / RUN_FILE
    return read_kept(path, RunState) if path.exists() else None


def write_run_state(home: Path, state: RunState) -> None:
    write(home, RUN_FILE, state.model_dump_json(indent=1).encode())


def note_unbuilt(home: Path, names: Iterable[str]) -> None:
    """Notes, before raw tables are written, that the models of these datasets must be built.

    If the working file is gone, the load makes a new one without models.
    """
    if last := read_run_state(home):  # without one, everything is built
        unbuilt = tuple(sorted({*last.unbuilt, *names}))
        fingerprint = last.fingerprint if Options(home).warehouse.exists() else None
        write_run_state(home, last.model_copy(update={"unbuilt": unbuilt, "fingerprint": fingerprint}))


def note_build(home: Path, region: str) -> bool:
    """Returns whether the models are those of this project. If not, notes before the build that they are a mix."""
    last = read_run_state(home)
    if last and last.fingerprint == build_fingerprint(region):
        return True
    forget_build(home)
    return False


def forget_build(home: Path) -> None:
    """Notes that the models are not those of this project."""
    if last := read_run_state(home):
        write_run_state(home, last.model_copy(update={"fingerprint": None}))


def to_build(options: Options, region: str) -> set[str] | None:
    """Returns the datasets whose models must be built, an empty set if there are none; None: all models."""
    last = read_run_state(options.home)
    is_complete = options.warehouse.exists() and published_file(options.home).exists()
    if options.full or last is None or last.fingerprint != build_fingerprint(region) or not is_complete:
        return None
    return load_catalog().keys() & last.unbuilt


def next_run(home: Path, *options: str) -> str:
    """Returns the command that builds a home in the scope of the last run."""
    if not (last := last_run(home)):
        return "leviers refresh"
    return "leviers demo" if last.demo else " ".join(("leviers refresh", *options, "--region", last.region))


def last_run(home: Path) -> RunState | None:
    """Returns the state of the marts. If its file is gone or damaged, the published and the stored files give it."""
    with suppress(DamagedFileError):
        if (last := read_run_state(home)) or not published_file(home).exists():
            return last
    import duckdb

    last_publication = "select arg_max(region_demandee, publie_le) from vues.fait_publication"
    with suppress(duckdb.Error), duckdb.connect(str(published_file(home)), read_only=True) as connection:
        [(region,)] = connection.execute(last_publication).fetchall()
        return RunState(region=region, demo=any(home.glob(f"raw/{BUNDLED_PREFIX}*/*/")))
    return None


def note_published(home: Path, fingerprint: str, region: str, *, demo: bool) -> None:
    """Notes that all models were built from all that is loaded, by the project of this fingerprint, and published."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    write_run_state(home, RunState(fingerprint=fingerprint, region=region, demo=demo, at=at))


@dataclass(frozen=True)
class Refusal:
    """The reason why a run is not started, and the option that causes it, if any."""

    reason: str
    option: str | None = None


def refusals(options: Options) -> list[Refusal]:
    """Returns the reasons why a run cannot start with its options; an empty list if it can."""
    refused: list[Refusal] = []
    if why := _why_not_in(options.home, demo=options.demo):
        refused.append(Refusal(why))
    if options.mirror and not options.mirror.is_dir():
        refused.append(Refusal(f"no such folder: {options.mirror}", "--mirror"))
    if why := why_no_such_day(options):
        refused.append(Refusal(why, "--as-of"))
    if reasons := [why for name in options.only if (why := options.why_left_out(name))]:
        refused.append(Refusal("; ".join(reasons), "--only"))
    return refused


def _why_not_in(home: Path, *, demo: bool) -> str | None:
    """Returns why a run may not use a home. Demo and real files in one home would remove each other's data."""
    if why := why_no_home(home):
        return why
    last = last_run(home)
    if last is None or last.demo == demo:
        return None
    if demo:
        return f"{home} holds a warehouse of real files: set LEVIERS_HOME to another folder"
    return (
        f"{home} holds the demo: bring it up to date with 'leviers demo', in Dagster with 'demo: "
        "true', or set LEVIERS_HOME to another folder"
    )
