"""Pages of an API: requested one after the other, counted, written as NDJSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from ingestion.http import FetchError, HttpClient

MAX_PAGES = 20_000
Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True)
class Page:
    """The rows of a page, the total that the portal announces for all pages, and the ids of rows that have one."""

    rows: list[dict[str, Any]]
    total: int | None = None
    ids: frozenset[str] = frozenset()


def integer(value: Any) -> int | None:
    """Returns a whole number that a portal sends as number or text; None if there is none."""
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None


def rows_of(answer: Mapping[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    """Returns the rows of an answer.

    Raises:
        FetchError: it has no list of rows.
    """
    rows = answer.get(key)
    if not isinstance(rows, list):
        raise FetchError(f"{where}: no list of {key}, found {sorted(answer)}")
    return rows


def follow(first: Place, ask: Callable[[Place], tuple[Page, Place | None]], *, where: str) -> Iterator[Page]:
    """Yields the pages one after the other, from the first place on.

    A place is a number, an offset or an address. ``ask`` requests the page at a place and returns it with the place of
    the next page, None after the last.

    Raises:
        FetchError: a page leads back to a page that was read.
    """
    read: set[Place] = set()
    place: Place | None = first
    while place is not None:
        if place in read:
            raise FetchError(f"{where}: the next page would be {place}, which was read")
        read.add(place)
        page, place = ask(place)
        yield page


def counted(pages: Iterable[Page], *, where: str) -> Iterator[Page]:
    """Yields the pages and compares the number of their rows with the announced total.

    Raises:
        FetchError: the announced total changes or is not met, or there are more than ``MAX_PAGES``.
    """
    total: int | None = None
    rows = 0
    for number, page in enumerate(pages):
        if number == MAX_PAGES:
            raise FetchError(f"{where}: more than {MAX_PAGES} pages, {rows} rows so far")
        if page.total is not None and total not in (None, page.total):
            raise FetchError(f"{where}: the total changed from {total} to {page.total} while paging")
        total = page.total if total is None else total
        rows += len(page.rows)
        if total is not None and rows > total:
            raise FetchError(f"{where}: {rows} rows received, {total} announced")
        yield page
    if total is not None and rows != total:
        raise FetchError(f"{where}: {rows} rows received, {total} announced")


def row_texts(pages: Iterable[Page], *, where: str, columns: Sequence[str] | None = None) -> Iterator[list[str]]:
    """Yields the rows of each page as JSON; one page is in memory at a time.

    With ``columns``, each row has exactly these columns, null if the portal leaves one out.

    Raises:
        FetchError: as ``counted``, or a page comes twice, or an id is on two successive pages.
    """
    seen: set[bytes] = set()
    ids: frozenset[str] = frozenset()
    written = 0
    for page in counted(pages, where=where):
        if again := page.ids & ids:
            raise FetchError(f"{where}: {min(again)} came twice: the order of the pages is not fixed")
        ids = page.ids
        rows = page.rows if columns is None else [{c: row.get(c) for c in columns} for row in page.rows]
        texts = [json.dumps(row, ensure_ascii=False) for row in rows]
        # the ids are not written, and rows may differ by their id alone
        digest = hashlib.sha256("\n".join(sorted(page.ids) or texts).encode()).digest()
        if rows and digest in seen:
            of_total = "" if page.total is None else f" of {page.total}"
            raise FetchError(f"{where}: the same page came twice, after {written}{of_total} rows")
        seen.add(digest)
        written += len(rows)
        yield texts


def check_goes_on(rows: int, total: int | None, following: object, where: str) -> None:
    """Checks that a first page of a few ``rows`` leads to the next page if more rows are announced.

    Raises:
        FetchError: it does not.
    """
    if total is not None and rows < total and not following:
        raise FetchError(f"{where}: {rows} of {total} rows came, and nothing leads to the next page")


def write_pages(
    file: BinaryIO, pages: Iterable[Page], http: HttpClient, *, where: str, columns: Sequence[str] | None = None
) -> int:
    """Appends the rows of ``row_texts`` as NDJSON and returns their number.

    Raises:
        FetchError: as ``row_texts``.
    """
    written = 0
    http.report(file.tell())
    for texts in row_texts(pages, where=where, columns=columns):
        file.write("".join(f"{text}\n" for text in texts).encode())
        written += len(texts)
        http.report(file.tell())
    return written


def write_ndjson(
    target: Path, pages: Iterable[Page], http: HttpClient, *, where: str, columns: Sequence[str] | None = None
) -> int:
    """Writes the rows of ``row_texts`` into a file and returns their number.

    Raises:
        FetchError: as ``row_texts``, or there are no rows.
    """
    with target.open("wb") as file:
        rows = write_pages(file, pages, http, where=where, columns=columns)
    if not rows:
        raise FetchError(f"{where}: no rows")
    return rows
