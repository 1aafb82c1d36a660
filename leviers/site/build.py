"""Writes the files of the site."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ingestion.fault import one_fault
from leviers.common.places import place, write
from leviers.site.engine import sql_files
from leviers.site.images import FORMATS, PlacedChart, image_of
from leviers.site.pages import Renderer, files_of
from leviers.site.published import PublishedFile
from leviers.site.search import INDEX_FILE, INDEX_START
from leviers.warehouse.publication.stand_in import stand_in

STATIC = Path(__file__).parent / "static"
# The endings of the files of a site.
ENDINGS = {".html", ".css", ".js", ".csv", ".svg", ".png", ".duckdb", ".gz", ".txt"}


@dataclass(frozen=True)
class SiteReport:
    """The result of a build: the number of pages, and the reason of each page or file that could not be made."""

    pages: int
    missing: Mapping[str, str]


def build_site(
    published: Path,
    out: Path,
    names: Collection[str] | None = None,
    *,
    images: bool = False,
    base_url: str | None = None,
    engine: Path | None = None,
) -> SiteReport:
    """Writes the site of a published file into a folder and removes files that are no longer part of it.

    ``names`` limits it to these pages and files; a whole site takes seconds. ``images`` adds an SVG and a PNG of each
    chart, which takes minutes. ``base_url`` is the address of the site; with it, a shared page has a preview.

    A page that cannot be made is replaced by a file that says so. A page that cannot be written is left out. Unchanged
    images are kept.

    Raises:
        Exception: what all pages are made from could not be read.
    """
    missing: dict[str, str] = {}
    written: set[str] = set()
    placed: dict[str, PlacedChart] = {}

    def write_file(name: str, data: bytes) -> None:
        with one_fault(partial(missing.__setitem__, name)):
            write(out, name, data)
            written.add(name)

    opened = PublishedFile(published)
    sql = sql_files(engine, published, opened.publication["publication_id"]) if engine else {}
    renderer = Renderer(opened, images, base_url, next(iter(sql), None))
    for name, text in files_of(renderer):
        if names is None or name in names:
            data = None
            with one_fault(partial(missing.__setitem__, name)):
                data = text().encode()
            placed |= renderer.placed if images else {}
            write_file(name, stand_in(name) if data is None else data)
    opened.close()
    for name, data in ({source.name: source.read_bytes() for source in STATIC.iterdir()} | sql).items():
        write_file(name, data)
    for stem, chart in placed.items():
        svg, png = (f"images/{stem}.{format_}" for format_ in FORMATS)
        with one_fault(partial(missing.__setitem__, svg)):
            data = image_of(chart, "svg")
            if not _holds(place(out, svg), data) or not place(out, png).is_file():
                write(out, svg, data)
                write(out, png, image_of(chart, "png"))
            written |= {svg, png}
    for path in [path for path in out.rglob("*") if path.is_file()]:
        place_in_site = path.relative_to(out)
        if str(place_in_site) not in written and _is_of_a_site(place_in_site):
            path.unlink()
    return SiteReport(sum(name.endswith(".html") for name in written), missing)


def is_site(folder: Path) -> bool:
    """Returns whether this module made the site in a folder: the index of its search begins as it writes it."""
    index, starts = folder / INDEX_FILE, (INDEX_START.encode(), stand_in(INDEX_FILE))
    return index.is_file() and index.read_bytes().startswith(starts)


def _is_of_a_site(name: Path) -> bool:
    """Returns whether a build may have written this file. All other files, such as a repository, are left alone."""
    return name.suffix in ENDINGS and not any(part.startswith(".") for part in name.parts)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
