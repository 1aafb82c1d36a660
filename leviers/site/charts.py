"""Charts as SVG: each says in words what it shows, and no mark tells apart by colour alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from leviers.text.french import number, plural, quantity, scale

WIDTH, HEIGHT = 340, 150
LEFT, RIGHT, TOP, BOTTOM = 12, 46, 14, 22
CUT_AXIS = "L'axe ne part pas de zéro."
YEAR_WIDTH = 32  # what the label of a year takes

CHART = Markup('<svg class="chart" role="img" viewBox="0 0 340 150" aria-label="{said}">{marks}</svg>')
LINE = Markup('<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')
DOT = Markup('<circle class="{kind}" r="2.6" cx="{x:.1f}" cy="{y:.1f}"/>')
SERIES = Markup('<path class="series" d="{d}"/>')
DIAMOND = Markup('<path class="target" d="M{x:.1f} {y:.1f}l5 5l-5 5l-5-5z"/>')
TEXT = Markup('<text class="{kind}" text-anchor="{anchor}" x="{x:.1f}" y="{y:.1f}">{text}</text>')
CUT = Markup('<path class="cut" d="M{x:.1f} {y:.1f}m-4 4l4-8m1 8l4-8"/>')
CUT_NOTE = Markup('<p class="note">{}</p>').format(CUT_AXIS)
STRIP = Markup(
    '<svg class="strip" role="img" viewBox="0 0 340 42" aria-label="{said}">'
    '<line class="axis" x1="8" x2="332" y1="15" y2="15"/><path class="tick" d="{ticks}"/>{own}'
    '<text x="8" y="37">{low}</text><text x="332" y="37" text-anchor="end">{high}</text></svg>'
)


@dataclass(frozen=True)
class Point:
    """A value of a year. ``is_sure`` is false for what is estimated, provisional or not complete."""

    year: int
    value: float | None
    is_sure: bool = True


@dataclass(frozen=True)
class Path:
    """The straight line from the start to the target."""

    start_year: int
    start: float
    target_year: int
    target: float


def line_chart(
    points: Sequence[Point],
    unit: str | None,
    largest: float | None = None,
    path: Path | None = None,
    interval: float | None = None,
    breaks: Collection[int] = (),
) -> Markup:
    """A series over the years, with its path to the target, the interval of its last value, and its breaks.

    ``largest`` is the amount that gives all of them their unit. A year without value leaves a gap in the line, and so
    does a break. A single value is no series: it gets no chart.
    """
    known = [(point, point.value) for point in points if point.value is not None]
    if not known or (len(known) < 2 and path is None):
        return Markup("")
    last, last_value = known[-1]
    values = [value for _, value in known]
    years = [point.year for point in points]
    if path:
        values += [path.start, path.target]
        years += [path.start_year, path.target_year]
    if interval:
        values += [last_value - interval, last_value + interval]
    first_year, last_year = min(years), max(years)
    low, high = _range(values)
    factor, _ = scale(largest or max(abs(value) for value in values), unit)

    def x(year: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (year - first_year) / max(last_year - first_year, 1)

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)

    marks = [LINE.format(kind="axis", x1=LEFT, x2=WIDTH - RIGHT, y1=y(low), y2=y(low))]
    if low > 0:
        marks.append(CUT.format(x=LEFT, y=y(low)))
    marks += [
        LINE.format(kind="break", x1=x(year - 0.5), x2=x(year - 0.5), y1=TOP, y2=y(low))
        for year in breaks
        if first_year < year <= last_year
    ]
    if path:
        end_x, end_y = x(path.target_year), y(path.target)
        marks += [
            LINE.format(kind="path", x1=x(path.start_year), y1=y(path.start), x2=end_x, y2=end_y),
            DIAMOND.format(x=end_x, y=end_y - 5),
            TEXT.format(kind="", anchor="start", x=end_x + 7, y=end_y + 3.5, text=number(path.target / factor)),
        ]
    if interval:
        at = x(last.year)
        marks.append(
            LINE.format(kind="interval", x1=at, x2=at, y1=y(last_value - interval), y2=y(last_value + interval))
        )
    marks.append(SERIES.format(d=_line(points, breaks, x, y)))
    marks += [DOT.format(kind="sure" if p.is_sure else "unsure", x=x(p.year), y=y(value)) for p, value in known]
    above = -7 if path is None or last_value >= path.target else 13
    marks.append(
        TEXT.format(
            kind="last",
            anchor="middle",
            x=max(x(last.year), 24),
            y=y(last_value) + above,
            text=number(last_value / factor),
        )
    )
    marks += [
        TEXT.format(kind="year", anchor="middle", x=max(x(year), 16), y=HEIGHT - 6, text=year)
        for year in sorted({first_year, last.year, last_year})
        if year in (first_year, last_year) or min(x(year) - x(first_year), x(last_year) - x(year)) > YEAR_WIDTH
    ]
    said = describe(points, unit, largest, path, breaks) + (f" {CUT_AXIS}" if low > 0 else "")
    chart = CHART.format(said=said, marks=Markup("").join(marks))
    return chart + CUT_NOTE if low > 0 else chart


def describe(
    points: Sequence[Point],
    unit: str | None,
    largest: float | None = None,
    path: Path | None = None,
    breaks: Collection[int] = (),
) -> str:
    """What a chart shows, in a sentence."""
    known = [(point, point.value) for point in points if point.value is not None]
    if not known:
        return "Aucune valeur."
    (first, first_value), (last, last_value) = known[0], known[-1]
    text = f"{quantity(last_value, unit, largest)} en {last.year}"
    text = (
        f"De {quantity(first_value, unit, largest)} en {first.year} à {text}"
        if len(known) > 1
        else f"{text}, seule année connue"
    )
    if path:
        text += f" ; repère {path.target_year} : {quantity(path.target, unit, largest)}"
    if breaks:
        text += f" ; rupture de série en {', '.join(str(year) for year in breaks)}"
    if gaps := last.year - first.year + 1 - len(known):
        text += f" ; {plural(gaps, 'année')} sans valeur"
    if unsure := sum(not point.is_sure for point, _ in known):
        one, many = "valeur estimée, provisoire ou incomplète", "valeurs estimées, provisoires ou incomplètes"
        text += f" ; {plural(unsure, one, many)}"
    return f"{text}."


def strip_chart(values: Sequence[float], unit: str | None, own: float | None = None) -> Markup:
    """How values spread, as ticks on a line from the lowest to the highest; ``own`` is marked among them."""
    low, high = min(values), max(values)

    def x(value: float) -> float:
        return 8 + 324 * (value - low) / ((high - low) or 1)

    said = f"Répartition de {len(values)} valeurs, de {quantity(low, unit)} à {quantity(high, unit)}"
    if own is not None:
        said += f" ; ici {quantity(own, unit)}"
    return STRIP.format(
        said=f"{said}.",
        ticks="".join(f"M{x(value):.1f} 8v14" for value in values),
        own=DIAMOND.format(x=x(own), y=10) if own is not None else "",
        low=quantity(low, unit),
        high=quantity(high, unit),
    )


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Bounds of the vertical axis: from zero, unless all values are far from it."""
    low, high = min(values), max(values)
    spread = (high - low) or abs(high) or 1
    return (min(low, 0) if low < 0 or low <= high / 3 else low - spread * 0.15), high + spread * 0.06


def _line(
    points: Sequence[Point], breaks: Collection[int], x: Callable[[float], float], y: Callable[[float], float]
) -> str:
    parts: list[str] = []
    before: int | None = None
    for point in sorted(points, key=lambda p: p.year):
        if point.value is not None:
            joins = before == point.year - 1 and point.year not in breaks
            parts.append(f"{'L' if joins else 'M'}{x(point.year):.1f} {y(point.value):.1f}")
        before = point.year if point.value is not None else None
    return "".join(parts)
