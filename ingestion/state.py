"""The state of a dataset between runs: its editions, the last refusal, and the content of the loaded edition."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from expectations.result import CheckResult
from ingestion.fault import RefusalError, one_line

RefusedFor = Literal["checks", "content", "defect"]

Model = TypeVar("Model", bound=BaseModel)


class DamagedFileError(RefusalError):
    """A file that a home keeps between runs cannot be read; the message names it."""


def read_kept(path: Path, model: type[Model]) -> Model:
    """Returns the content of a kept file of a home.

    Raises:
        DamagedFileError: the file is not of this model.
    """
    try:
        return model.model_validate_json(path.read_bytes())
    except (ValidationError, IsADirectoryError) as error:
        raise DamagedFileError(cannot_be_read(path)) from error


def why_unread(error: Exception) -> str:
    """Returns the first fault of a file that a home keeps, in a few words."""
    cause = error.__cause__ or error
    if isinstance(cause, ValidationError):
        first = cause.errors()[0]
        return ": ".join((*filter(None, [".".join(map(str, first["loc"]))]), first["msg"]))
    return one_line(cause)


def cannot_be_read(path: Path) -> str:
    """Returns the message for a person about a damaged file of a home."""
    return f"{path} cannot be read: the next refresh sets it aside and makes it again"


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _is_moment(text: str) -> str:
    if text:
        datetime.fromisoformat(text)
    return text


class EditionYear(_Kept):
    """The content of a published edition for an indicator and a year."""

    indicator_id: str
    year: int
    counted: str | None
    members: int | None
    value_sum: float | None


class AcceptedEdition(_Kept):
    """An accepted edition, with the hashes of its ``files``; without files, the dataset is unloaded.

    ``at`` is the time of its acceptance, empty if there are no files. ``years`` is filled once it is published.
    ``newest`` has the newest value of each column of dates or years, by ``table.column``; empty for an edition of an
    earlier version of the project, which kept more about its tables.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    edition_id: str
    at: Annotated[str, AfterValidator(_is_moment)]
    files: tuple[str, ...]
    years: tuple[EditionYear, ...] = ()
    newest: dict[str, str] = {}

    @property
    def day(self) -> str:
        """The ISO date of its acceptance."""
        return self.at[:10]


class RowsSetAside(_Kept):
    """The rows in quarantine for one value and reason: the number of the first, and their count."""

    dataset_id: str
    snapshot_id: str
    table_name: str
    row_number: int
    column_name: str
    value: str
    reason: str
    row_count: int = 1


class DatasetState(BaseModel):
    """The state of a dataset, kept as JSON.

    ``accepted`` lists the accepted editions, the current one last. ``pending`` lists the files of a fetched edition
    that is not loaded yet. ``loaded`` is the edition in the raw tables, None while a load is under way.

    ``refused`` is the last edition that failed, with its ``reason`` and the hashes of its files, ``refused_files``. An
    edition that was altered in the store has none of these hashes, so that it is fetched again. ``refused_for`` is the
    kind of the reason, None if an earlier version refused the edition.

    ``not_fetched`` is the reason why the last fetch found no edition, None if it found one. ``failed_fetches`` counts
    the fetches in a row that failed. ``notes`` are the portal's notes of the last fetch. ``profiles`` (by raw table),
    ``quarantined``, ``warnings``, ``checks`` and the number of rows ``received`` are about the loaded edition.
    """

    model_config = ConfigDict(extra="forbid")

    accepted: list[AcceptedEdition] = []
    pending: list[str] | None = None
    loaded: str | None = None
    refused: str | None = None
    reason: str | None = None
    refused_for: RefusedFor | None = None
    refused_files: list[str] = []
    profiles: dict[str, dict[str, Any]] = {}
    quarantined: list[RowsSetAside] = []
    warnings: list[str] = []
    notes: list[str] = []
    checks: list[CheckResult] = []
    received: int = 0
    not_fetched: str | None = None
    failed_fetches: int = 0

    @model_validator(mode="before")
    @classmethod
    def _without_french(cls, content: Any) -> Any:
        """Leaves out the reason in French, which homes before format 3 have."""
        if isinstance(content, dict):
            content.pop("reason_fr", None)
        return content

    @property
    def last_good(self) -> AcceptedEdition | None:
        """The last accepted edition; without files if the dataset was unloaded."""
        return self.accepted[-1] if self.accepted else None

    @property
    def is_tried_again(self) -> bool:
        """Whether the next run tries a refused edition again: the program failed, or the cause is unknown."""
        return self.reason is not None and self.refused_for in ("defect", None)

    @property
    def has_data(self) -> bool:
        """Whether there is a last good edition that has files."""
        return self.last_good is not None and bool(self.last_good.files)

    @property
    def wanting(self) -> str | None:
        """The reason why there is no newer edition, or none at all; None if the newest edition is loaded."""
        return self.reason or self.not_fetched or (None if self.has_data else "absent: not fetched yet")

    @property
    def holds_accepted(self) -> bool:
        """Whether the raw tables hold the last good edition, or nothing if there is none."""
        return self.loaded == self.accepted_id

    @property
    def accepted_id(self) -> str | None:
        """The id of the last good edition; None before the first one."""
        return self.last_good.edition_id if self.last_good else None

    @property
    def rows_set_aside(self) -> int:
        """The number of rows of the loaded edition that are in quarantine."""
        return sum(rows.row_count for rows in self.quarantined)

    @property
    def rows_loaded(self) -> int:
        """The number of rows of the loaded edition that are in the raw tables."""
        return self.received - self.rows_set_aside

    @property
    def edition_before(self) -> AcceptedEdition | None:
        """The edition before the last good one; if a past day was rebuilt, the one before that day."""
        last = self.last_good
        earlier = [edition for edition in self.accepted if last and edition.files and edition.at < last.at]
        return max(earlier, key=lambda edition: edition.at) if earlier else None

    @property
    def why_older(self) -> str | None:
        """The warning that the years and dates of the last good edition end before those of the edition before.

        If one of them ends later, an outlier was mended in another: no edition is both older and newer.
        """
        before, last = self.edition_before, self.last_good
        old, new = (edition.newest if edition else {} for edition in (before, last))
        moved = [name for name in new if name in old and new[name] != old[name]]
        if not moved or any(new[name] > old[name] for name in moved):
            return None
        column = moved[0].rpartition(".")[2]
        return f"older than the edition before: its newest {column} is {new[moved[0]]}, {old[moved[0]]} there"

    def forget_refusal(self) -> None:
        self.refused = self.reason = self.refused_for = None
        self.refused_files = []

    def put_back(self, edition_id: str) -> None:
        """Notes that the raw tables hold the last good edition, under the id that the present record gives it."""
        self.loaded = edition_id
        self.accepted[-1] = self.accepted[-1].model_copy(update={"edition_id": edition_id})

    def unload(self, edition_id: str) -> None:
        """Notes that the raw tables hold nothing, under the id of the edition without files."""
        self.accepted.append(AcceptedEdition(edition_id=edition_id, at="", files=()))
        self.loaded = edition_id
        self.profiles, self.quarantined, self.warnings, self.checks, self.received = {}, [], [], [], 0

    def accepted_on(self, day: str | None) -> AcceptedEdition | None:
        """Returns the last edition that was accepted up to an ISO date; the last good one if no date is given."""
        if day is None:
            return self.last_good
        by_time = sorted((edition for edition in self.accepted if edition.day <= day), key=lambda edition: edition.at)
        return by_time[-1] if by_time else None
