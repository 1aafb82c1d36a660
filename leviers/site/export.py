"""Exports to a file: a territory, a lever or an indicator over the territories of a level, a chart of a page."""

from __future__ import annotations

import tempfile
from contextlib import closing
from difflib import SequenceMatcher
from heapq import nlargest
from pathlib import Path

import duckdb

from ingestion.fault import RefusalError
from leviers.common.french import folded
from leviers.common.places import swapped_in
from leviers.common.quoting import literal
from leviers.site.browser import chromium, make_from_page
from leviers.site.build import build_site
from leviers.site.images import check_fonts, image_of
from leviers.site.pages import Renderer, files_of
from leviers.site.published import QUERIES, PublishedFile, Row
from leviers.site.tables import (
    READINGS_QUERY,
    as_csv,
    as_geojson,
    sheets_of,
    with_contours,
    with_moment,
    write_geoparquet,
    write_workbook,
)

NEAREST = 3  # levers suggested for an unknown one


class NothingToExportError(RefusalError):
    """The requested thing is not in the published file, or cannot be made here; the message gives the reason."""


def export_territory(published: Path, level: str, code: str, format_: str, out: Path) -> None:
    """Writes the levers of a territory into a file; a PDF is its sheet.

    Raises:
        NothingToExportError: it has no page, no contour is loaded, or there is no browser to print with.
        BrowserError: the browser printed nothing.
    """
    with closing(PublishedFile(published)) as opened:
        page = _page_of(opened, level, code)
        if format_ != "pdf":
            _write(opened, opened.of(READINGS_QUERY, page["cle"]), page["territoire"], format_, out)
    if format_ == "pdf":
        _print(published, f"fiches/{page['fichier']}.html", out)


def export_lever(published: Path, lever_id: str, level: str, format_: str, out: Path) -> None:
    """Writes the readings of a lever in every territory of a level into a file.

    Raises:
        NothingToExportError: no such lever or level, no contour is loaded, or a PDF is asked for.
    """
    with closing(PublishedFile(published)) as opened:
        levers = {row["levier_id"]: row["levier"] for row in opened.rows(READINGS_QUERY)}
        if lever_id not in levers:
            raise NothingToExportError(f"aucun levier « {lever_id} » ; les plus proches : {_nearest(levers, lever_id)}")
        at_level = {row["cle"] for row in opened.rows("territoires") if folded(row["niveau"]) == folded(level)}
        if not at_level:
            levels = _levels(opened)
            raise NothingToExportError(f"aucun territoire n'est publié à l'échelon « {level} » ; au choix : {levels}")
        if format_ == "pdf":
            raise NothingToExportError("un PDF est celui d'un territoire : donner --territory")
        rows = [
            row
            for row in opened.rows(READINGS_QUERY)
            if row["levier_id"] == lever_id and row["territoire_id"] in at_level
        ]
        _write(opened, rows, levers[lever_id], format_, out)


def export_indicator(published: Path, indicator_id: str, level: str, out: Path) -> None:
    """Writes the values of an indicator at a level as CSV in the schema of Ecolab, one line per territory and year.

    Raises:
        NothingToExportError: no such indicator, or it has no value at that level.
    """
    with duckdb.connect(str(published), read_only=True) as connection:
        names = dict(connection.execute("select indicateur_id, indicateur from vues.dim_indicateur").fetchall())
        if indicator_id not in names:
            near = _nearest(names, indicator_id)
            raise NothingToExportError(f"aucun indicateur « {indicator_id} » ; les plus proches : {near}")
        levels = connection.execute(
            "select distinct niveau from vues.fait_observation where indicateur_id = ? order by niveau", [indicator_id]
        ).fetchall()
        if (level,) not in levels:
            level_names = ", ".join(name for (name,) in levels) or "aucun échelon"
            raise NothingToExportError(f"aucune valeur à l'échelon « {level} » ; en ont : {level_names}")
        out.parent.mkdir(parents=True, exist_ok=True)
        lines = (QUERIES / "fichier_indicateur.sql").read_text(encoding="utf-8")
        renamed = ", ".join(f'{column} as "{column}_{level}"' for column in ("geocode", "libelle"))
        connection.execute(f"set variable indicateur = {literal(indicator_id)}; set variable niveau = {literal(level)}")
        connection.execute(f"copy (select * rename ({renamed}) from ({lines})) to {literal(out)} (format csv, header)")


