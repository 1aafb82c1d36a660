"""Writes the files of the site that changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from expectations.places import write
from leviers.site.content import read_content
from leviers.site.pages import files_of

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class SiteReport:
    """What a build did: how many pages there are, and how many files were written since they differ."""

    pages: int
    written: int


def build_site(published: Path, out: Path, names: Collection[str] | None = None) -> SiteReport:
    """Makes the site of a published file in a folder; files that are no longer part of it go.

    With ``names``, it has those of its pages and files alone: a whole one takes seconds.

    Raises:
        duckdb.Error: the file has not the tables of this version of the project.
    """
    made = files_of(read_content(published))
    files = {name: text().encode() for name, text in made if names is None or name in names}
    files |= {source.name: source.read_bytes() for source in STATIC.iterdir()}
    changed = {name: data for name, data in files.items() if not _holds(out / name, data)}
    for name, data in changed.items():
        write(out, name, data)
    for path in [path for path in out.rglob("*") if path.is_file() and str(path.relative_to(out)) not in files]:
        path.unlink()
    return SiteReport(sum(name.endswith(".html") for name in files), len(changed))


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
