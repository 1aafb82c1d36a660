"""Notes the beginning and the end of a run: in the record of the home, in alerts to a person, in metrics.

The command line and Dagster use the same functions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import gethostname
from typing import Any, Literal

from filelock import FileLock, Timeout

from ingestion.catalog import load_catalog
from ingestion.snapshots import SnapshotStore
from ingestion.state import DamagedFileError, DatasetState
from leviers.common.disk import is_full_disk
from leviers.common.places import write
from leviers.warehouse.home import OUTCOME_FILE, SEAL, NewerHomeError, check_format, published_file, why_no_home
from leviers.warehouse.runs.alerts import Answer, alerts_wanted, ping, send, unsound_addresses
from leviers.warehouse.runs.damage import unreadable
from leviers.warehouse.runs.metrics import METRICS, metrics
from leviers.warehouse.runs.problems import (
    Problems,
    missed_after,
    problems_of_data,
    problems_of_publication,
    recorded_problems,
    why_no_room,
    with_problems_of_runs,
    with_remedies,
    without_full_stop,
)
from leviers.warehouse.runs.record import (
    EXIT_STATUS,
    GOOD,
    By,
    DatasetRow,
    End,
    Incident,
    Kind,
    Run,
    RunRecord,
    label,
    read_record,
    sound_record,
)

OUTCOME_LOCK = ".outcome.lock"  # not the lock of a run: a start that is refused writes the record too
REMINDED_AFTER = timedelta(days=6, hours=12)  # less than a week, since a run may end earlier than the last one did
AGES = {"last_observed", "observation_age_days", "cadence_days", "expected_by", "is_late"}
FRESHNESS = Path(__file__).with_name("freshness.sql")
WRONG_START = "correct the command that starts the run, or its variables"


@contextmanager
def under_way(home: Path) -> Iterator[None]:
    """Holds a lock during a run, which shows others that the run is alive."""
    with _run_lock(home).acquire(timeout=-1):  # `leviers status` may hold it for an instant
        yield


def begin(home: Path, by: By, at: datetime | None = None) -> Run:
    """Notes that a run begins. Sends alerts on an earlier run that died or was missed, and on a damaged publication.

    The data are checked at the end of the run, which may bring what is late.
    """
    run = Run(started_at=at or now(), by=by)
    with FileLock(home / OUTCOME_LOCK):
        record = _with_dead_runs_ended(home, sound_record(home))
        problems = with_problems_of_runs(
            recorded_problems(record) | problems_of_publication(home), record, run.started_at
        )
        return _record_and_alert(home, record, problems, run, run.started_at)


def end(
    home: Path,
    run: Run,
    how: End,
    why: Iterable[str] = (),
    seconds: Mapping[str, float] | None = None,
    exit_status: int | None = None,
) -> Run:
    """Notes how a run ended. Sends alerts on new incidents and on those that are over.

    Returns the run with its exit status, which is 3 instead of 0 if an alert could not be sent.
    """
    at = now()
    with FileLock(home / OUTCOME_LOCK):
        changes = {"ended_at": at, "end": how, "why": tuple(why), "seconds": dict(seconds or {})}
        status = EXIT_STATUS[how] if exit_status is None else exit_status
        is_still_full = run.is_disk_full and why_no_room(home) is not None
        ended = run.model_copy(update=changes | {"exit_status": status, "is_disk_full": is_still_full})
        record = sound_record(home).with_run(ended)
        is_beside_another = any(other.end is None for other in record.runs) and _is_busy(home)
        if how == End.NEVER_STARTED and is_beside_another:  # the other run reports its data when it ends
            problems = with_problems_of_runs(recorded_problems(record), record, at)
        else:
            record, problems = _up_to_date(home, record, at)
        if how in GOOD:  # any other end sends an alert, which shows whether the addresses work
            ended = _with_failures(ended, [*unsound_addresses(), *ping()])
        return _record_and_alert(home, record, problems, ended, at)


def never_started(home: Path, by: By, why: str, exit_status: int) -> None:
    """Notes and reports that a run could not begin.

    If nothing can be noted (no home, the record of a newer version), it sends no message: every start would send it
    again.
    """
    if why_no_home(home):
        return
    is_refused = exit_status == EXIT_STATUS[End.NEVER_STARTED]  # by the home or the disk, not because of wrong options
    reasons = [why] if is_refused else [without_full_stop(why), WRONG_START]
    with suppress(OSError, NewerHomeError):
        run = Run(started_at=now(), by=by, is_disk_full=is_refused)
        end(home, run, End.NEVER_STARTED, reasons, exit_status=exit_status)


def try_addresses(home: Path) -> list[Answer]:
    """Sends a test message to every address."""
    line = "nothing is wrong: alerts of this home are sent to this address"
    return send(_title(home, "a test"), [line], is_good=True)


def note_restored(home: Path, before: RunRecord) -> None:
    """Notes the present problems of a restored home, and the alerts that were sent ``before``.

    A run that was under way at the time of the backup is removed from the record: it did not die here.
    """
    record, at = sound_record(home), now()
    runs, incidents = tuple(run for run in record.runs if run.end), (*before.incidents, *record.incidents)
    record, problems = _up_to_date(home, record.model_copy(update={"runs": runs, "incidents": incidents}), at)
    _write(home, record.model_copy(update={"incidents": _incidents(record, problems, at)}))


def present_record(home: Path, why_no_start: str | None = None) -> RunRecord:
    """Returns the record of a home as it is now, with the reason why no run can begin. Writes and sends nothing."""
    record = RunRecord()
    with suppress(DamagedFileError):  # a problem of its own
        record = read_record(home)
    record, problems = _up_to_date(home, record, now())
    if why_no_start:
        problems[Kind.NEVER_STARTED, ""] = why_no_start
    incidents = _incidents(record, problems, None)
    texts = with_remedies(home, incidents)
    copies = (incident.model_copy(update={"text": text}) for incident, text in zip(incidents, texts, strict=True))
    return record.model_copy(update={"incidents": tuple(copies)})


def now() -> datetime:
    """Returns the present moment in UTC."""
    return datetime.now(UTC)


def _run_lock(home: Path) -> FileLock:
    return FileLock(home / ".run.lock", timeout=0, is_singleton=True)


def _up_to_date(home: Path, record: RunRecord, at: datetime) -> tuple[RunRecord, Problems]:
    """Returns the record with its runs and datasets brought up to date, and the present problems.

    In a home of a newer version, only the runs are looked at.
    """
    record = _with_dead_runs_ended(home, record)
    try:
        check_format(home)
    except NewerHomeError:
        return record, with_problems_of_runs(recorded_problems(record), record, at)
    states: dict[str, DatasetState] = {}
    damaged = {file.name: error for file, error in unreadable(home).items() if file.name != SEAL}
    for name in load_catalog():
        try:
            states[name] = SnapshotStore(home).state(name)
        except DamagedFileError as error:
            damaged[name] = error
    datasets = tuple(_datasets(home, record, states, at))
    problems: Problems = {(Kind.RECORD, subject): error.args[0] for subject, error in damaged.items()}
    problems |= problems_of_data(home, datasets)
    return record.model_copy(update={"datasets": datasets}), with_problems_of_runs(problems, record, at)


def _with_dead_runs_ended(home: Path, record: RunRecord) -> RunRecord:
    """Returns the record with each dead run marked as interrupted: one without an end, while no run is under way.

    The time of its end is that of its begin, since nothing later is known of it.
    """
    unended = [run for run in record.runs if run.end is None]
    if unended and not _is_busy(home):
        for run in unended:
            why = f"the run that began on {run.started_at.isoformat(timespec='seconds')} ended without a word"
            changes = {"ended_at": run.started_at, "end": End.INTERRUPTED, "why": (why,)}
            record = record.with_run(run.model_copy(update=changes))
    return record


def _is_busy(home: Path) -> bool:
    try:
        with _run_lock(home):
            return False
    except (Timeout, OSError):  # a user who may not write cannot know
        return True


def _datasets(home: Path, record: RunRecord, states: Mapping[str, DatasetState], at: datetime) -> Iterator[DatasetRow]:
    """Yields a row for each dataset of which something is known; the row on record if its state cannot be read."""
    freshness = _freshness(home, record, at)
    yield from (row for row in record.datasets if row.dataset_id not in states)
    for name, state in states.items():
        if state.accepted or state.reason or state.failed_fetches:
            accepted = (state.last_good.at or None) if state.last_good else None
            ages = freshness.get(name, {})
            if load_catalog()[name].ships:
                ages = ages | {"is_late": None}  # the figures that ship stay as they are
            yield DatasetRow(
                dataset_id=name,
                state=_state(state),
                why=state.reason or state.not_fetched,
                why_older=state.why_older,
                failed_fetches=state.failed_fetches,
                accepted_at=accepted,
                load_age_days=(at - datetime.fromisoformat(accepted)).days if accepted else None,
                **ages,
            )


def _state(state: DatasetState) -> Literal["loaded", "refused", "not_fetched", "absent"]:
    if state.reason:
        return "refused"
    if state.failed_fetches:
        return "not_fetched"
    return "loaded" if state.has_data else "absent"


def _freshness(home: Path, record: RunRecord, at: datetime) -> dict[str, dict[str, Any]]:
    """Returns the age of each dataset, from the published file.

    If that file is locked, damaged or without the view, the ages are those on record.
    """
    if not published_file(home).exists():
        return {}
    import duckdb

    try:
        with duckdb.connect(str(published_file(home)), read_only=True) as connection:
            ages = connection.execute(FRESHNESS.read_text(encoding="utf-8"), {"today": at.date()})
            return dict(ages.fetchall())
    except duckdb.Error:
        return {row.dataset_id: row.model_dump(include=AGES) for row in record.datasets}


def _incidents(record: RunRecord, problems: Problems, at: datetime | None) -> tuple[Incident, ...]:
    """Returns the present incidents, then those that are over and still to be reported as over.

    A new incident began ``at`` this time, unless its cause has a time of its own.
    """
    incidents = {(incident.kind, incident.subject): incident for incident in record.incidents}
    since = {(Kind.DAMAGED, ""): record.last_success or at}
    since |= {(Kind(run.end), ""): ended for ended, run in record.ended if run.end and run.end not in GOOD}
    if last := record.last_begun:
        since[Kind.NO_RUN, ""] = last + missed_after()
    opened = [
        incidents.get(key, Incident(kind=key[0], subject=key[1], text=text, since=since.get(key, at))).model_copy(
            update={"text": text, "is_over": False}
        )
        for key, text in sorted(problems.items(), key=lambda problem: problem[0][0])  # each kind together
    ]
    over = [incident.model_copy(update={"is_over": True}) for key, incident in incidents.items() if key not in problems]
    return (*opened, *over)


def _record_and_alert(home: Path, record: RunRecord, problems: Problems, run: Run, at: datetime) -> Run:
    """Writes the record, sends the alerts, and writes the record again with the alerts that were received.

    Returns the run with its failed alerts.
    """
    record = record.with_run(run).model_copy(update={"incidents": _incidents(record, problems, at)})
    _write(home, record)
    incidents, failures = _send_alerts(home, record.incidents, at)
    run = _with_failures(run, failures)
    record = record.with_run(run).model_copy(update={"incidents": tuple(incidents)})
    _write(home, record)
    return run


def _write(home: Path, record: RunRecord) -> None:
    """Writes the record, readable for the owner alone, and its metrics, readable for a collector.

    On a full disk the last ones stay, and alerts are sent all the same.
    """
    try:
        write(home, OUTCOME_FILE, record.model_dump_json(indent=1).encode()).chmod(0o600)
        write(home, METRICS, metrics(record).encode()).chmod(0o644)
    except OSError as error:
        if not is_full_disk(error):
            raise


def _with_failures(run: Run, failures: Iterable[str]) -> Run:
    failed = tuple(dict.fromkeys((*run.alerts_failed, *failures)))
    status = 3 if failed and run.exit_status == 0 else run.exit_status
    return run.model_copy(update={"alerts_failed": failed, "exit_status": status})


def _send_alerts(home: Path, incidents: Iterable[Incident], at: datetime) -> tuple[list[Incident], list[str]]:
    """Sends alerts on the incidents that are new, over, or open for a week: one message for each kind.

    Returns the incidents to keep, and the failed alerts. An incident stays due if its alert failed. No alert is sent on
    a home that is not built: a person left it so.
    """
    remaining: list[Incident] = []
    failures: list[str] = []
    due: dict[tuple[Kind, str], list[Incident]] = defaultdict(list)
    if not alerts_wanted():
        return [incident for incident in incidents if not incident.is_over], []
    for incident in incidents:
        if incident.kind == Kind.NOT_BUILT:
            remaining += [] if incident.is_over else [incident]
        elif incident.is_over:
            due[incident.kind, "over"].append(incident)
        elif incident.told_at is None:
            due[incident.kind, "new"].append(incident)
        elif abs(at - incident.told_at) >= REMINDED_AFTER:  # the clock may have been set back
            due[incident.kind, "still so"].append(incident)
        else:
            remaining.append(incident)
    for (kind, event), group in due.items():
        is_over = group[0].is_over
        title = _title(home, f"{label(kind)} ({event})")
        lines = [_over(incident, at) for incident in group] if is_over else with_remedies(home, group)
        answers = send(title, lines, is_good=is_over)
        failures += [line for took, line in answers if not took]
        reminded = [] if is_over else [incident.model_copy(update={"told_at": at}) for incident in group]
        remaining += reminded if any(took for took, _ in answers) else group
    return remaining, failures


def _over(incident: Incident, at: datetime) -> str:
    """Returns the line of an incident that is over, with the time that it lasted."""
    is_of_starts = incident.kind == Kind.NEVER_STARTED  # they may have had several reasons
    text = "no run could begin" if is_of_starts else incident.text
    began, ended = (moment.isoformat(timespec="seconds") for moment in (incident.since or at, at))
    return f"from {began} to {ended}: {text}"


def _title(home: Path, what: str) -> str:
    """Returns the subject of a message. It names the host and the home, since an address may serve several."""
    return f"leviers: {what}, {gethostname()}:{home}"
