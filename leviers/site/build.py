"""Writes the files of the site that changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from expectations.places import place, write
from ingestion.fault import one_fault
from leviers.site.content import read_content
from leviers.site.pages import files_of
from leviers.warehouse.stand_in import stand_in

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class SiteReport:
    """What a build did: how many pages there are, how many files were written since they differ, and of each page or
    file that could not be made, why.
    """

    pages: int
    written: int
    missing: Mapping[str, str]


def build_site(published: Path, out: Path, names: Collection[str] | None = None) -> SiteReport:
    """Makes the site of a published file in a folder; files that are no longer part of it go.

    With ``names``, it has those of its pages and files alone: a whole one takes seconds. In the place of one that could
    not be made stands a file that says so; in that of one that could not be written, none.

    Raises:
        Exception: what all pages are made from could not be read.
    """
    files: dict[str, bytes] = {}
    missing: dict[str, str] = {}
    for name, text in files_of(read_content(published)):
        if names is None or name in names:
            with one_fault(partial(missing.__setitem__, name)):
                files[name] = text().encode()
    files |= {name: stand_in(name) for name in missing}
    files |= {source.name: source.read_bytes() for source in STATIC.iterdir()}
    standing: dict[str, bool] = {}  # and whether it was written now
    for name, data in files.items():
        with one_fault(partial(missing.__setitem__, name)):
            standing[name] = not _holds(place(out, name), data)
            if standing[name]:
                write(out, name, data)
    for path in [path for path in out.rglob("*") if path.is_file() and str(path.relative_to(out)) not in standing]:
        path.unlink()
    return SiteReport(sum(name.endswith(".html") for name in standing), sum(standing.values()), missing)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
