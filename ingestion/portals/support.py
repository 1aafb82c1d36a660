"""Common parts of the portals: parameters of a record, pages written as they come, checks of the written file."""

from __future__ import annotations

import codecs
import csv
import hashlib
import json
import re
import unicodedata
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeVar
from urllib.parse import urljoin, urlsplit

from ingestion.catalog import Dataset
from ingestion.http import Download, FetchError, HttpClient
from ingestion.snapshots import Snapshot
from leviers.common.quoting import identifier, literal

SAMPLE_ROWS = 20
MAX_PAGES = 20_000

Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True)
class Description:
    """The description of a dataset by its portal: columns with their types, licence, rows, date, bytes.

    ``sample``: a few rows, where the portal tells no types.
    Where the columns belong to one file among several, ``file_name`` says which.
    """

    columns: dict[str, str | None]
    licence: str | None = None
    rows: int | None = None
    updated: str | None = None
    size: int | None = None
    sample: Sequence[Mapping[str, Any]] = ()
    file_name: str | None = None


@dataclass(frozen=True)
class Page:
    """Rows as a portal sends them, the number that it announces for all pages, and the ids of rows that have one."""

    rows: list[dict[str, Any]]
    total: int | None = None
    ids: frozenset[str] = frozenset()


class Parameters:
    """The ``fetch`` block of a record, with the parameters that its portal knows.

    Raises:
        FetchError: no address, or a parameter that the portal does not know.
    """

    def __init__(self, dataset: Dataset, *known: str) -> None:
        if dataset.fetch is None or dataset.fetch.url is None:
            raise FetchError(f"{dataset.dataset_id}: the record has no address")
        self.dataset = dataset
        self.dataset_id = dataset.dataset_id
        self.url = dataset.fetch.url
        self.file_name = dataset.fetch.file_name
        self.size_floor = dataset.fetch.size_floor
        self._values = dataset.fetch.params
        unknown = sorted(set(self._values) - set(known))
        if unknown:
            raise FetchError(f"{self.dataset_id}: fetch.params: {unknown[0]!r} is none of {', '.join(known) or 'none'}")

    def text(self, name: str, default: str | None = None) -> str:
        """A parameter that has one value.

        Raises:
            FetchError: it is not there and has no default, or it is a list.
        """
        value = self._values.get(name, default)
        if value is None or isinstance(value, list):
            raise FetchError(f"{self.dataset_id}: fetch.params: {name!r} must be one value, found {value!r}")
        return str(value)

    def one_of(self, known: Sequence[str], name: str, default: str | None = None) -> str:
        """A parameter that has one of the ``known`` values.

        Raises:
            FetchError: it has another one.
        """
        value = self.text(name, default)
        if value not in known:
            raise FetchError(f"{self.dataset_id}: fetch.params: {name} {value!r} is none of {', '.join(known)}")
        return value

    def optional(self, name: str) -> str | None:
        """A parameter that may be missing."""
        return self.text(name) if name in self._values else None

    def number(self, name: str, default: int) -> int:
        """A whole number.

        Raises:
            FetchError: it is no number.
        """
        value = self.text(name, str(default))
        if not value.isdigit():
            raise FetchError(f"{self.dataset_id}: fetch.params: {name!r} must be a number, found {value!r}")
        return int(value)

    def texts(self, name: str) -> list[str]:
        """A list; one value is a list of one, a missing one an empty list."""
        value = self._values.get(name, [])
        return value if isinstance(value, list) else [str(value)]

    def names(self, name: str) -> list[str]:
        """Names of columns: a list, or one text with commas."""
        return [part.strip() for entry in self.texts(name) for part in entry.split(",")]

    def required_texts(self, name: str) -> list[str]:
        """A list that must not be empty.

        Raises:
            FetchError: it is.
        """
        values = self.texts(name)
        if not values:
            raise FetchError(f"{self.dataset_id}: fetch.params: {name!r} is missing")
        return values

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """A list of ``name=value``.

        Raises:
            FetchError: an entry has no equals sign.
        """
        split = [entry.partition("=") for entry in self.texts(name)]
        bad = [key for key, equals, _ in split if not equals]
        if bad:
            raise FetchError(f"{self.dataset_id}: fetch.params: {name!r} takes NAME=VALUE, found {bad[0]!r}")
        return [(key, value) for key, _, value in split]


