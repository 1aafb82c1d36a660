"""How a run ended: noted in the record of the home, told to a person, written for a collector; the same for each way
of running.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from filelock import FileLock

from expectations.places import write
from ingestion.catalog import load_catalog
from ingestion.snapshots import SnapshotStore, at_least_one
from ingestion.state import DamagedFileError, DatasetState
from leviers.text.language import Moment
from leviers.text.message import Bilingual, Joined, Message, day_of, detail, figure, first_of
from leviers.warehouse.alerts import alerts_wanted, ping, send
from leviers.warehouse.home import FORMAT_FILE, HomeBusyError, NotStartedError, missing_pages, published_file, writing
from leviers.warehouse.metrics import METRICS, metrics
from leviers.warehouse.record import (
    EXIT_STATUS,
    GOOD,
    RECORD,
    By,
    DatasetRow,
    End,
    Incident,
    Kind,
    Record,
    Run,
    Words,
    in_words,
    label,
    read_record,
)
from leviers.warehouse.seeds import with_title

RUN_EVERY_VARIABLE = "LEVIERS_RUN_EVERY"
RUN_EVERY_DAYS = 35  # a month, and some days to spare
SILENT_TRIES = 3
REMINDED_AFTER = timedelta(days=7)
LEAST_ROOM = 200_000_000
AGES = {"last_observed", "observation_age_days", "cadence_days", "expected_by", "is_late"}
FRESHNESS = """
select
    jeu_id,
    {
        'last_observed': derniere_periode_observee,
        'observation_age_days': age_observation_jours,
        'cadence_days': cadence_jours,
        'expected_by': prochaine_attendue_le,
        'is_late': est_en_retard
    }
