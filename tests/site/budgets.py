"""The budget of a page by kind, and its cost to a reader, counted in Chromium.

The table of budgets is the only place of the limits. ``measure`` opens a page as a reader does, on a screen and on a
phone; ``table`` says all of it in Markdown.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8").rstrip().rstrip(";")
SCREEN, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
PAPER = {"width": 741, "height": 1069}  # an A4 less its margins, in pixels
A4 = (595, 842)  # points
TERRITORIES = ("region", "departement", "epci", "groupement")
DRAWN = (*TERRITORIES, "levier", "accueil")  # kinds that open with a picture; a chantier that nothing judges has none
FIRST = (*DRAWN, "chantier")
SITE = (*FIRST, "dossier", "autre")
TOLD = (*FIRST, "dossier", "fiche")  # kinds whose sentences are ours: the others show labels of the file
KINDS = (*SITE, "fiche")
FOLDERS = {"leviers": "levier", "chantiers": "chantier", "dossiers": "dossier", "fiches": "fiche"}


def kind_of(name: str) -> str:
    """The kind of the page of that name in the folder of the site."""
    folder, _, file = name.rpartition("/")
    if folder == "territoires":
        level = file.partition("-")[0]
        return level if level in TERRITORIES else "groupement"
    return FOLDERS.get(folder, "accueil" if name == "index.html" else "autre")


@dataclass(frozen=True)
class Budget:
    """A measure, in words, and its limit by kind of page; a kind without limit is not measured."""

    label: str
    limits: Mapping[str, float]
    at_least: bool = False

    def holds(self, kind: str, value: float | None) -> bool:
        """Whether the value is within the limit of the kind."""
        limit = self.limits.get(kind)
        return limit is None or value is None or (value >= limit if self.at_least else value <= limit)


def _each(kinds: Iterable[str], limit: float, **others: float) -> dict[str, float]:
    return dict.fromkeys(kinds, limit) | others


FIRST_WORDS = _each(FIRST, 130, region=165, departement=300, epci=300, groupement=300)
FIRST_WORDS_PHONE = FIRST_WORDS | dict.fromkeys(("departement", "epci", "groupement"), 170)
# Words that are visible with everything folded; tests/e2e/test_budgets.py holds every territory to them.
FOLDED_WORDS = _each(FIRST, 700, region=1_100, departement=900)
BUDGETS: Mapping[str, Budget] = {
    "first_words": Budget("mots du premier écran, 1280", FIRST_WORDS),
    "first_words_phone": Budget("mots du premier écran, 390", FIRST_WORDS_PHONE),
    "first_charts": Budget("graphiques du premier écran, 1280", _each(DRAWN, 1), at_least=True),
    "first_charts_phone": Budget("graphiques du premier écran, 390", _each(DRAWN, 1), at_least=True),
    "words": Budget("mots, tout plié", FOLDED_WORDS),
    "words_open": Budget("mots, tout ouvert", _each(FIRST, 4_000, region=6_800, departement=5_000)),
    "screens": Budget("écrans de téléphone", _each(FIRST, 5, region=10, departement=8.5)),
    "bytes": Budget("octets", _each(SITE, 220_000, epci=150_000, fiche=150_000)),
    "stops": Budget("arrêts du clavier", _each(FIRST, 250, epci=120)),
    "mean": Budget("mots d'une phrase, en moyenne", _each(TOLD, 16)),
    "longest": Budget("mots de la plus longue phrase", _each(TOLD, 35)),
    "smallest": Budget("plus petit texte d'un graphique à 390, px", _each(SITE, 9), at_least=True),
    "unreadable": Budget("textes coupés ou superposés", _each(KINDS, 0)),
    "wide": Budget("pixels hors de l'écran, 390", _each(SITE, 0)),
    "outside": Budget("requêtes au dehors", _each(KINDS, 0)),
    "errors": Budget("erreurs de la console", _each(KINDS, 0)),
    "sheet_words": Budget("mots de la fiche", {"fiche": 350}),
    "sheet_charts": Budget("graphiques de la fiche", {"fiche": 1}, at_least=True),
    "sheet_points": Budget("plus petit texte de la fiche, pt", {"fiche": 9.5}, at_least=True),
    "sheet_pages": Budget("pages A4 de la fiche", {"fiche": 1}),
}


@dataclass(frozen=True)
class Measured:
    """A page, its value of each measure, and what was found where a value is too high, in words."""

    name: str
    values: Mapping[str, float | None]
    examples: Mapping[str, object] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind of the page."""
        return kind_of(self.name)

    @property
    def over(self) -> dict[str, str]:
        """The measures whose budget the page does not hold: value, limit, and what was found."""
        return {
            key: f"{self.values[key]:g} ({budget.limits[self.kind]:g}) {self.examples.get(key, '')}".strip()
            for key, budget in BUDGETS.items()
            if not budget.holds(self.kind, self.values.get(key))
        }


