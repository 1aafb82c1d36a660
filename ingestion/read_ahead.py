"""Reads what waits to be loaded in a thread of its own: the files of the next producer while the last is checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingestion.catalog import load_catalog
from ingestion.options import Options
from ingestion.snapshots import Edition, SnapshotStore

if TYPE_CHECKING:
    from ingestion.sources import Extraction


class ReadAhead:
    """The extractions of a run by producer, under way or done; each is taken once."""

    def __init__(self) -> None:
        self._extractions: dict[str, tuple[list[Edition], Future[Extraction]]] = {}

    def start(self, pool: ThreadPoolExecutor, options: Options, dataset_ids: Collection[str]) -> None:
        """Asks for the pending editions of these datasets, producer by producer, as they are loaded."""
        store, producers = SnapshotStore(options.home), defaultdict[str, list[Edition]](list)
        for name, dataset in load_catalog().items():
            if name in dataset_ids and (edition := store.pending_edition(dataset)) is not None:
                producers[dataset.schema_name].append(edition)
        for schema_name, editions in sorted(producers.items()):
            self._extractions[schema_name] = editions, pool.submit(_extract, options, schema_name, editions)

    def take(self, schema_name: str, editions: list[Edition]) -> Extraction | None:
        """The extraction of just these editions, waited for; None where there is none."""
        asked, extraction = self._extractions.pop(schema_name, ([], None))
        done = extraction.result() if extraction else None
        return done if asked == editions else None


@contextmanager
def reading_ahead(options: Options, dataset_ids: Collection[str]) -> Iterator[ReadAhead]:
    """Reads the pending editions of these datasets while what is done in the context loads them."""
    ahead = ReadAhead()
    with ThreadPoolExecutor(1, thread_name_prefix="read_ahead") as pool:
        ahead.start(pool, options, dataset_ids)
        try:
            yield ahead
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _extract(options: Options, schema_name: str, editions: list[Edition]) -> Extraction:
    from ingestion.sources import extract_editions

    return extract_editions(options.home, schema_name, editions)
