"""Tells how an unverified record differs from its first real files: failed checks, columns, values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ingestion.catalog import load_catalog
from ingestion.state import DatasetState

NOT_VERIFIED = "not verified on real files"


def not_verified(dataset_id: str) -> str:
    """Returns the words that end the line of a dataset whose record is not verified, or nothing."""
    return "" if load_catalog()[dataset_id].checks_bind else f"; {NOT_VERIFIED}"


def first_contact_lines(states: Mapping[str, DatasetState], loaded: Iterable[str]) -> list[str]:
    """Returns a block on the unverified datasets whose files differ from the record, or were just ``loaded``."""
    just_loaded = set(loaded)
    lines: list[str] = []
    for name, dataset in load_catalog().items():
        state = states[name]
        if dataset.checks_bind or not dataset.is_built or not state.has_data:
            continue
        remarks: list[str] = [check.message for check in state.checks if check.guess]
        remarks += [*state.warnings, *quarantine_lines(state)]
        if not remarks and name in just_loaded:
            remarks = [f"nothing differs; of the producer's own file, `leviers try {name} --verify` makes checks bind"]
        lines += [f"  {name}: {text.removeprefix(f'{name}: ')}" for text in remarks]
    heading = f"first contact ({NOT_VERIFIED}: what their records say of the content warns and does not refuse)"
    return [heading, *lines] if lines else []


def quarantine_lines(state: DatasetState) -> list[str]:
    """Returns a line per column and reason of the rows that were set aside."""
    counts: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for rows in state.quarantined:
        key = (rows.column_name, rows.reason)
        counts[key] += rows.row_count
        example.setdefault(key, rows.value)
    return [
        (f"{count} rows in quarantine, column {column}, such as {example[column, reason] or '(empty)'!r}: {reason}")
        for (column, reason), count in counts.items()
    ]
