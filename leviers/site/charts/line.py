"""A series over the years, with its path and its extension."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from leviers.common import french
from leviers.site.charts.chart import Chart, Row, Table, drawn
from leviers.site.drawing import ABOVE, LEADING, Drawing, Label, Scale, Spot, linear, spread, text_width
from leviers.site.readings import tone

SMALL = 340
FROM_ZERO = 0.4  # an axis starts at zero where the lowest value is less than this part of the highest


# Places of a label around its point, and the side of the label that is there.
AROUND = (
    (-8, -9, "e"), (0, -11, "m"), (8, -9, ""), (11, 4.5, ""), (8, 18, ""), (0, 20, "m"), (-8, 18, "e"), (-11, 4.5, "e"),
    (-16, -24, "e"), (0, -26, "m"), (16, -24, ""), (16, 32, ""), (0, 34, "m"), (-16, 32, "e"),
)  # fmt: skip


def line(row: Row, width: int = SMALL) -> Chart | None:
    """Returns a series over the years with its path, margin, target and extension; None where one value or two have
    no path.

    The points are those of the series that is compared. Two points are not joined, and only a rate has an axis that
    does not start at zero.

    Row: ``nom``, ``unite`` (displayed), ``facteur``, ``decimales``, ``lecture``, ``lecture_libelle``, ``points``
    [{annee, valeur, est_sure}], ``est_un_taux``, ``trajectoire`` [{annee, valeur, incertitude}], ``cible`` {annee,
    valeur, est_indicative} or None, ``prolongement`` [{annee, valeur, bas, haut}], ``manque``, ``annee_attendue``,
    ``ruptures`` [annee]. Values are in the unit of the file; ``facteur`` brings them to ``unite``.
    """
    series = _Series(row)
    if not series.points or (len(series.points) <= 2 and not series.path):
        return None
    return drawn("trajectoire", row["nom"], series.draw, width, series.sentence, series.table)


class _Series:
    """A series, its path and its extension, in the unit that is shown."""

    def __init__(self, row: Row) -> None:
        def shown(rows: Sequence[Row] | None, *keys: str) -> list[dict[str, Any]]:
            return [
                dict(point) | {key: None if point[key] is None else point[key] * row["facteur"] for key in keys}
                for point in rows or ()
                if point["valeur"] is not None
            ]

        self.kind = tone(row["lecture"])
        self.name, self.reading, self.decimals = row["nom"], row["lecture_libelle"], row["decimales"]
        self.points = shown(row["points"], "valeur")
        self.path = shown(row["trajectoire"], "valeur", "incertitude")
        self.ahead = shown(row["prolongement"], "valeur", "bas", "haut")
        self.target = next(iter(shown([row["cible"]] if row["cible"] else [], "valeur")), None)
        self.missing = (row["manque"] or 0) * row["facteur"] if self.target and self.ahead else 0
        self.due = next((point for point in self.path if point["annee"] == row["annee_attendue"]), None)
        ends = [self.target] if self.target else []
        years = [point["annee"] for point in [*self.points, *self.path, *self.ahead, *ends]]
        self.first, self.last = min(years, default=0), max(years, default=0)
        self.breaks = [
            year for year in row["ruptures"] or () if self.points and self.first < year <= self.latest["annee"]
        ]
        lines = [point["valeur"] for point in [*self.points, *self.path, *ends]]
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
        self.is_cut = row["est_un_taux"] and high > low > FROM_ZERO * high
        self.low = low - (high - low) * 0.1 if self.is_cut else 0 if min(lines, default=0) >= 0 else low
        self.high = high if self.is_cut else max(high, 0) or float(low == 0)

    @property
    def latest(self) -> dict[str, Any]:
        """The point of the compared year, else the last sure point, else the last point."""
        compared = [point for point in self.points if self.due and point["annee"] == self.due["annee"]]
        return [self.points[-1], *(point for point in self.points if point["est_sure"]), *compared][-1]

    def written(self, value: float) -> str:
        return french.decimal(value, self.decimals)

    @property
    def sentence(self) -> str:
        sentence = f"{self.name} : {self.written(self.latest['valeur'])} {self.unit or ''}".rstrip()
        sentence += f" en {self.latest['annee']}"
        if self.due:
            reading = f" ({self.reading})" if self.reading else ""
            sentence += f" pour {self.written(self.due['valeur'])} attendus{reading}"
        if self.target:
            sentence += f", cible {self.written(self.target['valeur'])} en {self.target['annee']}"
        if self.ahead:
            sentence += f", {self.written(self.ahead[-1]['valeur'])} à ce rythme"
        return f"{sentence}{' ; axe coupé, qui ne part pas de zéro' * self.is_cut}."

    @property
    def table(self) -> Table:
        """A row per year."""
        columns = {
            f"Observé ({self.unit})" if self.unit else "Observé": (self.points, "valeur"),
            "Attendu": (self.path, "valeur"),
            "Marge": (self.path, "incertitude"),
            "À ce rythme": (self.ahead, "valeur"),
        }
        by_name = {
            name: {point["annee"]: self.written(point[key]) for point in rows if point[key] is not None}
            for name, (rows, key) in columns.items()
        }
        series = {name: by_year for name, by_year in by_name.items() if by_year}
        years = sorted({year for by_year in series.values() for year in by_year})
        return ("Année", *series), [
            (str(year), *(by_year.get(year, "") for by_year in series.values())) for year in years
        ]

    def draw(self, kind: str, width: int) -> tuple[Drawing, float, float]:
        """Returns the drawing, its top and its bottom."""
        drawing, height = Drawing(f"{kind} line".strip(), width), width * 2 // 5 + 45
        bottom = height - 25
        notes: list[tuple[float, str, str]] = []  # the labels at the right: value, words, kind
        if self.target:
            notes.append((self.target["valeur"], f"cible {self.written(self.target['valeur'])}", "b"))
        if self.ahead:
            notes.append((self.ahead[-1]["valeur"], f"à ce rythme {self.written(self.ahead[-1]['valeur'])}", self.kind))
        if self.target and self.missing > 0:
            middle = (self.target["valeur"] + self.ahead[-1]["valeur"]) / 2
            notes.append((middle, f"manque {self.written(self.missing)}", f"b {self.kind}"))
        ticks = {tick: french.number(tick) for tick in round_numbers(self.low, self.high)}
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
        if len(self.points) > 2:
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
            drawing.symbol("hollow" if self.target["est_indicative"] else "full", *at(self.target), "is-target")
        if self.target and self.missing > 0:
            start, end = at(self.target)[1], at(self.ahead[-1])[1]
            if abs(end - start) > 20:
                start += math.copysign(9, end - start)
                drawing.path(f"bracket stroke {self.kind}", "M", right - 4, start, "h8m-4 0V", end, "m-4 0h8")
                avoid += _along([(right, start), (right, end)])
        for level, words, kind in _stacked([(y(value) + 4.5, words, kind) for value, words, kind in notes], bottom):
            drawing.text(Label(right + 13, level, words, kind))
        self._labels(drawing, at, bottom, avoid)
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
        drawing.text(Label(1, ABOVE, (self.unit or "") + " ; axe coupé" * self.is_cut, "s"))
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

    def _labels(self, drawing: Drawing, at: Callable[[Row], Spot], bottom: float, avoid: list[Spot]) -> None:
        """Places each label near its line, where it covers the fewest points."""
        is_above = self.due is None or self.latest["valeur"] >= self.due["valeur"]
        if self.due:
            drawing.dot("paper due-dot", *at(self.due), 4)
            words = f"attendu {self.written(self.due['valeur'])}"
            drawing.place(_around(at(self.due), words, "", not is_above), bottom, avoid)
        words = ("observé " if self.path else "") + self.written(self.latest["valeur"])
        drawing.place(_around(at(self.latest), words, f"b {self.kind}", is_above), bottom, avoid)


def round_numbers(low: float, high: float) -> list[float]:
    """Returns about three round numbers between two values."""
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
    """Yields runs of consecutive years. A missing year and a break end a run."""
    run: list[Row] = []
    for point in points:
        if run and (point["annee"] != run[-1]["annee"] + 1 or point["annee"] in breaks):
            yield run
            run = []
        run.append(point)
    yield run


def _along(points: Sequence[Spot]) -> list[Spot]:
    """Returns points along a line, so close that no label fits between two."""
    return [
        (x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps)
        for (x0, y0), (x1, y1) in pairwise(points)
        for steps in [max(1, int(math.hypot(x1 - x0, y1 - y0) / 4))]
        for i in range(steps + 1)
    ]


def _around(spot: Spot, words: str, kind: str = "", is_above: bool = True) -> Iterator[Label]:
    """Yields places of a label around a spot, first those above it, or first those below it."""
    for dx, dy, side in sorted(AROUND, key=lambda place: (place[1] < 0) != is_above):
        yield Label(spot[0] + dx, spot[1] + dy, words, f"{kind} {side}".strip())


def _stacked(labels: Sequence[tuple[float, str, str]], bottom: float) -> list[tuple[float, str, str]]:
    """Stacks labels, each as near to its height as the others allow."""
    ordered = sorted(labels)
    levels = spread([level for level, *_ in ordered], [LEADING] * len(ordered), ABOVE, bottom + LEADING)
    return [(level, words, kind) for level, (_, words, kind) in zip(levels, ordered, strict=True)]