class Watched:
    """A page of Chromium, its errors on the console, and its requests to others than the folder."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith("file:") else self.outside.append(asked.url))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} {message.location['url']}")


def drawn(site: Path, territories: int = 10, others: int = 2) -> list[str]:
    """Pages to look at: of every kind some, and more of the territories; the same ones for the same site."""
    by_kind: dict[str, list[str]] = {}
    for path in sorted(site.rglob("*.html")):
        name = str(path.relative_to(site))
        by_kind.setdefault(kind_of(name), []).append(name)
    draw = random.Random(76)  # noqa: S311 - drawn to look at, no secret
    chosen = {name for names in by_kind.values() for name in draw.sample(names, min(others, len(names)))}
    chosen |= set(by_kind.get("autre", []))
    places = [name for level in TERRITORIES for name in by_kind.get(level, [])]
    return sorted(chosen | set(draw.sample(places, min(territories, len(places)))))


def measure(browser: Browser, site: Path, name: str) -> Measured:
    """Opens a page of the site on a screen and on a phone, folded and then open, and printed where it is a sheet."""
    seen: dict[str, dict[str, Any]] = {}
    watched = Watched(browser.new_page())
    page = watched.page
    for width, viewport in (("screen", SCREEN), ("phone", PHONE)):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        page.goto((site / name).resolve().as_uri())
        seen[width] = page.evaluate(f"{MEASURES}.folded()")
        seen[f"{width} open"] = page.evaluate(f"{MEASURES}.open()")
    sheet = _printed(page, site / name) if kind_of(name) == "fiche" else {}
    page.close()
    screen, phone = seen["screen"], seen["phone"]
    opened = [seen["screen open"], seen["phone open"]]
    unreadable = [
        f"{width}: {text}" for width, view in zip((1280, 390), opened, strict=True) for text in view["unreadable"]
    ]
    values = {
        "first_words": screen["firstWords"],
        "first_words_phone": phone["firstWords"],
        "first_charts": screen["firstCharts"],
        "first_charts_phone": phone["firstCharts"],
        "words": max(screen["words"], phone["words"]),
        "words_open": max(view["words"] for view in opened),
        "screens": phone["screens"],
        "bytes": (site / name).stat().st_size,
        "stops": max(screen["stops"], phone["stops"]),
        "mean": max(view["mean"] for view in opened),
        "longest": max(view["longest"] for view in opened),
        "smallest": opened[1]["smallest"],
        "unreadable": len(unreadable),
        "wide": phone["wide"],
        "outside": len(watched.outside),
        "errors": len(watched.errors),
    }
    examples = {
        "longest": opened[0]["longestText"],
        "unreadable": unreadable[:5],
        "outside": watched.outside[:5],
        "errors": watched.errors[:5],
    }
    return Measured(name, values | sheet, examples)


def _printed(page: Page, file: Path) -> dict[str, float]:
    """A sheet as it is printed, with the pages of the PDF."""
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]
    page.goto(file.resolve().as_uri())
    page.emulate_media(media="print")
    printed = page.evaluate(f"{MEASURES}.printed()")
    pages = len(sizes_of(page.pdf(prefer_css_page_size=True)))
    return {f"sheet_{key}": value for key, value in printed.items()} | {"sheet_pages": pages}


def sizes_of(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page of a PDF of Chromium, in points."""
    boxes = re.findall(rb"/Type /Page\n.*?/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf, re.DOTALL)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def table(measured: Iterable[Measured]) -> str:
    """Kind of page x measure in Markdown: the worst value of the pages of the kind, and the limit."""
    pages = list(measured)
    kinds = [kind for kind in KINDS if any(page.kind == kind for page in pages)]
    lines = [
        ["", *(f"{kind} ({sum(page.kind == kind for page in pages)})" for kind in kinds)],
        ["---"] * (len(kinds) + 1),
    ]
    lines += [
        [budget.label, *(_cell(key, kind, [page for page in pages if page.kind == kind]) for kind in kinds)]
        for key, budget in BUDGETS.items()
        if any(page.values.get(key) is not None for page in pages)
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _cell(key: str, kind: str, pages: list[Measured]) -> str:
    budget = BUDGETS[key]
    values = [value for page in pages if (value := page.values.get(key)) is not None]
    if kind not in budget.limits or not values:
        return ""
    worst = min(values) if budget.at_least else max(values)
    written = f"{worst:,.10g} / {budget.limits[kind]:,g}".replace(",", "\u202f")
    return written if budget.holds(kind, worst) else f"**{written}**"