_NAMED_FILE = re.compile(r"([\w.() -]+\.\w+)=(.+)")


def asked_for(columns: dict[str, str | None], names: Sequence[str]) -> dict[str, str | None]:
    """The columns of a dataset that the record asks for, or all of them where it names none."""
    return {name: kind for name, kind in columns.items() if name in names} if names else columns


def addresses(parameters: Parameters) -> list[tuple[str, str]]:
    """Address and file name of each entry of ``files``: an address relative to the record's, or ``NAME=ADDRESS``."""
    steps = []
    for entry in parameters.texts("files"):
        named = _NAMED_FILE.fullmatch(entry)
        url = urljoin(parameters.url, named[2] if named else entry)
        steps.append((url, named[1] if named else last_segment(url)))
    return steps


def last_segment(url: str) -> str:
    """Returns the last part of the path of an address."""
    return PurePosixPath(urlsplit(url).path).name


def safe_name(name: str) -> str:
    """A file name from what a portal sent: no folder in it."""
    return PurePosixPath(name.replace("\\", "/")).name


def slug(text: str) -> str:
    """A title as a file name."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9.]+", "-", folded.lower()).strip("-.")


def integer(value: Any) -> int | None:
    """Returns a whole number. If the portal leaves it out, returns None; it may write it as text."""
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None


def last_file(previous: Iterable[Snapshot], file_name: str) -> Snapshot | None:
    """The file of the last edition that has a name."""
    return next((snapshot for snapshot in previous if snapshot.file_name == file_name), None)


def same_file(previous: Iterable[Snapshot], file_name: str, mark: str | None) -> Snapshot | None:
    """The file of the last edition, when the portal's version mark is still the same."""
    snapshot = last_file(previous, file_name)
    return snapshot if snapshot and mark and snapshot.etag == mark else None


def unless_same(
    previous: Iterable[Snapshot], file_name: str, mark: str | None, bring: Callable[[], Download]
) -> Download:
    """The file of the last edition when the portal's version mark is still the same, else what ``bring`` brings."""
    same = same_file(previous, file_name, mark)
    return unchanged_file(same) if same else bring()


def unchanged_file(snapshot: Snapshot) -> Download:
    """A file of the last edition that stays in the next one."""
    return Download(
        path=snapshot.path,
        file_name=snapshot.file_name,
        url=snapshot.url or "",
        vintage=snapshot.vintage,
        etag=snapshot.etag,
        last_modified=snapshot.last_modified,
    )


def changed(downloads: list[Download], previous: Sequence[Snapshot]) -> list[Download] | None:
    """Returns the files of an edition, or None if they are as in the last one."""
    known = {(snapshot.file_name, snapshot.path) for snapshot in previous}
    return None if downloads and {(d.file_name, d.path) for d in downloads} == known else downloads


def fetched(http: HttpClient, url: str, target: Path, **options: Any) -> Download:
    """A download without conditions, which therefore always brings a file."""
    download = http.download(url, target, **options)
    if download is None:
        raise FetchError(f"{url}: HTTP 304 to a request without conditions")
    return download


def fetched_if_new(http: HttpClient, url: str, target: Path, previous: list[Snapshot], size_floor: int) -> Download:
    """The file at an address, or the one of the last edition where the server says that it is the same."""
    last = last_file(previous, target.name)
    if last is None:
        return fetched(http, url, target, size_floor=size_floor)
    etag, changed_at = last.etag, last.last_modified
    return http.download(url, target, etag=etag, last_modified=changed_at, size_floor=size_floor) or unchanged_file(
        last
    )


