"""The list of pages, and the sections of each page in order.

A section is a template of ``templates/sections`` and a query of ``queries`` of the same name, whose first column is the
key of the page. To add one: write both, and put its name into a list here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from leviers.common import french
from leviers.common.typography import typeset
from leviers.entry.commitments import COMMITMENT_COLUMNS
from leviers.entry.template import help_rows
from leviers.site import charts
from leviers.site.charts import Chart
from leviers.site.contours import Canvas, project
from leviers.site.images import PlacedChart
from leviers.site.published import PublishedFile, Row
from leviers.site.readings import BASES, LEVEL_LABELS
from leviers.site.search import INDEX_FILE, everyday_words, index_of
from leviers.site.tables import LEVER_QUERY, READINGS_QUERY, SERIES_QUERY, as_csv, with_moment
from leviers.warehouse.publication.answers import questions
from leviers.warehouse.seeds import thresholds

MakeText = Callable[[], str]
TEMPLATE_FILE = "fichiers/modele-engagements.csv"
HASH_LETTERS = 8
SHEET_WIDTH = 704  # of a chart, in pixels


@dataclass(frozen=True)
class PageKind:
    """Pages of a kind: the query that has a row per page, the name of their file, their sections.

    If the query has rows of several kinds, those with a ``genre`` in ``genres`` are used.
    """

    query: str
    file: str
    sections: tuple[str, ...]
    genres: tuple[str, ...] = ()
    layout: str = "page"


REGION, DEPARTEMENT, LOCAL = ("region",), ("departement",), ("local",)
DOSSIER = (
    "tete", "loi", "documents", "engagements", "manque", "cles", "emissions", "voisins", "evolution", "edition",
    "confiance", "sources",
)  # fmt: skip
LEVER_SECTIONS = ("levier_tete", "levier_territoires", "levier_cles", "levier_conversions", "levier_sources")
GENERAL = ("methode", "sources", "qualite", "donnees", "tables", "changements", "loi")
PAGE_FILE, SHEET_FILE = "territoires/{fichier}.html", "fiches/{fichier}.html"
PAGE_KINDS = (
    PageKind("accueil", "index.html", ("accueil", "regions", "accueil_listes"), layout="home"),
    PageKind("territoires", PAGE_FILE, ("tete", "chemin", "leviers", "questions", "parties"), REGION),
    PageKind(
        "territoires",
        PAGE_FILE,
        ("tete", "chemin", "parts", "semblables", "actions", "conversions", "leviers", "questions", "parties"),
        DEPARTEMENT,
    ),
    PageKind(
        "territoires",
        PAGE_FILE,
        ("tete_locale", "courbes", "parts", "actions", "conversions", "semblables", "questions", "communes", "leviers"),
        LOCAL,
    ),
    PageKind("territoires", SHEET_FILE, ("tete", "chemin", "semblables", "fiche_loi"), REGION + DEPARTEMENT, "fiche"),
    PageKind("territoires", SHEET_FILE, ("tete_locale", "parts", "semblables", "fiche_loi"), LOCAL, "fiche"),
    PageKind("territoires", "dossiers/{fichier}.html", tuple(f"dossier/{name}" for name in DOSSIER)),
    PageKind("levier", "leviers/{fichier}.html", LEVER_SECTIONS),
    PageKind("chantier", "chantiers/{fichier}.html", ("chantier_tete",)),
    *(PageKind("generales", "{fichier}.html", (f"generales/{name}",), (name,)) for name in GENERAL),
)


SQL_PAGE = PageKind("sql", "sql.html", ("sql",), layout="sql")  # only with the engine


class RowEnvironment(Environment):
    """Templates in which ``row.column`` looks for the column first, because they read almost only rows."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Returns a column of a row; for anything else, what Jinja would."""
        return obj[attribute] if type(obj) is dict and attribute in obj else super().getattr(obj, attribute)


