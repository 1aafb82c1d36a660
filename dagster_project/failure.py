"""The results of a step in Dagster, and its failure with its reason."""

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, TypeAlias

import dagster as dg

from ingestion.fault import one_fault

NEVER_STARTED = "never_started"
Results: TypeAlias = Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]


def in_words(results: Results) -> Results:
    """Yields the results of a step. An error becomes a failure with the words of the command line."""
    with one_fault(fail, dg.Failure):
        yield from results


def fail(why: str, metadata: Mapping[str, Any] | None = None) -> NoReturn:
    """Ends a step with its reason.

    Raises:
        Failure: always.
    """
    raise dg.Failure(why, metadata=metadata)