def rows_of(answer: Mapping[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    """The rows of an answer.

    Raises:
        FetchError: it has none, not even an empty list.
    """
    rows = answer.get(key)
    if not isinstance(rows, list):
        raise FetchError(f"{where}: no list of {key}, found {sorted(answer)}")
    return rows


def follow(first: Place, ask: Callable[[Place], tuple[Page, Place | None]], *, where: str) -> Iterator[Page]:
    """The pages in turn, from the first place on.

    ``ask`` brings the page at a place, which is a number, an offset or an address, and says where the next one is: None
    after the last.

    Raises:
        FetchError: a page leads back to one that was read.
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
    """The pages, as many as hold the rows that were announced.

    Raises:
        FetchError: the announced total changes or is not met, or the pages have no end.
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
    """The rows of each page as JSON, one page in memory at a time.

    With ``columns`` every row has exactly these, null where the portal leaves them out.

    Raises:
        FetchError: as ``counted``, a page comes twice, or a row that has an id comes on two pages in succession.
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
        # the ids are not written: rows may differ by their id alone
        digest = hashlib.sha256("\n".join(sorted(page.ids) or texts).encode()).digest()
        if rows and digest in seen:
            of_total = "" if page.total is None else f" of {page.total}"
            raise FetchError(f"{where}: the same page came twice, after {written}{of_total} rows")
        seen.add(digest)
        written += len(rows)
        yield texts


def check_goes_on(rows: int, total: int | None, following: object, where: str) -> None:
    """Looks at a first page, of a few ``rows``: whether there is a way to the next one where more are announced.

    Raises:
        FetchError: there is no way to the next page.
    """
    if total is not None and rows < total and not following:
        raise FetchError(f"{where}: {rows} of {total} rows came, and nothing leads to the next page")


def newest(marks: Iterable[str | None]) -> str | None:
    """The latest of the dates that marks of versions begin with, as ISO writes them; an HTTP date is put so."""
    return max(filter(None, map(_iso_date, marks)), default=None)


def mark_of_version(file: Snapshot | Download) -> str | None:
    """The mark of the version of a stored or received file: the date of its server, or the mark of its portal."""
    return file.last_modified or file.etag


def _iso_date(mark: str | None) -> str | None:
    if mark and re.match(r"\d{4}(-|$)", mark):
        return mark.split()[0]
    try:
        return parsedate_to_datetime(mark or "").isoformat()
    except ValueError:
        return None


def write_pages(
    file: BinaryIO,
    pages: Iterable[Page],
    *,
    where: str,
    columns: Sequence[str] | None = None,
    report: Callable[[int], None] | None = None,
) -> int:
    """Appends the rows of ``row_texts`` as NDJSON and returns their number.

    Raises:
        FetchError: as ``row_texts``.
    """
    written = 0
    if report:
        report(file.tell())
    for texts in row_texts(pages, where=where, columns=columns):
        file.write("".join(f"{text}\n" for text in texts).encode())
        written += len(texts)
        if report:
            report(file.tell())
    return written


def write_ndjson(
    target: Path, pages: Iterable[Page], http: HttpClient, *, where: str, columns: Sequence[str] | None = None
) -> int:
    """Writes the rows of ``row_texts`` into a file and returns their number.

    Raises:
        FetchError: as ``row_texts``, or there are none.
    """
    with target.open("wb") as file:
        rows = write_pages(file, pages, where=where, columns=columns, report=http.report)
    if not rows:
        raise FetchError(f"{where}: no rows")
    return rows


def check_key(path: Path, key: Sequence[str], rows: int, where: str) -> None:
    """Counts the distinct keys of an NDJSON file.

    Raises:
        FetchError: they are not as many as the rows.
    """
    columns = ", ".join(f"{literal(name)}: 'JSON'" for name in key)
    names = ", ".join(map(identifier, key))
    distinct = _count(
        f"select count(*) from (select distinct {names} from read_json({literal(path)}, "
        f"format = 'newline_delimited', columns = {{{columns}}}))"
    )
    if distinct != rows:
        raise FetchError(f"{where}: {rows} rows hold {distinct} distinct keys ({', '.join(key)})")


def check_rows(path: Path, kind: str, expected: int | None, where: str, separator: str = ",") -> None:
    """Counts the rows of a CSV or JSON file.

    Raises:
        FetchError: they are not as many as the portal announced.
    """
    if expected is None:
        return
    source = {
        "csv": _csv(path, separator),
        "json": f"read_json_objects({literal(path)}, format = 'array')",
    }[kind]
    rows = _count(f"select count(*) from {source}", where)
    if rows != expected:
        raise FetchError(f"{where}: {rows} rows received, {expected} announced")


def check_values(path: Path, column: str, values: Sequence[str], where: str, separator: str = ",") -> None:
    """Looks whether a filter was followed in a CSV file.

    Raises:
        FetchError: a row has another value.
    """
    wanted = ", ".join(literal(value) for value in values)
    others = _count(f"select count(*) from {_csv(path, separator)} where {identifier(column)} not in ({wanted})", where)
    if others:
        raise FetchError(f"{where}: the filter on {column} was not followed in {others} rows")


def check_json_list(path: Path, where: str) -> None:
    """Looks at both ends of a JSON file.

    Raises:
        FetchError: the answer is no list of objects.
    """
    with path.open("rb") as file:
        start = file.read(64)
        file.seek(-min(64, path.stat().st_size), 2)
        end = file.read()
    if not start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"[") or not end.rstrip().endswith(b"]"):
        raise FetchError(f"{where}: a whole JSON list was expected, found {start[:20]!r} ... {end[-20:]!r}")


def described_by_rows(rows: Sequence[Mapping[str, Any]], where: str) -> Description:
    """The columns of a few rows, and these.

    Raises:
        FetchError: there are none.
    """
    columns = dict.fromkeys(key for row in rows for key in row)
    if not columns:
        raise FetchError(f"{where}: no rows", "empty")
    return Description(columns=columns, sample=rows)


def described_by_csv(dataset: Dataset, file_name: str, head: bytes) -> Description:
    """The header and first whole rows of a CSV file, plain or gzipped; empty where no CSV layout claims the file.

    Raises:
        FetchError: the start of the file is in no encoding of these layouts.
    """
    if head.startswith(b"PK"):
        return Description(columns={})
    if head.startswith(b"\x1f\x8b"):
        head = zlib.decompressobj(wbits=31).decompress(head)
    layouts = [layout for table in dataset.tables for layout in table.layouts_for(file_name) if layout.format == "csv"]
    header: list[str] = []
    sample: list[dict[str, str]] = []
    texts = [(layout, text) for layout in layouts if (text := _decoded(head, layout.encoding)) is not None]
    if layouts and not texts:
        encodings = ", ".join(dict.fromkeys(["utf-8", *(layout.encoding for layout in layouts)]))
        raise FetchError(f"{file_name}: not in {encodings}: {_likely_encoding(head)}", "encoding")
    for layout, text in texts:
        lines = text.splitlines(keepends=True)[layout.skip_rows :]
        first_row = next(csv.reader(lines[:1], delimiter=layout.separator), [])
        if len(first_row) > len(header):
            header = first_row
            rows = csv.reader(lines[1 + layout.skip_after_header : -1], delimiter=layout.separator)
            sample = [dict(zip(header, row, strict=False)) for row in islice(rows, SAMPLE_ROWS)]
    return Description(columns=dict.fromkeys(header), sample=sample)


def _decoded(head: bytes, encoding: str) -> str | None:
    """The text of the start of a file, which may end within a character; UTF-8 comes before what a record says."""
    for name in ("utf-8-sig", encoding):
        with suppress(UnicodeDecodeError):
            return codecs.getincrementaldecoder(name)().decode(head)
    return None


def _likely_encoding(head: bytes) -> str:
    """Where the start of a file is not UTF-8, and how that line reads in the encoding that it is likely in."""
    kept = head.decode(errors="surrogateescape")  # a byte that is no UTF-8 is kept as such a letter
    before = re.split("[\udc80-\udcff]", kept, maxsplit=1)[0].encode()
    line = before.count(b"\n")
    likely = "utf-16" if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "cp1252"
    reads = head.decode(likely, "replace").split("\n")[line].strip()
    return f"byte 0x{head[len(before)]:02x} at line {line + 1}; in {likely} that line is {reads[:80]!r}"


def _csv(path: Path, separator: str) -> str:
    return (
        f"read_csv({literal(path)}, delim = {literal(separator)}, header = true, all_varchar = true, "
        "quote = '\"', escape = '\"', strict_mode = false)"
    )


def _count(sql: str, where: str = "") -> int:
    import duckdb

    try:
        with duckdb.connect() as connection:
            return int(connection.execute(sql).fetchall()[0][0])
    except duckdb.Error as error:
        raise FetchError(f"{where}: the file is damaged or cut: {str(error).splitlines()[0]}") from error
