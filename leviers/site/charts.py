"""Six kinds of chart as SVG, functions of rows: each says in one sentence what it shows, nothing by colour alone.

Rows are mappings as a query gives them; absent values are NULL (``None``), never zero. A page writes ``DEFS`` once
(symbols and patterns), links ``static/charts.css``, then shows ``chart.wide`` and, where there is one,
``chart.narrow``: the stylesheet shows one of the two. A drawing that serves both has no narrow one. On paper a width
of 680 prints texts at 9.5 points.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import accumulate, pairwise
from statistics import median, quantiles
from typing import Any

from markupsafe import Markup

from leviers.site.contours import WIDTH as CANVAS
from leviers.site.contours import Canvas
from leviers.site.drawing import (
    ABOVE,
    CLASSES,
    DEFS,
    LEADING,
    PATTERNS,
    Drawing,
    Label,
    Scale,
    Spot,
    linear,
    mark,
    marks,
    text_width,
    wrap,
)  # fmt: skip
from leviers.text import french
from leviers.text.typography import in_french

__all__ = [
    "DEFS", "Chart", "asked", "kt", "line", "map_of", "mark", "ranges", "reading_of", "says_something",
    "standalone", "strip", "strips", "way",
]  # fmt: skip

WIDE, NARROW = 1088, 358  # what a page leaves at 1280 and at 390
SMALL, MAP = 340, 420
PARTS = (
    ("behind", ""), ("opposite", ""), ("unsure", "bad"), ("unsure", ""), ("unsure", "good"), ("on_line", ""),
    ("not_judged", ""),
)  # fmt: skip
TARGETS = {"full": "cible de l'État", "hollow": "indicatif"}
MOST_DECIMALS = 4
FROM_ZERO = 0.4  # an axis starts at zero where the lowest value is less than this part of the highest
MARKED = 22  # width from which a part of a bar has room for its mark
STACK = 72  # height that dots may take
NEARLY_ALL = 0.95
START, TARGET = 2019, 2030  # of the ways
MOST_EXTRA = 90  # what a row of a chart that fills a screen is higher at most

Row = Mapping[str, Any]
Part = tuple[str, str]
Written = Callable[[float], str]
Table = tuple[tuple[str, ...], Sequence[tuple[str, ...]]]


@dataclass(frozen=True)
class Chart:
    """A chart, the sentence that says what it shows, and the table behind it, in French."""

    name: str  # stem of its files
    title: str  # what its file says above the drawing
    wide: Markup
    narrow: Markup | None
    sentence: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def kt(value: float | None) -> str:
    """An amount of kt as every chart prints it: whole from ten on, then with one decimal; none is a dash."""
    if value is None:
        return "\N{EN DASH}"
    return french.decimal(float(value), _kt_decimals(value)).removesuffix(",0")


def _kt_decimals(value: float) -> int:
    return 0 if abs(value) >= 10 else 1


def _both(draw: Callable[[str, int], tuple[Drawing, float, float]], sentence: str, width: int) -> tuple[Markup, Markup]:
    """The wide and the narrow drawing of one chart."""
    (wide, *heights), (narrow, *others) = draw("wide", width), draw("narrow", NARROW)
    return wide.svg(sentence, *heights), narrow.svg(sentence, *others)


def shared_out(values: Sequence[float], decimals: int = 0) -> list[float]:
    """Values rounded so that they add up to their rounded total: the largest remainders are rounded up."""
    unit = 10.0**-decimals
    floors = [math.floor(value / unit + 1e-9) for value in values]
    missing = round(sum(values) / unit) - sum(floors)
    by_remainder = sorted(range(len(values)), key=lambda i: floors[i] - values[i] / unit)
    return [(floor + (i in by_remainder[:missing])) * unit for i, floor in enumerate(floors)]


def says_something(rows: Sequence[Row]) -> bool:
    """Whether the bar of what is asked would: not where one reading is nearly all of it."""
    parts: dict[str, float] = {}
    for row in rows:
        parts[row["lecture"]] = parts.get(row["lecture"], 0) + float(row["demande_ktco2e"] or 0)
    return max(parts.values(), default=0) <= NEARLY_ALL * sum(parts.values())


def asked(
    rows: Sequence[Row], total: float | None = None, title: str = "Demandé d'ici 2030", width: int = WIDE
) -> Chart:
    """What is asked, in one bar that sums exactly: one part per reading and lean.

    Rows: ``lecture``, ``tendance`` and their labels, ``demande_ktco2e``, ``leviers`` (count); several of one reading
    are added up.
    ``total`` is what the heading prints (``kt(total)``); ValueError where it is not the sum of the rows.
    """
    sums, levers = dict.fromkeys(PARTS, 0.0), dict.fromkeys(PARTS, 0)
    readings = {row["lecture"]: row["lecture_libelle"] for row in rows}
    leans = {row["tendance"]: row["tendance_libelle"] for row in rows}
    for row in rows:
        part = row["lecture"], (*marks(row["lecture"], row["tendance"]), "")[1]
        sums[part] += float(row["demande_ktco2e"] or 0)
        levers[part] += row["leviers"]
    whole = sum(sums.values())
    if total is not None and kt(total) != kt(whole):
        raise ValueError(f"parts of {kt(whole)} kt in a bar of {kt(total)} kt")
    decimals = _kt_decimals(whole)
    printed = dict(zip(PARTS, shared_out(list(sums.values()), decimals), strict=True))
    shown = [part for part in PARTS if sums[part]]
    of = {reading: [part for part in shown if part[0] == reading] for reading, _ in shown}

    def amount(*parts: Part) -> str:
        trace = min(sum(sums[part] for part in parts), 0.1**decimals / 4)
        return french.decimal(sum(printed[part] for part in parts) or trace, decimals)

    words: dict[Part, tuple[str, str]] = {}
    for reading, parts in of.items():
        words[reading, ""] = f"{readings[reading]} ", amount(*parts)
        words |= {part: (f"{leans[part[1]]} ", amount(part)) for part in parts if part[1]}

    def draw(kind: str, width: int) -> tuple[Drawing, float, float]:
        drawing, top = Drawing(kind, width), 20 if kind == "wide" else 0
        ends = accumulate((sums[part] / (whole or 1) * width for part in shown), initial=0.0)
        spans = dict(zip(shown, pairwise(ends), strict=True))
        for (reading, lean), (left, right) in spans.items():
            pattern = lean or reading
            drawing.rect(f"p-{pattern}" if pattern in PATTERNS else f"fill is-{reading}", left, top, right - left, 26)
            drawing.path("edge", "M", right, top, "v26")
        drawing.path("thin", "M.5", top + 0.5, "h", width - 1, "v25h", 1 - width, "z")
        if kind == "narrow":
            for part, (left, right) in spans.items():
                if right - left >= MARKED:
                    drawing.dot("paper", (left + right) / 2, 13, 9)
                    drawing.symbol(marks(*part)[-1], (left + right) / 2, 13, marks(*part)[-1])
            half = -(-len(words) // 2)
            for i, (part, (text, strong)) in enumerate(words.items()):
                x, y = (width / 2 + 8) * (i // half), 46 + 20 * (i % half)
                drawing.reading(x, y - 4, *part)
                drawing.text(Label(x + 34, y, text, strong=strong))
            return drawing, 0, 34 + 20 * half
        above = {
            part: (spans[of[part[0]][0]][0], spans[of[part[0]][-1]][1]) for part in words if not part[1] and of[part[0]]
        }
        _beside(drawing, words, above, top, 12)
        _beside(drawing, words, {part: spans.get(part) for part in words if part not in above}, top + 26, 64)
        return drawing, 0, max(drawing.bottom, top + 28)

    listed = ", ".join("".join(words[part]) for part in words if not part[1])
    sentence = in_french(f"{title} : {kt(whole)} kt de CO2 par an, dont {listed}.")
    names = {part: ", ".join(filter(None, (readings[part[0]], part[1] and leans[part[1]]))) for part in shown}
    table = [(names[part], amount(part), str(levers[part])) for part in shown]
    columns = ("Lecture", "kt de CO₂ par an", "Leviers")
    return Chart("demande", in_french(title), *_both(draw, sentence, width), sentence, columns, table)


def _beside(
    drawing: Drawing,
    words: Mapping[Part, tuple[str, str]],
    spans: Mapping[Part, tuple[float, float] | None],
    edge: float,
    y: float,
) -> None:
    """Labels side by side, as near to their part of the bar as the others let them be; one without a part follows.

    A line leads from a part to a label that is not at it, or that is below.
    """
    gap = 16
    indents = {part: 2 + 14 * len(marks(*part)) for part in spans}
    widths = [indents[part] + text_width("".join(words[part]), bold=True) for part in spans]
    lefts: list[float] = []
    for span in spans.values():
        after = lefts[-1] + widths[len(lefts) - 1] + gap if lefts else 0
        lefts.append(max(after, span[0]) if span else after)
    limit = drawing.width + gap
    for i in reversed(range(len(lefts))):
        limit = lefts[i] = min(lefts[i], limit - gap - widths[i])
    for (part, span), left, width in zip(spans.items(), lefts, widths, strict=True):
        if span and (y > edge or left > span[1] - 8):
            middle = sum(span) / 2
            end = min(max(middle, left + 6), left + width - 6)
            drawing.path("leader", "M", middle, edge, "L", end, y - 13 if y > edge else y + 4)
        text, strong = words[part]
        drawing.reading(left, y - 4, *part)
        drawing.text(Label(left + indents[part], y, text, strong=strong))


def reading_of(row: Row) -> str:
    """A reading and the lean that has a mark, as the file calls them."""
    has_lean = len(marks(row["lecture"], row["tendance"])) > 1
    return str(row["lecture_libelle"]) + (f", {row['tendance_libelle']}" if has_lean else "")


def way(
    rows: Sequence[Row],
    title: str = "Part du chemin faite",
    width: int = WIDE,
    total: int | None = None,
    height: int = 0,
) -> Chart:
    """Share of the way to the target that is done, per row in the given order, beside what was expected.

    ``total`` is how many rows there would be, where only the first are given; with ``height``, rows are
    stretched towards it.

    Rows: ``levier_court``, ``lecture``, ``tendance``, their labels, ``lien`` (address or None), ``part_faite``,
    ``part_incertitude``, ``part_attendue``, ``est_indicatif`` (hollow marks), ``demande_ktco2e``.
    """
    ends = [0.0, 1.0]
    for row in rows:
        done, margin = row["part_faite"], row["part_incertitude"] or 0
        ends += [] if done is None else [done - margin, done + margin]
        ends += [] if row["part_attendue"] is None else [row["part_attendue"]]
    amounts = [kt(row["demande_ktco2e"]) for row in rows]

    def draw(kind: str, width: int) -> tuple[Drawing, float, float]:
        drawing, is_wide = Drawing(f"{kind} way", width), kind == "wide"
        names = [wrap(row["levier_court"], width / 4 if is_wide else width - 34) for row in rows]
        left = 34 + max(map(text_width, names), default=0) + 16 if is_wide else 8
        x = linear(min(ends), max(ends), left, width - 16 - max(map(text_width, [*amounts, "000"])))
        extra = _extra(height, len(rows)) / (1 if is_wide else 2)
        heights = [(14 if is_wide else 24) + extra + LEADING * (name.count("\n") + 1) for name in names]
        bottom = 8 + sum(heights)
        drawing.path("axis", "M", x(0), 6, "V", bottom)
        drawing.path("grid", "M", x(1), 6, "V", bottom)
        drawing.text(Label(width, 0, "kt", "s e"))
        for at, words in ((0, str(START)), (1, f"cible {TARGET}")):
            drawing.place(drawing.headings(x(at), words), bottom)
        tops = list(accumulate(heights, initial=8))
        for i, (row, name, amount, (top, low)) in enumerate(zip(rows, names, amounts, pairwise(tops), strict=True)):
            bar = (top + low) / 2 if is_wide else low - 11 - extra / 2
            text_y = bar + 4.5 - LEADING * name.count("\n") / 2 if is_wide else top + 13
            half = 5 + extra / 6
            drawing.rect("track", x(0), bar - half, x(1) - x(0), 2 * half)
            drawing.reading(2, text_y - 4.5, row["lecture"], row["tendance"])
            drawing.text(Label(34, text_y, name), row["lien"])
            drawing.text(Label(width, bar + 4.5, amount, "e"))
            _progress(drawing, row, x, bar, half)
            if not i:
                _explain(drawing, row, x, bar, bottom)
        kinds = {"hollow" if row["est_indicatif"] else "full" for row in rows}
        if "hollow" in kinds:
            named = [(kind, TARGETS[kind]) for kind in TARGETS if kind in kinds]
            right = sum(text_width(words) + 28 for _, words in named)
            levels = (-LEADING * i for i in range(9))
            y = next(level for level in levels if drawing.is_free((0, level - ABOVE, right, level)))
            left = 18.0
            for kind, words in named:
                drawing.symbol(kind, left - 10, y - 4.5, "unsure")
                left = drawing.text(Label(left, y, words, "s")).box[2] + 28
        return drawing, drawing.top - 1, bottom

    counts = Counter(row["lecture_libelle"] for row in rows)
    readings_of_all = ", ".join(f"{reading} {count}" for reading, count in counts.most_common())
    first_rows = f" ({len(rows)} leviers sur {total})" if total and total > len(rows) else ""
    sentence = f"{title} de {START} à {TARGET}{first_rows} : {readings_of_all}"
    if first := next((row for row in rows if row["part_faite"] is not None), None):
        sentence += f" ; {first['levier_court']} : {_percent(first['part_faite'])}"
        sentence += f" pour {_percent(first['part_attendue'])} attendus" * (first["part_attendue"] is not None)
    sentence = in_french(f"{sentence}.")
    shares = ("part_faite", "part_incertitude", "part_attendue")
    table = [
        (
            in_french(row["levier_court"]),
            reading_of(row),
            *(_percent(row[key]) for key in shares),
            amount,
        )
        for row, amount in zip(rows, amounts, strict=True)
    ]
    columns = ("Levier", "Lecture", "Part faite", "Marge", "Part attendue", "kt de CO₂ par an")
    return Chart("chemin", in_french(title), *_both(draw, sentence, width), sentence, columns, table)


def _extra(height: int, rows: int) -> float:
    """How much higher each row of a chart is that is to take a height."""
    return max(0, min(MOST_EXTRA, height / rows - 14 - LEADING))


def _progress(drawing: Drawing, row: Row, x: Scale, y: float, half: float) -> None:
    """The bar, the tick, the margin and the diamond of a row."""
    done, margin, due = row["part_faite"], row["part_incertitude"], row["part_attendue"]
    if done is None:
        drawing.text(Label(x(0) + 6, y + 4.5, "part inconnue", "s"))
        return
    drawing.rect(f"fill bar is-{row['lecture']}", min(x(0), x(done)), y - half + 0.5, abs(x(done) - x(0)), 2 * half - 1)
    if due is not None and row["est_indicatif"]:
        drawing.rect("due paper", x(due) - 2.75, y - half - 5, 5.5, 2 * half + 10)
    elif due is not None:
        drawing.rect("due", x(due) - 1.5, y - half - 5, 3, 2 * half + 10)
    if margin:
        drawing.path("whisker", "M", x(done - margin), y - 4, "v8m0-4H", x(done + margin), "m0-4v8")
    drawing.symbol("hollow" if row["est_indicatif"] else "full", x(done), y, row["lecture"])


def _explain(drawing: Drawing, row: Row, x: Scale, y: float, bottom: float) -> None:
    """What the tick and the diamond are, at one row alone."""
    done, margin, due = row["part_faite"], row["part_incertitude"] or 0, row["part_attendue"]
    if due is not None:
        drawing.place(drawing.headings(x(due), "attendu"), bottom)
    if done is not None:
        words = "fait ± marge" if margin else "fait"
        full, short = (list(drawing.headings(x(done), text)) for text in (words, "fait"))
        beside = Label(x(max(done + margin, 0)) + 8, y + 4.5, words, "s")
        drawing.place([full[0], beside, short[0], *full[1:]], bottom, [(x(value), y) for value in (due, 1) if value])


def _percent(value: float | None) -> str:
    return "" if value is None else f"{french.decimal(100 * float(value), 0)}{french.THOUSANDS}%"


# Where a label may stand around its point, and which side of it is there.
AROUND = (
    (-8, -9, "e"), (0, -11, "m"), (8, -9, ""), (11, 4.5, ""), (8, 18, ""), (0, 20, "m"), (-8, 18, "e"), (-11, 4.5, "e"),
    (-16, -24, "e"), (0, -26, "m"), (16, -24, ""), (16, 32, ""), (0, 34, "m"), (-16, 32, "e"),
)  # fmt: skip


def line(row: Row, width: int = SMALL) -> Chart | None:
    """A series over the years with its path, margin, target and extension; None where a single value has no path.

    Row: ``nom``, ``unite`` (displayed), ``facteur``, ``decimales``, ``lecture``, ``lecture_libelle``, ``points``
    [{annee, valeur, est_sure}], ``compares`` [{annee, valeur}], ``trajectoire`` [{annee, valeur, incertitude}],
    ``cible`` {annee, valeur, est_indicative} or None, ``prolongement`` [{annee, valeur, bas, haut}], ``manque``,
    ``annee_attendue``, ``ruptures`` [annee]. Values are in the unit of the file; ``facteur`` brings them to ``unite``.
    """
    series = _Series(row)
    if not series.points or (len(series.points) < 2 and not series.path):
        return None
    title, sentence = in_french(row["nom"]), series.sentence
    if width > NARROW:
        return Chart("trajectoire", title, *_both(series.drawn, sentence, width), sentence, *series.table)
    drawing, *heights = series.drawn("", width)
    return Chart("trajectoire", title, drawing.svg(sentence, *heights), None, sentence, *series.table)


class _Series:
    """A series, its path and its extension, in the unit that is shown."""

    def __init__(self, row: Row) -> None:
        def shown(rows: Sequence[Row] | None, *keys: str) -> list[dict[str, Any]]:
            return [
                dict(point) | {key: None if point[key] is None else point[key] * row["facteur"] for key in keys}
                for point in rows or ()
                if point["valeur"] is not None
            ]

        self.kind = f"is-{row['lecture'] or 'not_judged'}"
        self.name, self.reading, self.decimals = row["nom"], row["lecture_libelle"], row["decimales"]
        self.points = shown(row["points"], "valeur")
        self.path = shown(row["trajectoire"], "valeur", "incertitude")
        self.ahead = shown(row["prolongement"], "valeur", "bas", "haut")
        self.target = next(iter(shown([row["cible"]] if row["cible"] else [], "valeur")), None)
        self.missing = (row["manque"] or 0) * row["facteur"] if self.target and self.ahead else 0
        self.due = next((point for point in self.path if point["annee"] == row["annee_attendue"]), None)
        raw = {point["annee"]: point["valeur"] for point in self.points}
        compared = shown(row["compares"], "valeur")
        differs = any(not math.isclose(point["valeur"], raw.get(point["annee"], math.inf)) for point in compared)
        self.compared = compared if differs else []
        ends = [self.target] if self.target else []
        years = [point["annee"] for point in [*self.points, *self.path, *self.ahead, *ends]]
        self.first, self.last = min(years, default=0), max(years, default=0)
        self.breaks = [
            year for year in row["ruptures"] or () if self.points and self.first < year <= self.latest["annee"]
        ]
        lines = [point["valeur"] for point in [*self.points, *self.path, *self.compared, *ends]]
        bands = [point["valeur"] + side * (point["incertitude"] or 0) for point in self.path for side in (-1, 1)]
        bands += [
            value
            for point in self.ahead
            for value in (point["valeur"], point["bas"], point["haut"])
            if value is not None
        ]
        low, high = min([*lines, *bands], default=0), max([*lines, *bands], default=0)
        self.unit = row["unite"]
        if max(abs(low), abs(high)) >= 1000:
            self.decimals = 0
        self.is_cut = high > low > FROM_ZERO * high
        self.low = low - (high - low) * 0.1 if self.is_cut else 0 if min(lines, default=0) >= 0 else low
        self.high = high if self.is_cut else max(high, 0) or float(low == 0)

    @property
    def latest(self) -> dict[str, Any]:
        """The point of the year that is compared; else the last sure one or, if none is, the last."""
        compared = [point for point in self.points if self.due and point["annee"] == self.due["annee"]]
        return [self.points[-1], *(point for point in self.points if point["est_sure"]), *compared][-1]

    def written(self, value: float) -> str:
        return french.decimal(value, self.decimals)

    @cached_property
    def sentence(self) -> str:
        means = [point for point in self.compared if self.due and point["annee"] == self.due["annee"]]
        last = [self.latest, *means][-1]
        sentence = f"{self.name} : {self.written(last['valeur'])} {self.unit or ''}".rstrip()
        sentence += f"{' en moyenne' * bool(means)} en {last['annee']}"
        if self.due:
            reading = f" ({self.reading})" if self.reading else ""
            sentence += f" pour {self.written(self.due['valeur'])} attendus{reading}"
        if self.target:
            sentence += f", cible {self.written(self.target['valeur'])} en {self.target['annee']}"
        if self.ahead:
            sentence += f", {self.written(self.ahead[-1]['valeur'])} à ce rythme"
        return in_french(f"{sentence}{' ; axe coupé, qui ne part pas de zéro' * self.is_cut}.")

    @property
    def table(self) -> Table:
        """A row per year."""
        columns = {
            in_french(f"Observé ({self.unit})" if self.unit else "Observé"): (self.points, "valeur"),
            "Moyenne comparée": (self.compared, "valeur"),
            "Attendu": (self.path, "valeur"),
            "Marge": (self.path, "incertitude"),
            "À ce rythme": (self.ahead, "valeur"),
        }
        by_name = {
            name: {point["annee"]: self.written(point[key]) for point in rows if point[key] is not None}
            for name, (rows, key) in columns.items()
        }
        kept = {name: by_year for name, by_year in by_name.items() if by_year}
        years = sorted({year for by_year in kept.values() for year in by_year})
        return ("Année", *kept), [(str(year), *(by_year.get(year, "") for by_year in kept.values())) for year in years]

    def drawn(self, kind: str, width: int) -> tuple[Drawing, float, float]:
        """The drawing, from where and to where."""
        drawing, height = Drawing(f"{kind} line".strip(), width), width // 2 + 45
        bottom = height - 25
        notes: list[tuple[float, str, str]] = []  # what is said at the right: value, words, kind
        if self.target:
            notes.append((self.target["valeur"], f"cible {self.written(self.target['valeur'])}", "b"))
        if self.ahead:
            notes.append((self.ahead[-1]["valeur"], f"à ce rythme {self.written(self.ahead[-1]['valeur'])}", self.kind))
        if self.target and self.missing > 0:
            middle = (self.target["valeur"] + self.ahead[-1]["valeur"]) / 2
            notes.append((middle, f"manque {self.written(self.missing)}", f"b {self.kind}"))
        ticks = {tick: french.number(tick) for tick in _ticks(self.low, self.high)}
        left = max(map(text_width, ticks.values())) + 8
        right = width - max([22, *(13 + text_width(words, kind.startswith("b")) for _, words, kind in notes)])
        x, y = linear(self.first, self.last, left, right), linear(self.low, self.high, bottom, 30)

        def at(point: Row, key: str = "valeur", shift: float = 0) -> Spot:
            return x(point["annee"]), y(max(point[key] + shift, self.low))

        self._axes(drawing, ticks, x, y, left, right, bottom)
        band = [point for point in self.path if point["incertitude"]]
        edges = [at(p, shift=p["incertitude"]) for p in band] + [at(p, shift=-p["incertitude"]) for p in reversed(band)]
        drawing.path("margin", *_polyline(edges))
        fan = [point for point in self.ahead if point["bas"] is not None and point["haut"] is not None]
        edges = [at(point, "haut") for point in fan] + [at(point, "bas") for point in reversed(fan)]
        drawing.path(f"fan {self.kind}", *_polyline(edges))
        runs: list[tuple[str, Sequence[Row]]] = [("path", self.path), (f"ahead stroke {self.kind}", self.ahead)]
        runs += [("smooth", run) for run in _runs(self.compared, self.breaks)]
        runs += [(f"stroke {self.kind}", run) for run in _runs(self.points, self.breaks)]
        avoid: list[Spot] = []
        for kind, run in runs:
            spots = [at(point) for point in run]
            avoid += _along(spots)
            drawing.path(kind, *_polyline(spots))
        for point in self.points:
            kind = "fill" if point["est_sure"] else "paper stroke"
            drawing.dot(f"{kind} {self.kind}", *at(point), 3 if len(self.points) < 25 else 2)
            avoid += [at(point)] * 5
        if self.target:
            drawing.symbol("hollow" if self.target["est_indicative"] else "full", *at(self.target), "target")
        if self.target and self.missing > 0:
            start, end = at(self.target)[1], at(self.ahead[-1])[1]
            if abs(end - start) > 20:
                start += math.copysign(9, end - start)
                drawing.path(f"bracket stroke {self.kind}", "M", right - 4, start, "h8m-4 0V", end, "m-4 0h8")
                avoid += _along([(right, start), (right, end)])
        for level, words, kind in _stacked([(y(value) + 4.5, words, kind) for value, words, kind in notes], bottom):
            drawing.text(Label(right + 13, level, words, kind))
        self._labels(drawing, at, bottom, avoid, any(y(0) - y(2 * point["incertitude"]) > 5 for point in band))
        if self.breaks:
            middle = x(self.breaks[-1] - 0.5)
            places = [
                (dx, level, side) for level in (26, 42, 58, bottom - 6) for dx, side in ((0, "m"), (5, ""), (-5, "e"))
            ]
            labels = (Label(middle + dx, level, "rupture", f"s {side}") for dx, level, side in places)
            drawing.place(labels, bottom, avoid)
        return drawing, 0, height

    def _axes(
        self, drawing: Drawing, ticks: Mapping[float, str], x: Scale, y: Scale, left: float, right: float, bottom: float
    ) -> None:
        drawing.text(Label(1, ABOVE, self.unit or "", "s"))
        for tick, words in ticks.items():
            drawing.path("grid", "M", left, y(tick), "H", right)
            drawing.text(Label(left - 6, y(tick) + 4.5, words, "s e"))
        drawing.path("axis", "M", left, bottom, "H", right)
        if self.is_cut:
            drawing.path("cut", "M", left - 4, bottom + 4, "l4-8m1 8l4-8")
        years = [self.last, self.latest["annee"], self.first, *(point["annee"] for point in self.path[:1])]
        for i, year in enumerate(years):
            if all(abs(x(year) - x(other)) > 38 for other in years[:i]):
                drawing.path("axis", "M", x(year), bottom, "v4")
                drawing.text(Label(x(year), bottom + 20, str(year), "s m"))
        for year in self.breaks:
            drawing.path("break", "M", x(year - 0.5), 30, "V", bottom)

    def _labels(
        self, drawing: Drawing, at: Callable[[Row], Spot], bottom: float, avoid: list[Spot], has_margin: bool
    ) -> None:
        """What stands near the lines: each where it covers least of them."""
        is_above = self.due is None or self.latest["valeur"] >= self.due["valeur"]
        if self.due:
            drawing.dot("paper due-dot", *at(self.due), 4)
            words = f"attendu {self.written(self.due['valeur'])}"
            drawing.place(_around(at(self.due), words, "", not is_above), bottom, avoid)
        words = ("observé " if self.path else "") + self.written(self.latest["valeur"])
        drawing.place(_around(at(self.latest), words, f"b {self.kind}", is_above), bottom, avoid)
        if has_margin:
            spots = [at(self.path[round(part * (len(self.path) - 1))]) for part in (0.75, 0.65, 0.85, 0.5, 0.3, 0.95)]
            drawing.place((label for spot in spots for label in _around(spot, "± marge", "s")), bottom, avoid)
        if self.compared:
            drawing.place(_around(at(self.compared[-1]), "moyenne", "s"), bottom, avoid)


def _ticks(low: float, high: float) -> list[float]:
    """About three round numbers between two others."""
    power = 10.0 ** math.floor(math.log10((high - low) or 1))
    choices = [
        [step * i for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
        for step in (power * 5, power * 2, power, power / 2, power / 4, power / 5)
    ]
    return min((ticks for ticks in choices if len(ticks) > 1), key=lambda ticks: abs(len(ticks) - 3))


def _polyline(points: Sequence[Spot]) -> Iterator[str | float]:
    for i, place in enumerate(points):
        yield from ("L" if i else "M", *place)


def _runs(points: Sequence[Row], breaks: Sequence[int]) -> Iterator[list[Row]]:
    """The points of years in a row: a year without value and a break leave a gap."""
    run: list[Row] = []
    for point in points:
        if run and (point["annee"] != run[-1]["annee"] + 1 or point["annee"] in breaks):
            yield run
            run = []
        run.append(point)
    yield run


def _along(points: Sequence[Spot]) -> list[Spot]:
    """Points of a line, near enough to each other that no label fits between two."""
    return [
        (x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps)
        for (x0, y0), (x1, y1) in pairwise(points)
        for steps in [max(1, int(math.hypot(x1 - x0, y1 - y0) / 4))]
        for i in range(steps + 1)
    ]


def _around(spot: Spot, words: str, kind: str = "", is_above: bool = True) -> Iterator[Label]:
    """Places of a label around a spot, those above it or those below it first."""
    for dx, dy, side in sorted(AROUND, key=lambda place: (place[1] < 0) != is_above):
        yield Label(spot[0] + dx, spot[1] + dy, words, f"{kind} {side}".strip())


def _stacked(labels: Sequence[tuple[float, str, str]], bottom: float) -> list[tuple[float, str, str]]:
    """Labels one under the other, each as near to its height as the others let it be."""
    ordered = sorted(labels)
    levels: list[float] = []
    for level, _, _ in ordered:
        levels.append(max(level, levels[-1] + LEADING if levels else ABOVE))
    limit = bottom + LEADING
    for i in reversed(range(len(levels))):
        limit = levels[i] = min(levels[i], limit - LEADING)
    return [(level, words, kind) for level, (_, words, kind) in zip(levels, ordered, strict=True)]


def strip(rows: Sequence[Row], unit: str, decimals: int = 0, title: str = "", width: int = WIDE) -> Chart | None:
    """One value per territory on one line of dots, own dot first; None where fewer than two have a value.

    Rows: ``territoire``, ``valeur`` (or None), ``est_ici``, ``est_partielle`` (hollow).
    """
    ranked = _ranked(rows)
    if len(ranked) < 2:
        return None
    own = next((row for row in ranked if row["est_ici"]), None)
    middle = median(row["valeur"] for row in ranked)
    values = [middle, *(row["valeur"] for row in ranked)]

    def written(value: float) -> str:
        return french.decimal(value, decimals)

    def draw(kind: str, width: int) -> tuple[Drawing, float, float]:
        x = linear(min(values), max(values), 12, width - 12)
        placed = _piled(ranked, own, x)
        deepest = max(y for _, _, y, _ in placed)
        squeeze = min(1, STACK / (deepest or 1))
        drawing = Drawing(f"{kind} strip{' dense' * (squeeze < 1)}", width)
        drawing.path("axis", "M4 0H", width - 4)
        for row, at, y, radius in reversed(placed):
            fill = "paper stroke" if row["est_partielle"] else "fill"
            drawing.dot(f"{fill} own" if row is own else fill, at, y * squeeze, radius)
        low = deepest * squeeze + 14
        drawing.path("median", "M", x(middle), -11, "V", low)
        if own:
            words = wrap(f"{own['territoire']} {written(own['valeur'])}", width, bold=True)
            drawing.text(drawing.within(Label(x(own["valeur"]), -14 - LEADING * words.count("\n"), words, "b")))
        labels: list[tuple[str, float, tuple[str, ...]]] = [(f"médiane {written(middle)}", x(middle), ("m", "", "e"))]
        for (names, value), side in zip(_ends(ranked), ("", "e"), strict=False):
            if own is None or value != own["valeur"]:
                labels.append((wrap(f"{_named(names)} {written(value)}", width * 0.6), x(value), (side, "m")))
        for words, at, sides in labels:
            spots = [(at + {"": -5, "m": 0, "e": 5}[side], i, side) for i in range(6) for side in sides]
            drawing.place((Label(at, low + 14 + LEADING * i, words, f"s {side}") for at, i, side in spots), math.inf)
        return drawing, min(drawing.top, -13), drawing.bottom

    text = f"médiane {written(middle)}" + (f", {own['territoire']} {written(own['valeur'])}" if own else "")
    sentence = _spread([title, text], unit, rows, written)
    both = _both(draw, sentence, width)
    return Chart("semblables", in_french(title or unit), *both, sentence, *_territories(rows, unit, written))


def _piled(ranked: Sequence[Row], own: Row | None, x: Scale) -> list[tuple[Row, float, float, float]]:
    """Each row with its dot: own first, on the line; one that would touch another goes below it."""
    small = 5.5 if len(ranked) <= 60 else 4
    placed: list[tuple[Row, float, float, float]] = []
    for row in sorted(ranked, key=lambda row: row is not own):
        at, y, radius = x(row["valeur"]), 0.0, 8.0 if row is own else small
        while any(math.hypot(at - other, y - level) < radius + size for _, other, level, size in placed):
            y += 2 * small + 1
        placed.append((row, at, y, radius))
    return placed


def strips(rows: Sequence[Row], title: str = "Face aux semblables", width: int = WIDE) -> Chart:
    """Own value against median and spread of others, one series per row, each on its own axis.

    Rows: ``nom``, ``unite``, ``valeur``, ``mediane``, ``minimum``, ``maximum``, ``premier_quartile``,
    ``troisieme_quartile``, ``texte`` (at the right).
    """

    def draw(kind: str, width: int) -> tuple[Drawing, float, float]:
        drawing, is_wide = Drawing(f"{kind} strips", width), kind == "wide"
        room = width / 4 if is_wide else width / 2 - 12
        names, units, texts = ([wrap(row[key] or "", room) for row in rows] for key in ("nom", "unite", "texte"))
        bold = [text_width(text, bold=True) for text in texts]
        left = max(map(text_width, [*names, *units]), default=0) + 24 if is_wide else 12
        right = width - (max(bold, default=0) + 24 if is_wide else 12)
        top = 0.0
        for row, name, unit, text in zip(rows, names, units, texts, strict=True):
            drawing.text(Label(1, top + 13, name))
            drawing.text(Label(1, top + 13 + LEADING * (name.count("\n") + 1), unit, "s"))
            block = LEADING * max(name.count("\n") + unit.count("\n") + 2, text.count("\n") + 1)
            y = top + block / 2 + 1 if is_wide else top + block + 13
            level = y + 4.5 - LEADING * text.count("\n") / 2 if is_wide else top + 13
            drawing.text(Label(right + 24 if is_wide else width, level, text, "b" if is_wide else "b e"))
            x = linear(min(row["minimum"], row["valeur"]), max(row["maximum"], row["valeur"]), left, right)
            drawing.path("axis", "M", x(row["minimum"]), y, "H", x(row["maximum"]))
            low, high = row["premier_quartile"], row["troisieme_quartile"]
            if low is not None and high is not None:
                drawing.rect("light", x(low), y - 4, x(high) - x(low), 8)
            drawing.path("median", "M", x(row["mediane"]), y - 10, "v20")
            drawing.dot("fill own", x(row["valeur"]), y, 7)
            top += block + (14 if is_wide else 34)
        return drawing, 0, top

    sentence = in_french(f"{title} : {_listed(rows)}.")
    keys = ("valeur", "mediane", "premier_quartile", "troisieme_quartile", "minimum", "maximum")
    table = [
        (
            *(in_french(row[key] or "") for key in ("nom", "unite")),
            *("" if row[key] is None else french.number(row[key]) for key in keys),
        )
        for row in rows
    ]
    columns = ("Série", "Unité", "Ici", "Médiane", "Premier quart", "Dernier quart", "Minimum", "Maximum")
    return Chart("comparaisons", in_french(title), *_both(draw, sentence, width), sentence, columns, table)


def ranges(rows: Sequence[Row], title: str, name: str = "fourchettes", width: int = WIDE, height: int = 0) -> Chart:
    """Amounts known as a range, on one axis from zero: full up to the minimum, light up to the maximum.

    With ``height``, rows are stretched towards it.

    Rows: ``nom``, ``minimum``, ``maximum``, ``texte`` (right of the bar), and where they have them ``retenue`` (a dot
    within the range), ``une_seule_cle`` (texture), ``lecture``, ``tendance``, ``note`` (at the right), ``lien``.
    """
    largest = max((row["maximum"] for row in rows), default=0)
    notes = [row.get("note") or "" for row in rows]
    note_width = max(map(text_width, notes)) + 34 if any(notes) else 0

    def draw(kind: str, width: int) -> tuple[Drawing, float, float]:
        drawing, is_wide = Drawing(f"{kind} ranges", width), kind == "wide"
        room = width / 4 if is_wide else width * 0.42
        is_flat = is_wide or not (note_width or any(text_width(row["nom"]) > room for row in rows))
        names = [wrap(row["nom"], room if is_flat else width - note_width) for row in rows]
        left = max(map(text_width, names), default=0) + 16 if is_flat else 0
        aside = max((text_width(row["texte"], bold=True) for row in rows), default=0) + 10
        x = linear(0, largest, left, width - aside - (note_width + 16 if note_width and is_flat else 0))
        top = 0.0
        extra = _extra(height, len(rows))
        for i, (row, words, note) in enumerate(zip(rows, names, notes, strict=True)):
            step = LEADING * (words.count("\n") + 1) + (9 if is_flat else 23) + extra
            y = top + step / 2 if is_flat else top + step - 14 - extra / 2
            drawing.text(
                Label(1, y + 4.5 - LEADING * words.count("\n") / 2 if is_flat else top + 13, words), row.get("lien")
            )
            _extent(drawing, row, x, y, largest, 6 + extra / 5)
            end = row["maximum"] if row.get("retenue") is None else largest
            drawing.text(Label(x(end) + 8, y + 4.5, row["texte"], "b"))
            if note:
                y = y if is_flat else top + 8.5
                if note not in notes[:i]:  # what a mark means is said once
                    drawing.text(Label(width - note_width + 34, y + 4.5, note))
                if row.get("lecture"):
                    drawing.reading(width - note_width + 2, y, row["lecture"], row.get("tendance"))
            top += step
        if any(row.get("une_seule_cle") for row in rows):
            drawing.rect("p-one", left, top + 4, 24, 10)
            drawing.text(Label(left + 30, top + 14, "fourchette inconnue", "s"))
            top += 20
        return drawing, 0, top

    sentence = in_french(f"{title} : {_listed(rows)}.")
    table = [
        (in_french(row["nom"]), in_french(row["texte"]), "une seule" * bool(row.get("une_seule_cle")), in_french(note))
        for row, note in zip(rows, notes, strict=True)
    ]
    columns = ("Nom", "Fourchette", "Clés", "Lecture")
    return Chart(name, in_french(title), *_both(draw, sentence, width), sentence, columns, table)


def _extent(drawing: Drawing, row: Row, x: Scale, y: float, largest: float, half: float) -> None:
    """The bar of a range, or its dot."""
    low, high, chosen = row["minimum"], row["maximum"], row.get("retenue")
    if chosen is None:
        drawing.rect("p-one" if row.get("une_seule_cle") else "accent", x(0), y - half, x(low) - x(0), 2 * half)
        drawing.rect("light", x(low), y - half, x(high) - x(low), 2 * half)
    else:
        drawing.path("grid", "M", x(0), y, "H", x(largest))
        drawing.rect("light", x(low), y - 4, x(high) - x(low), 8)
        drawing.dot("paper stroke own" if row.get("une_seule_cle") else "accent", x(chosen), y, 5)


def _listed(rows: Sequence[Row]) -> str:
    """A few rows in full; of many the first three, and how many more there are."""
    shown = [f"{row['nom']} {row['texte']}" for row in (rows if len(rows) <= 4 else rows[:3])]
    more = len(rows) - len(shown)
    return ", ".join(shown) + (f" et {french.plural(more, 'autre')}" if more else "")


def map_of(
    canvas: Canvas, rows: Sequence[Row], unit: str, decimals: int = 0, title: str = "", width: int = MAP
) -> Chart | None:
    """A rate per territory in five classes of as many territories each, drawn once; None where no value is known.

    Rows: ``territoire_id``, ``territoire``, ``valeur`` (or None: hatched), ``est_partielle`` (striped). A shape
    without a row is unknown, a row without a shape is in the table alone. The drawing is the same in any ``width``.
    """
    shapes, listed = {shape.code: shape for shape in canvas.shapes}, rows
    rows = [row for row in rows if row["territoire_id"] in shapes]
    ranked = _ranked(rows)
    if not ranked:
        return None
    limits = _limits([row["valeur"] for row in ranked])

    def written(value: float) -> str:
        return french.decimal(value, decimals)

    while decimals < MOST_DECIMALS and len({written(limit) for limit in limits}) < len(limits):
        decimals += 1
    steps = [round(i * (CLASSES - 1) / max(len(limits), 1)) for i in range(len(limits) + 1)]
    fills = dict.fromkeys(shapes, "p-unknown")
    for row in ranked:
        step = steps[sum(row["valeur"] >= limit for limit in limits)]
        fills[row["territoire_id"]] = f"p-partial{step}" if row["est_partielle"] else f"q{step}"
    drawing, size = Drawing("map large" if width > MAP else "map", MAP), MAP / CANVAS
    bottom = canvas.height * size
    drawing.areas(size, ((code, shape.outline, fills[code]) for code, shape in shapes.items()))
    for row in [ranked[0], ranked[-1]] if len(ranked) > 1 else ranked:
        if sum(other["valeur"] == row["valeur"] for other in ranked) == 1:
            words = f"{wrap(row['territoire'], 150, bold=True)}\n{written(row['valeur'])}"
            x, y = (place * size for place in shapes[row["territoire_id"]].inside)
            y -= LEADING * words.count("\n") / 2 - 4.5
            drawing.place((drawing.within(Label(x, y + dy, words, "b")) for dy in (0, -30, 30, -60, 60)), bottom)
    level = bottom + 16
    drawing.text(Label(1, level, unit, "s"))
    for i, step in enumerate(steps):
        drawing.rect(f"q{step}", 46 * i, level + 8, 46, 10)
    for i, limit in enumerate(limits, 1):
        spots = (Label(46 * i, level + 32 + LEADING * row, written(limit), "s m") for row in range(3))
        drawing.place(spots, math.inf)
    used = [("inconnu", "p-unknown")] * ("p-unknown" in fills.values())
    used += [("partiel", "p-partial1")] * any(row["est_partielle"] for row in ranked)
    for i, (words, fill) in enumerate(used):
        x, y = MAP - 164 + 84 * i, level + 6
        drawing.areas(size, [("", f"M{x / size:.0f} {y / size:.0f}h42v28h-42z", fill)])
        drawing.text(Label(x + 26, y + 11, words, "s"))

    unknown = list(fills.values()).count("p-unknown")
    sentence = _spread([title], unit, rows, written, unknown)
    wide = drawing.svg(sentence, 0, max(drawing.bottom, level + 24), width / MAP)
    return Chart("carte", in_french(title or unit), wide, None, sentence, *_territories(listed, unit, written))


def _limits(values: Sequence[float]) -> list[float]:
    """Where each class after the first begins: as many values in each, as far as equal values allow."""
    distinct = sorted(set(values))
    if len(distinct) <= CLASSES:
        return distinct[1:]
    above = sorted(value for value in values if value > distinct[0])
    if len(above) > len(values) * (1 - 1 / CLASSES):
        cuts = quantiles(values, n=CLASSES, method="inclusive")
    else:  # the lowest value is a class of its own
        cuts = [above[0], *quantiles(above, n=CLASSES - 1, method="inclusive")]
    return sorted({next(value for value in distinct if value >= cut) for cut in cuts if cut > distinct[0]})


def _ranked(rows: Sequence[Row]) -> list[Row]:
    """The rows with a value, the lowest first."""
    return sorted((row for row in rows if row["valeur"] is not None), key=lambda r: (r["valeur"], r["territoire"]))


def _ends(ranked: Sequence[Row]) -> list[tuple[list[str], float]]:
    """The lowest and the highest value, and all that have it."""
    values = dict.fromkeys((ranked[0]["valeur"], ranked[-1]["valeur"]))
    return [([row["territoire"] for row in ranked if row["valeur"] == value], value) for value in values]


def _named(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} et {french.plural(len(names) - 1, 'autre')}"


def _spread(titles: Sequence[str], unit: str, rows: Sequence[Row], written: Written, unknown: int | None = None) -> str:
    """The sentence of values of many territories."""
    ranked = _ranked(rows)
    unknown = len(rows) - len(ranked) if unknown is None else unknown
    ends = " à ".join(f"{written(value)} ({_named(names)})" for names, value in _ends(ranked))
    heading = ", ".join(text for text in (*titles, unit) if text)
    more = f" ; {french.plural(unknown, 'inconnue')}" if unknown else ""
    return in_french(f"{heading} : {french.plural(len(ranked), 'valeur')}, de {ends}{more}.")


def _territories(rows: Sequence[Row], unit: str, written: Written) -> Table:
    """The table of values of territories, the highest first, the unknown last."""
    ranked = [*reversed(_ranked(rows)), *(row for row in rows if row["valeur"] is None)]
    table = [
        (
            in_french(row["territoire"]),
            "inconnue" if row["valeur"] is None else written(row["valeur"]),
            "partielle" * bool(row["est_partielle"]),
        )
        for row in ranked
    ]
    return ("Territoire", in_french(unit), "Valeur"), table


def standalone(chart: Chart, source: str = "", place: str = "") -> str:
    """The wide drawing as an SVG file of its own: place and title, drawing, source; no variable, no font, no link."""
    drawn = re.sub(r"</?a\b[^>]*>", "", chart.wide)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', drawn)
    width, height = (float(size) for size in size.groups()) if size else (0, 0)
    titles = wrap(" : ".join(filter(None, (in_french(place), chart.title))), width / 1.35, bold=True).split("\n")
    notes = wrap(in_french(source), width).split("\n") if source else []
    pad, top = 16, 20 * len(titles) + 24
    texts: list[tuple[str, float, str]] = [("head", 20 * i + 32, text) for i, text in enumerate(titles)]
    texts += [("s", top + height + LEADING * (i + 1), text) for i, text in enumerate(notes)]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {w:g} {h:g}" width="{w:g}" '
        'height="{h:g}"><title>{title}</title><desc>{desc}</desc><style>{style}</style>{defs}'
        '<rect class="paper" width="{w:g}" height="{h:g}"/>{texts}{drawn}</svg>'
    ).format(
        w=width + 2 * pad,
        h=top + height + LEADING * len(notes) + pad,
        title=" ".join(titles),
        desc=chart.sentence,
        style=_plain_style(),
        defs=DEFS,
        texts=Markup("").join(
            Markup('<text class="{}" x="{}" y="{:g}">{}</text>').format(kind, pad, y, text) for kind, y, text in texts
        ),
        drawn=Markup(drawn.replace("<svg ", f'<svg x="{pad}" y="{top}" ', 1)),  # noqa: S704  it was one
    )


@cache
def _plain_style() -> Markup:
    """The stylesheet of the charts for programs that know no variable: its light values, nothing of a medium."""
    sheet = files("leviers.site").joinpath("static", "charts.css").read_text("utf-8").partition("@media")[0]
    values = dict(re.findall(r"(--[\w-]+): ([^;]+);", sheet))
    sheet = re.sub(r":root \{[^}]*\}\s*", "", sheet)
    return Markup(re.sub(r"var\((--[\w-]+)\)", lambda match: values[match[1]], sheet))  # noqa: S704  ours
