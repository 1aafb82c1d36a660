"""The present problems of a home that a person is alerted to, and the next action for each."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from ingestion.catalog import load_catalog
from ingestion.options import Options
from ingestion.snapshots import at_least_one
from ingestion.state import DamagedFileError
from leviers.common.words import first_of
from leviers.warehouse.home import RUN_FILE, NotStartedError, missing_pages, next_run, published_file
from leviers.warehouse.runs.damage import altered_files, remedy_for_entered
from leviers.warehouse.runs.record import GOOD, DatasetRow, End, Incident, Kind, RunRecord

RUN_EVERY_VARIABLE = "LEVIERS_RUN_EVERY"
RUN_EVERY_DAYS = 35  # a month, and some days to spare
SILENT_TRIES = 3
LEAST_ROOM = 300_000_000  # bytes that a first demo takes, docs/operate.md
Problems = dict[tuple[Kind, str], str]
REMEDIES = {
    Kind.OLDER: "hold the next refresh, and look whether the producer took the newer edition back",
    Kind.SILENT: "type 'leviers sources --probe', which says what to do; or load a file with --mirror",
    Kind.REFUSED: "'leviers sources --probe' says what changed at a portal; or load a file with --mirror",
    Kind.LATE: "look on the page of the producer for a newer edition; correct a cadence that is wrong",
    Kind.PAGE: "it is a defect: send this line to those who maintain the code",
    Kind.NOT_PUBLISHED: "mend that, then start the run again",
    Kind.DISK: "make room, then start the run again",
    Kind.NO_RUN: "look at what should start it",
    Kind.INTERRUPTED: "the next run goes on from there",
}


def run_every() -> timedelta:
    """Returns the time after which the next run is missed.

    Raises:
        ValueError: the environment gives no number of days.
    """
    return timedelta(days=at_least_one(RUN_EVERY_VARIABLE, RUN_EVERY_DAYS))


def missed_after() -> timedelta:
    """Returns the time after which the next run is missed; the default if the environment is unsound."""
    try:
        return run_every()
    except ValueError:
        return timedelta(days=RUN_EVERY_DAYS)


def check_room(home: Path) -> None:
    """Checks that the disk has enough room for a run.

    Raises:
        NotStartedError: it has too little.
    """
    if why := why_no_room(home):
        raise NotStartedError(why)


def why_no_room(home: Path) -> str | None:
    """Returns why the disk has too little room for a run; None if it has enough.

    A run writes a working file and a publication beside the last ones.
    """
    if not home.is_dir():
        return None
    files = (Options(home).warehouse, *published_file(home).parent.resolve().rglob("*"))
    needed = max(LEAST_ROOM, sum(path.stat().st_size for path in files if path.is_file()))
    free = shutil.disk_usage(home).free
    if free >= needed:
        return None
    return f"{home}: {free / 1e6:,.0f} MB are free, a run needs {needed / 1e6:,.0f} MB"


def recorded_problems(record: RunRecord) -> Problems:
    """Returns the problems of the open incidents on record."""
    return {(incident.kind, incident.subject): incident.text for incident in record.open_incidents}


def problems_of_data(home: Path, datasets: Iterable[DatasetRow]) -> Problems:
    """Returns the problems of the datasets, the pages and the disk."""
    problems: Problems = {}
    silent: dict[str, list[DatasetRow]] = defaultdict(list)
    for row in datasets:
        name = row.dataset_id
        if row.state == "refused" and row.why:
            problems[Kind.REFUSED, row.dataset_id] = f"{name}: {row.why}"
        if row.why_older:
            problems[Kind.OLDER, row.dataset_id] = f"{name}: {row.why_older}"
        if row.failed_fetches >= SILENT_TRIES:
            silent[_portal(row.dataset_id)].append(row)
        if row.is_late and row.last_observed and row.expected_by:
            problems[Kind.LATE, row.dataset_id] = (
                f"{name}: the newest observation is of {row.last_observed}, a newer one was expected by "
                f"{row.expected_by}"
            )
    for portal, rows in silent.items():
        problems[Kind.SILENT, portal] = (
            f"{portal}: no file arrived in {max(row.failed_fetches for row in rows)} runs in a row: "
            f"{first_of([row.dataset_id for row in rows])}: {rows[0].why or ''}"
        )
    problems |= problems_of_publication(home)
    if published_file(home).exists() and not (Options(home).warehouse.exists() and (home / RUN_FILE).exists()):
        problems[Kind.NOT_BUILT, ""] = (
            f"the working file or {RUN_FILE} is not there; '{next_run(home, '--offline')}' builds all"
        )
    with suppress(DamagedFileError):  # a damaged seal is a problem of its own
        problems |= {(Kind.PAGE, page): line for page, line in missing_pages(home).items()}
    if why := why_no_room(home):
        problems[Kind.DISK, ""] = why
    return problems


def problems_of_publication(home: Path) -> Problems:
    """Returns a problem if published files are gone or not as they were sealed."""
    altered = altered_files(home, hashed=False)
    return {(Kind.DAMAGED, ""): f"damaged or gone: {first_of(altered)}"} if altered else {}


def with_problems_of_runs(other_problems: Problems, record: RunRecord, at: datetime) -> Problems:
    """Returns the ``other_problems`` and those of the runs on record.

    A good run clears the problems of earlier runs. A run that did not publish clears them too, and adds its own. An
    interrupted run clears those of starts, since it had begun. A failure that was reported as a full disk adds none,
    even once there is room again.
    """
    problems: Problems = {}
    for _, run in record.ended:
        if run.end in GOOD:
            problems.clear()
        elif run.end:
            if run.end == End.NOT_PUBLISHED:
                problems.clear()
            elif run.end == End.INTERRUPTED:  # it had begun
                problems.pop((Kind.NEVER_STARTED, ""), None)
            if not run.is_disk_full:
                problems[Kind(run.end), ""] = "; ".join(run.why)
    if last := record.last_begun:
        ended = f"the last run ended on {last.isoformat(timespec='seconds')}"
        if at - last > missed_after():
            problems[Kind.NO_RUN, ""] = f"{ended}, one is expected every {missed_after().days} days"
    return other_problems | problems


def with_remedies(home: Path, incidents: Sequence[Incident]) -> list[str]:
    """Returns the texts of incidents with the next action. If several share an action, the last one names it."""
    texts: list[str] = []
    named: set[str] = set()
    for incident in reversed(incidents):
        remedy = REMEDIES.get(incident.kind)
        if incident.kind == Kind.DAMAGED:
            remedy = f"'{next_run(home)}' makes them again"
        elif incident.kind == Kind.RECORD:
            remedy = f"type: {next_run(home, '--offline')}"
        elif incident.kind == Kind.REFUSED:
            remedy = remedy_for_entered(home, incident.subject) or remedy
        new_remedy = remedy if remedy not in named else None
        texts.append(f"{without_full_stop(incident.text)}; {new_remedy}" if new_remedy else incident.text)
        named.add(remedy or "")
    return texts[::-1]


def without_full_stop(text: str) -> str:
    """Returns a text without its full stop, so that the next action can follow."""
    return text.removesuffix(".")


def _portal(dataset_id: str) -> str:
    """Returns the host that serves the files of a dataset; the dataset itself if no host does."""
    fetch = load_catalog()[dataset_id].fetch
    return urlsplit(fetch.url or "").netloc or dataset_id if fetch else dataset_id
