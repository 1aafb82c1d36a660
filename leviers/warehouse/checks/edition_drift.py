"""Compares the last two accepted editions of a dataset, by the measures that were kept at their load."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from expectations.drift import Change, changes
from ingestion.snapshots import SnapshotStore


@dataclass(frozen=True)
class DatasetDrift:
    """The changes between two editions of a dataset, the heaviest first, with the times of their acceptance.

    ``changes`` is None if an edition is older than the measures that are kept.
    """

    dataset_id: str
    before: str
    after: str
    changes: list[Change] | None

    @property
    def lines(self) -> list[str]:
        head = f"{self.dataset_id}: edition of {self.after} against that of {self.before}"
        if self.changes is None:
            return [f"{head}: not known, the contents of one of them were not kept"]
        if not self.changes:
            return [f"{head}: nothing that matters"]
        return [f"{head}:", *map(self._line, self.changes)]

    def _line(self, change: Change) -> str:
        table = change.table.removeprefix(self.dataset_id).removeprefix("__")
        where = [table] if table else []
        return f"    {': '.join((*where, change.line))}"


def drift(home: Path, dataset_ids: Iterable[str]) -> list[DatasetDrift]:
    """Compares the last two editions of each dataset that has two."""
    store = SnapshotStore(home)
    compared = []
    for dataset_id in dataset_ids:
        state = store.state(dataset_id)
        before, after = state.edition_before, state.last_good
        if before and after and after.files:
            known = before.contents and after.contents
            differences = changes(before.contents, after.contents) if known else None
            compared.append(DatasetDrift(dataset_id, before.at, after.at, differences))
    return compared
