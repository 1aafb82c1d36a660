"""Pages of an API: requested one after the other, counted, written as NDJSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ingestion.http import FetchError

Row = dict[str, Any]
Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True)
class Page:
    """The rows of a page, and the total that the portal announces for all pages."""

    rows: list[Row]
    total: int | None = None


def integer(value: Any) -> int | None:
    """Returns a whole number that a portal sends as number or text; None if there is none."""
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None


def rows_of(answer: Mapping[str, Any], key: str, where: str) -> list[Row]:
    """Returns the rows of an answer.

    Raises:
        FetchError: it has no list of rows.
    """
    rows = answer.get(key)
    if not isinstance(rows, list):
        raise FetchError(f"{where}: no list of {key}, found {sorted(answer)}")
    return rows


def follow(first: Place, ask: Callable[[Place], tuple[Page, Place | None]], *, where: str) -> Iterator[list[Row]]:
    """Yields the rows of one page after the other, from the first place on.

    A place is a number, an offset or an address. ``ask`` requests the page at a place and returns it with the place of
    the next page, None after the last.

    Raises:
        FetchError: a place or a page comes twice, or the announced total changes or is not met.
    """
    seen: set[Hashable] = set()
    total: int | None = None
    rows = 0
    place: Place | None = first
    while place is not None:
        page, following = ask(place)
        digest = hashlib.sha256(json.dumps(page.rows, sort_keys=True).encode()).digest()
        if following in seen or (page.rows and digest in seen):
            raise FetchError(f"{where}: the same page came twice, after {rows} rows")
        seen |= {place, digest}
        if page.total is not None and total not in (None, page.total):
            raise FetchError(f"{where}: the total changed from {total} to {page.total} while paging")
        total = page.total if total is None else total
        rows += len(page.rows)
        if total is not None and rows > total:
            break
        yield page.rows
        place = following
    if total is not None and rows != total:
        raise FetchError(f"{where}: {rows} rows received, {total} announced")


def write_ndjson(target: Path, pages: Iterable[list[Row]], *, columns: Sequence[str] | None = None) -> int:
    """Writes the rows of all pages to a file as NDJSON, one page in memory at a time; returns their number.

    With ``columns``, each row has exactly these columns, null if the portal leaves one out.
    """
    written = 0
    with target.open("w", encoding="utf-8") as file:
        for page in pages:
            rows = page if columns is None else [{c: row.get(c) for c in columns} for row in page]
            file.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
            written += len(rows)
    return written
