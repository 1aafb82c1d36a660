"""Files of an edition: their names, and their download, unless they are unchanged since the last edition."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from ingestion.http import Download, FetchError, HttpClient, NotReachedError
from ingestion.snapshots import Snapshot


def last_segment(url: str) -> str:
    """Returns the last part of the path of an address."""
    return PurePosixPath(urlsplit(url).path).name


def safe_name(name: str) -> str:
    """Returns the file name in a path that a portal sent, without its folders."""
    return PurePosixPath(name.replace("\\", "/")).name


def slug(text: str) -> str:
    """Returns a title as a file name."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9.]+", "-", folded.lower()).strip("-.")


def last_file(previous: Iterable[Snapshot], file_name: str) -> Snapshot | None:
    """Returns the file of this name in the last edition; None if it has none."""
    return next((snapshot for snapshot in previous if snapshot.file_name == file_name), None)


def same_file(previous: Iterable[Snapshot], file_name: str, mark: str | None) -> Snapshot | None:
    """Returns the file of the last edition, if the version mark of the portal is still the same."""
    snapshot = last_file(previous, file_name)
    return snapshot if snapshot and mark and snapshot.etag == mark else None


def download_unless_same(
    previous: Iterable[Snapshot], file_name: str, mark: str | None, download: Callable[[], Download]
) -> Download:
    """Returns the file of the last edition if the version mark of the portal is the same, else that of ``download``."""
    same = same_file(previous, file_name, mark)
    return unchanged_file(same) if same else download()


def unchanged_file(snapshot: Snapshot) -> Download:
    """Returns a file of the last edition that stays in the next one."""
    return Download(
        path=snapshot.path,
        url=snapshot.url or "",
        vintage=snapshot.vintage,
        etag=snapshot.etag,
        last_modified=snapshot.last_modified,
    )


def changed(downloads: list[Download], previous: Sequence[Snapshot]) -> list[Download] | None:
    """Returns the files of an edition, or None if they are as in the last one."""
    last_files = {(snapshot.file_name, snapshot.path) for snapshot in previous}
    return None if downloads and {(d.file_name, d.path) for d in downloads} == last_files else downloads


def each_part(
    http: HttpClient, dataset_id: str, previous: Sequence[Snapshot], parts: Mapping[str, Callable[[], Download]]
) -> list[Download]:
    """Returns the file of each part of a dataset: a layer, a year, a series. The key of a part is its file name.

    A part that the portal refuses is noted. It stays as it was in the last edition, or is left out.

    Raises:
        NotReachedError: the portal does not answer.
        FetchError: all parts are refused.
    """
    downloads: list[Download] = []
    refused: list[FetchError] = []
    for name, download in parts.items():
        try:
            downloads.append(download())
        except NotReachedError:
            raise
        except FetchError as error:
            refused.append(error)
            last = last_file(previous, name)
            downloads += [unchanged_file(last)] if last else []
            http.notes.append(f"{dataset_id}: {name} is {'as it was' if last else 'left out'}: {error}")
    if refused and len(refused) == len(parts):
        raise refused[0]
    return downloads


def download_file(http: HttpClient, url: str, target: Path, **options: Any) -> Download:
    """Downloads a file without conditions."""
    download = http.download(url, target, **options)
    if download is None:
        raise FetchError(f"{url}: HTTP 304 to a request without conditions")
    return download


def download_if_new(http: HttpClient, url: str, target: Path, previous: list[Snapshot], size_floor: int) -> Download:
    """Downloads a file; returns the one of the last edition if the server says that it is unchanged."""
    last = last_file(previous, target.name)
    if last is None:
        return download_file(http, url, target, size_floor=size_floor)
    etag, changed_at = last.etag, last.last_modified
    return http.download(url, target, etag=etag, last_modified=changed_at, size_floor=size_floor) or unchanged_file(
        last
    )


def newest(marks: Iterable[str | None]) -> str | None:
    """Returns the latest date in version marks, in ISO format; None without one.

    A mark begins with an ISO date, or is an HTTP date.
    """
    return max(filter(None, map(_iso_date, marks)), default=None)


def mark_of_version(file: Snapshot | Download) -> str | None:
    """Returns the version mark of a stored or downloaded file: the date of the server, else the mark of the portal."""
    return file.last_modified or file.etag


def _iso_date(mark: str | None) -> str | None:
    if mark and re.match(r"\d{4}(-|$)", mark):
        return mark.split()[0]
    try:
        return parsedate_to_datetime(mark or "").isoformat()
    except ValueError:
        return None
