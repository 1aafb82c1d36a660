"""Reads what waits to be loaded in a thread of its own: the files of the next producer while the last is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingestion.options import Options
from ingestion.snapshots import Edition

if TYPE_CHECKING:
    from ingestion.sources import Extraction


class ReadAhead:
    """The extractions of a run by producer, under way or done; each is taken once."""

    def __init__(self) -> None:
        self._extractions: dict[str, tuple[list[Edition], Future[Extraction]]] = {}

    def start(self, pool: ThreadPoolExecutor, options: Options, producers: Mapping[str, list[Edition]]) -> None:
        """Asks for these editions, producer by producer, as they are loaded."""
        for schema_name, editions in producers.items():
            self._extractions[schema_name] = editions, pool.submit(_extract, options, schema_name, editions)

    def take(self, schema_name: str, editions: list[Edition]) -> Extraction | None:
        """The extraction of just these editions, waited for; None where there is none."""
        planned, extraction = self._extractions.pop(schema_name, ([], None))
        done = extraction.result() if extraction else None
        return done if planned == editions else None


@contextmanager
def reading_ahead(options: Options, producers: Mapping[str, list[Edition]]) -> Iterator[ReadAhead]:
    """Reads the editions of these producers while what is done in the context loads them."""
    ahead = ReadAhead()
    with ThreadPoolExecutor(1, thread_name_prefix="read_ahead") as pool:
        ahead.start(pool, options, producers)
        try:
            yield ahead
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _extract(options: Options, schema_name: str, editions: list[Edition]) -> Extraction:
    from ingestion.sources import extract_editions

    return extract_editions(options.home, schema_name, editions)
