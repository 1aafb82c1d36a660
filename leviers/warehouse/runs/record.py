"""The run record of a home: the last runs, the open incidents with their alerts, the datasets."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from ingestion.state import DamagedFileError, read_kept
from leviers.warehouse.home import OUTCOME_FILE, Words, check_format

DAMAGED_OUTCOME_FILE = f"{OUTCOME_FILE}.damaged"
COMMAND_LINE: Final = "command line"
DAGSTER: Final = "Dagster"
By = Literal["command line", "Dagster"]


class End(StrEnum):
    """The way a run ended."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    FAULTS = "published_with_faults"
    NOT_PUBLISHED = "not_published"
    INTERRUPTED = "interrupted"
    NEVER_STARTED = "never_started"


GOOD = (End.PUBLISHED, End.UNCHANGED, End.FAULTS)  # all that the data allow is published
EXIT_STATUS = {
    End.PUBLISHED: 0,
    End.UNCHANGED: 0,
    End.FAULTS: 3,
    End.NOT_PUBLISHED: 1,
    End.INTERRUPTED: 130,  # as shells report a process that Ctrl-C has ended
    End.NEVER_STARTED: 1,
}


class Kind(StrEnum):
    """A kind of incident; that of a run has the name of its end."""

    REFUSED = "edition_refused"
    OLDER = "older_edition"
    SILENT = "portal_silent"
    LATE = "dataset_late"
    PAGE = "page_not_made"
    DAMAGED = "publication_damaged"
    RECORD = "record_damaged"
    DISK = "disk_below_what_a_run_needs"
    NO_RUN = "no_run"
    NOT_BUILT = "not_built"
    NOT_PUBLISHED = "not_published"
    INTERRUPTED = "interrupted"
    NEVER_STARTED = "never_started"


class Light(StrEnum):
    """A home at a glance."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


LIGHT_STATUS = {Light.GREEN: 0, Light.AMBER: 3, Light.RED: 1}


def label(code: End | Kind | Light) -> str:
    return code.replace("_", " ")


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Run(_Kept):
    """A run. Without an ``end`` it is under way, or its process died. The exit status of a killed run is unknown.

    ``is_disk_full``: the disk became full during the run, or was too full for it to begin. Of a run that ended: the
    disk was still full then, and this was reported.
    """

    started_at: datetime
    by: By
    ended_at: datetime | None = None
    end: End | None = None
    exit_status: int | None = None
    why: tuple[Words, ...] = ()
    is_disk_full: bool = False
    seconds: dict[str, float] = {}
    alerts_failed: tuple[Words, ...] = ()


class Incident(_Kept):
    """A fault of a ``subject``: a dataset, a portal or a page; empty for a fault of a run.

    ``told_at`` is the time of the last alert. An incident that is over is kept until an alert has said so. An incident
    that is not on record may have no ``since``.
    """

    kind: Kind
    subject: str
    text: Words
    since: datetime | None
    told_at: datetime | None = None
    is_over: bool = False


class DatasetRow(_Kept):
    """A dataset at the time of the record: the state of its last edition, and its age in days.

    ``why_older`` says that it ends before the edition that it replaced. ``last_observed`` is the day of the newest
    observation, ``expected_by`` the day by which a newer one is expected.
    """

    dataset_id: str
    state: Literal["loaded", "refused", "not_fetched", "absent"]
    why: Words | None
    why_older: Words | None = None
    failed_fetches: int
    accepted_at: str | None
    load_age_days: int | None
    last_observed: date | None = None
    observation_age_days: int | None = None
    cadence_days: int | None = None
    expected_by: date | None = None
    is_late: bool | None = None


class RunRecord(_Kept):
    """The record of a home.

    It keeps the last run of each kind of end, in the order in which they ended whatever the clock said, then a run that
    is under way.
    """

    version: Literal[1] = 1
    runs: tuple[Run, ...] = ()
    incidents: tuple[Incident, ...] = ()
    datasets: tuple[DatasetRow, ...] = ()

    def with_run(self, run: Run) -> RunRecord:
        """Returns the record with a run instead of its earlier state, and instead of the last run with the same end."""
        others = (
            other
            for other in self.runs
            if other.started_at != run.started_at and (run.end is None or other.end != run.end)
        )
        return self.model_copy(update={"runs": (*others, run)})

    @property
    def open_incidents(self) -> list[Incident]:
        return [incident for incident in self.incidents if not incident.is_over]

    @property
    def ended(self) -> list[tuple[datetime, Run]]:
        """The runs that ended, the last one last, each with the time that the clock said."""
        return [(run.ended_at, run) for run in self.runs if run.ended_at]

    @property
    def last_run(self) -> Run | None:
        """The last run that ended; None before the first."""
        return self.ended[-1][1] if self.ended else None

    @property
    def last_success(self) -> datetime | None:
        """The end of the last good run; None before the first."""
        return self._last_end_of(GOOD)

    @property
    def last_begun(self) -> datetime | None:
        """The end of the last run that had begun; None before the first."""
        return self._last_end_of(set(End) - {End.NEVER_STARTED})

    def _last_end_of(self, ends: Collection[End]) -> datetime | None:
        return next((at for at, run in reversed(self.ended) if run.end in ends), None)

    @property
    def light(self) -> Light:
        """The light: red if no run does its work or a file is damaged, amber if something else is wrong."""
        last, kinds = self.last_run, {incident.kind for incident in self.open_incidents}
        if last is None or last.end not in GOOD or kinds & {Kind.NO_RUN, Kind.DAMAGED, Kind.RECORD, Kind.NEVER_STARTED}:
            return Light.RED
        return Light.AMBER if kinds or last.exit_status else Light.GREEN


def read_record(home: Path) -> RunRecord:
    """Returns the record of a home; empty before its first run.

    Raises:
        DamagedFileError: it cannot be read.
    """
    path = home / OUTCOME_FILE
    return read_kept(path, RunRecord) if path.exists() else RunRecord()


def sound_record(home: Path) -> RunRecord:
    """Returns the record of a home. A damaged record is set aside and reported once, by an incident that is over.

    Raises:
        NewerHomeError: it cannot be read because a newer version wrote it, so it stays.
    """
    with suppress(DamagedFileError):
        return read_record(home)
    check_format(home)
    file, aside = home / OUTCOME_FILE, home / DAMAGED_OUTCOME_FILE
    since = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    file.replace(aside)
    text = (
        f"{file} could not be read and lies in {aside}: what was reported before is reported again, "
        "or is over; look at the disk that did this"
    )
    return RunRecord(
        incidents=(Incident(kind=Kind.RECORD, subject=OUTCOME_FILE, text=text, since=since, is_over=True),)
    )
