"""Tells how an unverified record differs from its first real files: failed checks, columns, values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ingestion.catalog import load_catalog
from ingestion.state import DatasetState
from leviers.text.message import Counted, Joined, Message, Text, detail
from leviers.warehouse.checks.check_row import expectation_row
from leviers.warehouse.seeds import labelled

NOT_VERIFIED = Message("not verified on real files")


def not_verified(dataset_id: str) -> str:
    """Returns the words that end the line of a dataset whose record is not verified, or nothing."""
    return "" if load_catalog()[dataset_id].checks_bind else Joined("; ", ("", NOT_VERIFIED))


def first_contact_lines(states: Mapping[str, DatasetState], loaded: Iterable[str]) -> list[str]:
    """Returns a block on the unverified datasets whose files differ from the record, or were just ``loaded``."""
    just_loaded = set(loaded)
    lines: list[str] = []
    for name, dataset in load_catalog().items():
        state = states[name]
        if dataset.checks_bind or not dataset.is_built or not state.has_data:
            continue
        remarks: list[Text] = [expectation_row(check).sentence for check in state.checks if check.guess]
        remarks += [*map(detail, state.warnings), *quarantine_lines(state)]
        if not remarks and name in just_loaded:
            remarks = [
                Message(
                    "nothing differs; of the producer's own file, `leviers try {dataset} --verify` makes checks bind",
                    dataset=name,
                )
            ]
        lines += [Message("  {dataset}: {text}", dataset=name, text=text.without(name)) for text in remarks]
    heading = Message(
        "first contact ({why}: what their records say of the content warns and does not refuse)", why=NOT_VERIFIED
    )
    return [heading, *lines] if lines else []


def quarantine_lines(state: DatasetState) -> list[Text]:
    """Returns a line per column and reason of the rows that were set aside."""
    counts: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for rows in state.quarantined:
        key = (rows.column_name, rows.reason)
        counts[key] += rows.row_count
        example.setdefault(key, rows.value)
    return [
        Counted(
            "{count} rows in quarantine, column {column}, such as {example!r}: {reason}",
            count=count,
            column=column,
            example=example[column, reason] or Message("(empty)"),
            reason=labelled("quarantine_reason", reason),
        )
        for (column, reason), count in counts.items()
    ]