@dataclass
class Renderer:
    """The pages of a published file; ``placed`` are the charts of the last page, by the stem of their files."""

    opened: PublishedFile
    has_images: bool = False
    base_url: str | None = None  # the address of the site, for previews
    sql_file: str | None = None  # the file that the page of SQL reads, where the site has it
    placed: dict[str, PlacedChart] = field(default_factory=dict)

    def __post_init__(self) -> None:
        publication = self.opened.publication
        self._written_day = french.day(publication["publie_le"])
        self._canvases: dict[str, Canvas] = {}
        self._environment = RowEnvironment(
            loader=PackageLoader("leviers.site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals |= {
            "bases": BASES,
            "level_labels": LEVEL_LABELS,
            "charts": charts,
            "french": french,
            "all_of": self.opened.rows,
            "publication": publication,
            "edition_day": self._written_day,
            "file_day": lambda row: french.day(self._files[row["fichier_du_jeu"]]["recupere_le"]),
            "file_hash": lambda row: self._files[row["fichier_du_jeu"]]["empreinte_sha256"][:HASH_LETTERS],
            "has_images": self.has_images,
            "sql_file": self.sql_file,
            "questions": questions,
            "thresholds": thresholds(),
            "commitment_columns": help_rows(COMMITMENT_COLUMNS),
            "template_file": TEMPLATE_FILE,
            "base_url": self.base_url,
            "canvas": self._canvas,
        }
        self._environment.filters["coded"] = coded

    @cached_property
    def _files(self) -> dict[str, Row]:
        return {row["fichier_du_jeu"]: row for row in self.opened.rows("empreintes")}

    def page(self, kind: PageKind, row: Row) -> str:
        name = kind.file.format(**row)
        placed: dict[str, PlacedChart] = {}
        address = f"{self.base_url}/{name}" if self.base_url else name
        source = f"Leviers, édition du {self._written_day}. Sources et licences : {address}"

        def image_name(chart: Chart, of: str = "") -> str:
            stem = "-".join(filter(None, (name.rpartition("/")[2].removesuffix(".html"), chart.name, of)))
            placed[stem] = PlacedChart(chart, row["titre"], source)
            return stem

        context: dict[str, object] = {
            "page": row,
            "address": name,
            "root": "../" * name.count("/"),
            "is_sheet": kind.layout == "fiche",
            "width": SHEET_WIDTH if kind.layout == "fiche" else charts.WIDE,
            "data": lambda query: self.opened.of(query, row["cle"]),
            "image_name": image_name,  # the stem of the image of a chart, which lasts; ``of`` tells two of a kind apart
        }
        sections = [
            Markup(self._template(f"sections/{section}", context, rows=self.opened.of(section, row["cle"])))  # noqa: S704  escaped there
            for section in kind.sections
        ]
        html = self._template(kind.layout, context, sections=sections, first=next(iter(placed.items()), None))
        self.placed = placed
        return typeset(html)

    def _template(self, name: str, context: dict[str, object], **more: object) -> str:
        return self._environment.get_template(f"{name}.html.j2").render(context, **more)

    def _canvas(self, level: str) -> Canvas:
        """Returns the contours of a level, drawn side by side."""
        rows = self.opened.of("contours", level)  # asked for by each page that shows them
        if level not in self._canvases:
            shapes = {row["territoire_id"]: (row["territoire"], row["geometrie"]) for row in rows}
            self._canvases[level] = project(shapes)
        return self._canvases[level]


def coded(text: str) -> Markup:
    """Escapes a text of the file and shows the parts between backticks as code."""
    return Markup(re.sub("`([^`]+)`", "<code>\\1</code>", str(escape(text))))  # noqa: S704  escaped


def files_of(renderer: Renderer) -> Iterator[tuple[str, MakeText]]:
    """Yields the name of each file of the site, with a function that makes its text.

    All lists of files are read before the first one is yielded.
    """
    opened = renderer.opened
    kinds = (*PAGE_KINDS, SQL_PAGE) if renderer.sql_file else PAGE_KINDS
    rows = {kind: opened.rows(kind.query) for kind in kinds}
    pages = {f"{row['fichier']}.html": row["titre"] for row in opened.rows("generales")}
    csv_files = list(_csv_files(opened))
    for kind in kinds:
        for row in rows[kind]:
            if not kind.genres or row["genre"] in kind.genres:
                yield kind.file.format(**row), partial(_page, renderer, kind, row["cle"])
        opened.free_page_rows()
    yield INDEX_FILE, lambda: index_of(opened.rows, pages, everyday_words())
    for name, query, key in csv_files:
        yield (
            f"fichiers/{name}.csv",
            lambda query=query, key=key: as_csv(with_moment(opened, opened.of(query, key))),  # type: ignore[misc]
        )
    yield TEMPLATE_FILE, partial(as_csv, [], [column.label for column in COMMITMENT_COLUMNS])


def _page(renderer: Renderer, kind: PageKind, key: str) -> str:
    [row] = renderer.opened.of(kind.query, key)
    return renderer.page(kind, row)


def _csv_files(opened: PublishedFile) -> Iterator[tuple[str, str, str]]:
    """Yields the files of a territory and the files of a lever: their names, their queries and their keys there."""
    for row in opened.rows("territoires"):
        yield row["fichier"], READINGS_QUERY, row["cle"]
        yield f"{row['fichier']}-series", SERIES_QUERY, row["cle"]
    for lever in dict.fromkeys(row["levier_id"] for row in opened.rows(LEVER_QUERY)):
        yield f"levier-{lever}", LEVER_QUERY, lever