def export_chart(published: Path, page: str, chart: str, format_: str, out: Path) -> None:
    """Writes a chart of a page, named as ``territoires/region-76`` is, as an image.

    Raises:
        NothingToExportError: no such page or chart.
        NoFontError: a PNG is asked for, and no font is installed.
    """
    with closing(PublishedFile(published)) as opened:
        renderer = Renderer(opened)
        text = next((text for name, text in files_of(renderer) if name == f"{page}.html"), None)
        if text is None:
            raise NothingToExportError(f"aucune page « {page} »")
        text()
    charts = {stem.removeprefix(f"{page.rpartition('/')[2]}-"): chart for stem, chart in renderer.placed.items()}
    if chart not in charts:
        raise NothingToExportError(f"aucun graphique « {chart} » sur cette page ; au choix : {', '.join(charts)}")
    if format_ == "png":
        check_fonts()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(image_of(charts[chart], format_))


def _page_of(opened: PublishedFile, level: str, code: str) -> Row:
    """Returns the page of a territory. If it has none, the message names those that do; for a commune, its EPCI."""
    pages = {(row["niveau"], row["code_territoire"]): row for row in opened.rows("territoires")}
    if (level, code) in pages:
        return pages[level, code]
    epci = next((row["epci_id"] for row in opened.rows("communes") if ("commune", row["code"]) == (level, code)), None)
    hint = f" ; son EPCI {epci.partition(':')[2]} en a une" if epci else ""
    raise NothingToExportError(f"{level} {code} n'a pas de page ; en ont une : {_levels(opened)}{hint}")


def _levels(opened: PublishedFile) -> str:
    return ", ".join(dict.fromkeys(row["niveau_libelle"] for row in opened.rows("territoires")))


def _nearest(names: dict[str, str], typed: str) -> str:
    """Names the levers or indicators whose name or id contains the typed text, then those most like it."""

    def likeness(of: str) -> tuple[bool, float]:
        forms, written = (folded(names[of]), folded(of)), folded(typed)
        return any(written in name for name in forms), max(SequenceMatcher(a=written, b=b).ratio() for b in forms)

    return " ; ".join(f"{names[lever_id]} ({lever_id})" for lever_id in nlargest(NEAREST, names, key=likeness))


def _write(opened: PublishedFile, rows: list[Row], title: str, format_: str, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    if format_ == "xlsx":
        levers, territories = ({row[key] for row in rows} for key in ("levier_id", "territoire_id"))
        with swapped_in(out) as partial:
            write_workbook(opened, sheets_of(opened, levers, territories), title, partial)
        return
    rows = with_moment(opened, rows)
    if format_ == "csv":
        out.write_text(as_csv(rows), encoding="utf-8", newline="")
    elif not with_contours(opened, rows):
        raise NothingToExportError("les contours de ces territoires ne sont pas chargés : prendre csv ou xlsx")
    elif format_ == "geojson":
        out.write_text(as_geojson(opened, rows), encoding="utf-8")
    else:
        write_geoparquet(opened, rows, out)


def _print(published: Path, page: str, out: Path) -> None:
    if chromium() is None:
        raise NothingToExportError(
            f"pas de Chromium dans le PATH : ouvrir {published.parent / 'site' / page} dans un navigateur "
            "et l'imprimer ; la page tient sur une feuille A4"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, why in build_site(published, Path(folder), [page]).missing.items():
            raise NothingToExportError(f"{name} : {why}")
        make_from_page(Path(folder) / page, out, "--no-pdf-header-footer", f"--print-to-pdf={out.resolve()}")
