"""The options of a refresh, and its outcome for a dataset."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ingestion.catalog import BUNDLED_PREFIX, Dataset, load_catalog, no_such_dataset
from ingestion.snapshots import Edition
from ingestion.state import DatasetState

NOT_IN_RUN = "not part of this run"


@dataclass(frozen=True)
class Options:
    """The request for a refresh. ``home`` is LEVIERS_HOME."""

    home: Path
    mirror: Path | None = None
    offline: bool = False
    only: tuple[str, ...] = ()
    full: bool = False
    demo: bool = False
    tried: str | None = None
    as_of: str | None = None

    @property
    def warehouse(self) -> Path:
        """The working file."""
        return self.home / "warehouse.duckdb"

    def wants(self, dataset: Dataset) -> bool:
        """Returns whether the dataset is part of the run: the demo has the bundled figures, any other run the sources.

        A demo that tries a dataset has its source instead of its bundled figures.
        """
        if self.tried and dataset.dataset_id in (self.tried, f"{BUNDLED_PREFIX}{self.tried}"):
            return dataset.is_built and dataset.dataset_id == self.tried
        return dataset.is_built and (dataset.always or dataset.demo == self.demo)

    def takes(self, dataset: Dataset) -> bool:
        """Returns whether the run fetches new files of this dataset."""
        return self.wants(dataset) and self.as_of is None and (not self.only or dataset.dataset_id in self.only)

    def why_left_out(self, name: str) -> str | None:
        """Returns why a dataset that was asked for by name cannot be part of the run; None if it can."""
        dataset = load_catalog().get(name)
        if dataset is None:
            return no_such_dataset(name)
        if self.wants(dataset):
            return None
        if not dataset.is_built:
            return f"{name} is planned: it has a record, and nothing loads it yet"
        source = name.removeprefix(BUNDLED_PREFIX)
        return f"{name} ships with the project and belongs to the demo: a refresh takes {source} from its source"


@dataclass(frozen=True)
class Outcome:
    """The result of a run for one dataset. ``status`` is changed, unchanged, absent or failed.

    ``edition`` is pending: the new one, or the last good one of a dataset that failed. ``state`` is the state of the
    dataset after a load.
    """

    dataset_id: str
    status: str
    message: str
    edition: Edition | None = field(default=None, compare=False)
    state: DatasetState | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        return f"{self.dataset_id}: {self.message}"

    @property
    def is_in_run(self) -> bool:
        return self.message != NOT_IN_RUN


def failed(name: str, state: DatasetState, why: str) -> Outcome:
    """Returns the outcome of a dataset that failed: it keeps its last good data, or is absent."""
    if state.has_data:
        return Outcome(name, "failed", f"failed, kept last good: {why}")
    return Outcome(name, "failed", f"failed, absent: {why}")
