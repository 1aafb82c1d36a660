"""One file to take away: a territory, or a lever over the territories of a level."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from difflib import SequenceMatcher
from heapq import nlargest
from pathlib import Path

from leviers.site.browser import chromium, make_from_page
from leviers.site.build import build_site
from leviers.site.content import Content, Line, read_content
from leviers.site.tables import as_csv, as_geojson, summary, tables_of, write_geoparquet, write_workbook
from leviers.site.words import LEVEL_LABELS
from leviers.text.french import folded
from leviers.text.message import said

NEAREST = 3  # levers that are named for one that is not there


class NothingToExportError(Exception):
    """What was asked for is not in the published file, or cannot be made here; the message says why."""


def export_territory(published: Path, level: str, code: str, format_: str, out: Path) -> None:
    """Writes the levers of a territory into a file; a PDF is the printed view of its page.

    Raises:
        NothingToExportError: it has no page, no contour is loaded, or there is no browser to print with.
        BrowserError: the browser printed nothing.
    """
    content = read_content(published)
    territory = content.by_slug.get((level, code))
    if territory is None:
        epci = next((epci for _, commune, epci, _ in content.communes if (level, commune) == ("commune", code)), None)
        hint = f" ; son EPCI {epci} en a une" if epci else ""
        asked = f"{LEVEL_LABELS.get(level, level)} {code}"
        raise NothingToExportError(
            f"{asked} n'a pas de page ; en ont une, dans la région publiée : {_levels(content)}{hint}"
        )
    if format_ == "pdf":
        _print(published, f"territoires/{territory.slug}.html", out)
    else:
        _write(content, content.lines_of(territory), territory.name, format_, out)


def export_lever(published: Path, lever_id: str, level: str, format_: str, out: Path) -> None:
    """Writes the values of a lever in every territory of a level into a file.

    Raises:
        NothingToExportError: no such lever or level, no contour is loaded, or a PDF is asked for.
    """
    content = read_content(published)
    if lever_id not in content.levers:
        raise NothingToExportError(f"aucun levier « {lever_id} » ; les plus proches : {_nearest(content, lever_id)}")
    lines = [line for line in content.levers[lever_id] if folded(line.level) == folded(level)]
    if not lines:
        raise NothingToExportError(
            f"aucun territoire n'est publié à l'échelon « {level} » ; au choix : {_levels(content)}"
        )
    if format_ == "pdf":
        raise NothingToExportError("un PDF est celui d'un territoire : donner --territory")
    _write(content, lines, lines[0].lever, format_, out)


def _levels(content: Content) -> str:
    return ", ".join(LEVEL_LABELS.get(level, level) for level in content.levels)


def _nearest(content: Content, typed: str) -> str:
    """The levers whose name or id is most like what was typed, or has it within."""

    def likeness(lever_id: str) -> tuple[bool, float]:
        known, written = (folded(content.levers[lever_id][0].lever), folded(lever_id)), folded(typed)
        return any(written in name for name in known), max(SequenceMatcher(a=written, b=b).ratio() for b in known)

    found = nlargest(NEAREST, content.levers, key=likeness)
    return " ; ".join(f"{content.levers[lever_id][0].lever} ({lever_id})" for lever_id in found)


def _write(content: Content, lines: Sequence[Line], title: str, format_: str, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    if format_ == "xlsx":
        write_workbook(content, tables_of(content, lines), title, out)
    elif format_ == "csv":
        out.write_text(as_csv(summary(content, lines)), encoding="utf-8", newline="")
    else:
        if not any(line.code in content.contours.get(line.level, {}) for line in lines):
            raise NothingToExportError("les contours de ces territoires ne sont pas chargés : prendre csv ou xlsx")
        if format_ == "geojson":
            out.write_text(as_geojson(content, lines), encoding="utf-8")
        else:
            write_geoparquet(content, lines, out)


def _print(published: Path, page: str, out: Path) -> None:
    if chromium() is None:
        raise NothingToExportError(
            f"pas de Chromium dans le PATH : ouvrir {published.parent / 'site' / page} dans un navigateur "
            "et l'imprimer ; la page tient sur une feuille A4"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, why in build_site(published, Path(folder), [page]).missing.items():
            raise NothingToExportError(f"{name} : {said(why)}")
        make_from_page(Path(folder) / page, out, "--no-pdf-header-footer", f"--print-to-pdf={out.resolve()}")