from vues.fait_fraicheur
"""
Found = dict[tuple[Kind, str], Words]


def run_every() -> timedelta:
    """How long after a run the next one is missed.

    Raises:
        ValueError: the environment gives no number of days.
    """
    return timedelta(days=at_least_one(RUN_EVERY_VARIABLE, RUN_EVERY_DAYS))


def check_room(home: Path) -> None:
    """Looks whether the disk has what a run needs.

    Raises:
        NotStartedError: it has not.
    """
    if why := _why_no_room(home):
        raise NotStartedError(why)


def begin(home: Path, by: By, at: datetime | None = None) -> Run:
    """Notes that a run begins; tells of one that died, or that did not happen."""
    run = Run(started_at=at or now(), by=by)
    with _alone(home):
        record = _known(home)
        runs = _without_dead(home, record.runs, run.started_at)
        open_ones = {(one.kind, one.subject): one.text for one in record.incidents if not one.is_over}
        record = record.model_copy(update={"runs": runs})
        return _tell(home, record, _with_runs(open_ones, record, run.started_at), run, run.started_at)


def end(
    home: Path,
    run: Run,
    how: End,
    why: Iterable[str] = (),
    seconds: Mapping[str, float] | None = None,
    exit_status: int | None = None,
) -> Run:
    """Notes how a run ended, and tells what is wrong since, and what no longer is.

    The run that is returned has its exit status: 3 in the place of 0 where somebody could not be told.
    """
    at = now()
    with _alone(home):
        changes = {"ended_at": at, "end": how, "why": tuple(map(in_words, why)), "seconds": dict(seconds or {})}
        status = EXIT_STATUS[how] if exit_status is None else exit_status
        ended = run.model_copy(update=changes | {"exit_status": status})
        record, found = _observed(home, at, ended)
        if how in GOOD and (failure := ping()):
            ended = _with_failures(ended, [failure])
        return _tell(home, record, found, ended, at)


def never_started(home: Path, by: By, why: str, exit_status: int) -> None:
    """Notes that a run could not begin, where there is a home that can be written: another folder is left as it is."""
    if (home / FORMAT_FILE).exists():
        with suppress(OSError, DamagedFileError):
            end(home, Run(started_at=now(), by=by), End.NEVER_STARTED, [why], exit_status=exit_status)


def current(home: Path) -> Record:
    """The record of a home as it is now; nothing is written or told.

    Raises:
        DamagedFileError: a file of the home cannot be read.
    """
    at = now()
    record, found = _observed(home, at)
    return record.model_copy(update={"incidents": _incidents(record, found, at)})


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def _alone(home: Path) -> FileLock:
    """Who holds it is alone with the record: a run that cannot begin notes that while another one is under way."""
    return FileLock(home / ".outcome.lock")


def _known(home: Path) -> Record:
    """The record, or an empty one where it is damaged: that one is moved out of the way, as a refresh does."""
    try:
        return read_record(home)
    except DamagedFileError:
        (home / RECORD).replace(home / f"{RECORD}.damaged")
        return Record()


def _observed(home: Path, at: datetime, ended: Run | None = None) -> tuple[Record, Found]:
    """The record without its incidents brought up to date, and what is wrong now."""
    record = read_record(home) if ended is None else _known(home)
    runs = _with_run(record.runs, ended) if ended else record.runs
    datasets = tuple(_datasets(home, record, at))
    record = record.model_copy(update={"runs": _without_dead(home, runs, at), "datasets": datasets})
    return record, _with_runs(_of_data(home, datasets), record, at)


def _with_run(runs: Iterable[Run], run: Run) -> tuple[Run, ...]:
    """The runs with one in the place of what was known of it, and of the one before that ended as it did."""
    others = (each for each in runs if each.started_at != run.started_at and (run.end is None or each.end != run.end))
    return (*others, run)


def _without_dead(home: Path, runs: Iterable[Run], at: datetime) -> tuple[Run, ...]:
    """The runs, of which one that did not end was interrupted, unless a run is under way."""
    found: tuple[Run, ...] = tuple(runs)
    dead = [run for run in found if run.end is None]
    if dead and not _is_busy(home):
        for run in dead:
            why = Message("the run that began on {moment} ended without a word", moment=moment_of(run.started_at))
            changes = {"ended_at": at, "end": End.INTERRUPTED, "why": (in_words(why),)}
            found = _with_run(found, run.model_copy(update=changes))
    return found


def _is_busy(home: Path) -> bool:
    try:
        with writing(home):
            return False
    except (HomeBusyError, OSError):  # who may not write cannot know
        return True


def _datasets(home: Path, record: Record, at: datetime) -> Iterator[DatasetRow]:
    """The datasets of which anything is known."""
    freshness = _freshness(home, record)
    for name, state in SnapshotStore(home).states(load_catalog()).items():
        if state.accepted or state.reason or state.failed_fetches:
            accepted = (state.last_good.at or None) if state.last_good else None
            refused = state.refusal.without(name) if state.refusal else None
            why = refused or (state.not_fetched and detail(state.not_fetched))
            yield DatasetRow(
                dataset_id=name,
                state=_state(state),
                why=in_words(why) if why else None,
                failed_fetches=state.failed_fetches,
                accepted_at=accepted,
                load_age_days=(at - datetime.fromisoformat(accepted)).days if accepted else None,
                **freshness.get(name, {}),
            )


def _state(state: DatasetState) -> Literal["loaded", "refused", "not_fetched", "absent"]:
    if state.reason:
        return "refused"
    if state.failed_fetches:
        return "not_fetched"
    return "loaded" if state.has_data else "absent"


def _freshness(home: Path, record: Record) -> dict[str, dict[str, Any]]:
    """The age of each dataset, as the published file tells it; as it was, while that file cannot be opened.

    Of a file that is older than the view nothing is known.
    """
    if not published_file(home).exists():
        return {}
    import duckdb

    try:
        with duckdb.connect(str(published_file(home)), read_only=True) as connection:
            return dict(connection.execute(FRESHNESS).fetchall())
    except (duckdb.CatalogException, duckdb.BinderException):
        return {}
    except duckdb.Error:
        return {row.dataset_id: row.model_dump(include=AGES) for row in record.datasets}


def _of_data(home: Path, datasets: Iterable[DatasetRow]) -> Found:
    """What is wrong with the datasets, the pages and the disk."""
    found: Found = {}
    silent: dict[str, list[DatasetRow]] = defaultdict(list)
    for row in datasets:
        name = with_title(row.dataset_id)
        if row.state == "refused" and row.why:
            found[Kind.REFUSED, row.dataset_id] = in_words(Joined(": ", (name, Bilingual(*row.why))))
        if row.failed_fetches >= SILENT_TRIES:
            silent[_portal(row.dataset_id)].append(row)
        is_awaited = row.is_late and not load_catalog()[row.dataset_id].demo  # the figures that ship stay as they are
        if is_awaited and row.last_observed and row.expected_by:
            late = Message(
                "{dataset}: the newest observation is of {day}, a newer one was expected by {expected}",
                dataset=name,
                day=day_of(row.last_observed),
                expected=day_of(row.expected_by),
            )
            found[Kind.LATE, row.dataset_id] = in_words(late)
    for portal, rows in silent.items():
        unanswered = Message(
            "{portal}: no file was had in {tries} runs in a row: {datasets}: {why}",
            portal=portal,
            tries=max(row.failed_fetches for row in rows),
            datasets=first_of([row.dataset_id for row in rows]),
            why=Bilingual(*rows[0].why) if rows[0].why else "",
        )
        found[Kind.SILENT, portal] = in_words(unanswered)
    for page in missing_pages(home):
        found[Kind.PAGE, page.partition(": ")[0]] = in_words(page)
    if why := _why_no_room(home):
        found[Kind.DISK, ""] = in_words(why)
    return found


def _portal(dataset_id: str) -> str:
    """The host that has the files of a dataset, or the dataset where they come from none."""
    fetch = load_catalog()[dataset_id].fetch
    return urlsplit(fetch.url or "").netloc or dataset_id if fetch else dataset_id


def _why_no_room(home: Path) -> Message | None:
    """Why the disk has not what a run needs: the working file and the publication are written beside the last ones."""
    if not home.is_dir():
        return None
    files = (home / "warehouse.duckdb", *published_file(home).parent.resolve().rglob("*"))
    needed = max(LEAST_ROOM, sum(path.stat().st_size for path in files if path.is_file()))
    free = shutil.disk_usage(home).free
    if free >= needed:
        return None
    values = {name: figure(f"{size / 1e6:,.0f}") for name, size in (("free", free), ("needed", needed))}
    return Message("{home}: {free} MB are free, a run needs {needed} MB", home=home, **values)


def _with_runs(known: Found, record: Record, at: datetime) -> Found:
    """What is known to be wrong, and what is with the runs since the last one that came to a result, and with that one;
    a disk that keeps one from beginning is told as such.
    """
    found: Found = {}
    for _, run in record.ended:
        if run.end in GOOD:
            found.clear()
        elif run.end:
            if run.end == End.NOT_PUBLISHED:
                found.clear()
            found[Kind(run.end), ""] = in_words(Joined("; ", [Bilingual(*words) for words in run.why]))
    happened = [ended for ended, run in record.ended if run.end != End.NEVER_STARTED]
    every = run_every()
    if happened and at - happened[-1] > every:
        values = {"moment": moment_of(happened[-1]), "days": every.days}
        found[Kind.NO_RUN, ""] = in_words(
            Message("the last run ended on {moment}, one is expected every {days} days", **values)
        )
    if (Kind.DISK, "") in known:
        found.pop((Kind.NEVER_STARTED, ""), None)
    return known | found


def moment_of(at: datetime) -> Moment:
    """A moment for a person."""
    return Moment(at.isoformat(timespec="seconds"))


def _incidents(record: Record, found: Found, at: datetime) -> tuple[Incident, ...]:
    """The incidents with what was found; what is over and was told is still to be told as over."""
    known = {(one.kind, one.subject): one for one in record.incidents}
    opened = [
        known.get(key, Incident(kind=key[0], subject=key[1], text=text, since=at)).model_copy(
            update={"text": text, "is_over": False}
        )
        for key, text in found.items()
    ]
    over = [one.model_copy(update={"is_over": True}) for key, one in known.items() if key not in found and one.told_at]
    return (*opened, *over)


def _tell(home: Path, record: Record, found: Found, run: Run, at: datetime) -> Run:
    """Tells what is new and writes the record, in which ``run`` has the alerts that failed."""
    incidents, failures = _told(_incidents(record, found, at), at)
    run = _with_failures(run, failures)
    record = record.model_copy(update={"runs": _with_run(record.runs, run), "incidents": tuple(incidents)})
    write(home, RECORD, record.model_dump_json(indent=1).encode())
    write(home, METRICS, metrics(record).encode())
    return run


def _with_failures(run: Run, failures: Iterable[str]) -> Run:
    failed = tuple(dict.fromkeys((*run.alerts_failed, *map(in_words, failures))))
    status = 3 if failed and run.exit_status == 0 else run.exit_status
    return run.model_copy(update={"alerts_failed": failed, "exit_status": status})


def _told(incidents: Iterable[Incident], at: datetime) -> tuple[list[Incident], list[Message]]:
    """The incidents after those that are new, over, or open for a week since were told: one message for each kind.

    What nobody could be told stays to be told.
    """
    kept: list[Incident] = []
    failures: list[Message] = []
    due: dict[tuple[Kind, Message], list[Incident]] = defaultdict(list)
    for one in incidents:
        if not alerts_wanted():
            kept += [] if one.is_over else [one]
        elif one.is_over:
            due[one.kind, Message("over")].append(one)
        elif one.told_at is None:
            due[one.kind, Message("new")].append(one)
        elif at - one.told_at >= REMINDED_AFTER:
            due[one.kind, Message("still so")].append(one)
        else:
            kept.append(one)
    for (kind, event), group in due.items():
        title = Message("leviers: {kind} ({event})", kind=label(kind), event=event)
        took, failed = send(title, [Bilingual(*one.text) for one in group], is_good=group[0].is_over)
        failures += failed
        kept += [one.model_copy(update={"told_at": at}) for one in group if not one.is_over] if took else group
    return kept, failures
