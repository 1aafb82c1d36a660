"""The tools of all charts: symbols, patterns, the width of texts, and a drawing that places its labels."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from markupsafe import Markup, escape

from leviers.common import french
from leviers.common.typography import in_french
from leviers.site.readings import LOOKS, marks, tone

SIZE, ABOVE, BELOW, LEADING = 13, 12, 4, 16  # a text: its size, its room above and below its line, the height of a line
CLASSES = 5  # in a map

Scale = Callable[[float], float]
Spot = tuple[float, float]
Box = tuple[float, float, float, float]

# Symbols in a square of 12, hatches in one of 8: paths, never glyphs of a font.
SYMBOLS = {
    "down": '<path class="fill" d="M.5 2h11L6 11z"/>',
    "up": '<path class="fill" d="M.5 10.5h11L6 1.5z"/>',
    "cross": '<path class="stroke" stroke-width="2.8" d="M2 2l8 8M10 2l-8 8"/>',
    "waves": '<path class="stroke" d="M.5 5C2.5 1.5 4 2 6 4.2S9.5 7 11.5 3.5"/>'
    '<path class="stroke" d="M.5 9.5C2.5 6 4 6.5 6 8.7S9.5 11.5 11.5 8"/>',
    "ring": '<circle class="stroke" cx="6" cy="6" r="4.6"/>',
    "falling": '<path class="stroke" stroke-width="2" d="M2 2l8 8M10.2 4v6.2H4"/>',
    "rising": '<path class="stroke" stroke-width="2" d="M2 10l8-8M10.2 8V1.8H4"/>',
    "full": '<path class="fill" d="M6-1L13 6 6 13-1 6z"/>',
    "hollow": '<path class="paper stroke" stroke-width="2" d="M6 0L12 6 6 12 0 6z"/>',
}
_DOWN, _UP = "M-2-2L10 10M-2 6L2 10M6-2L10 2", "M-2 10L10-2M-2 2L2-2M6 10L10 6"
_DUST = "M1 2a1 1 0 1 0 2 0a1 1 0 1 0-2 0M5 6a1 1 0 1 0 2 0a1 1 0 1 0-2 0"
HATCHES = {"b_diagonal": _UP, "f_diagonal": _DOWN, "diagonal_x": _UP + _DOWN, "vertical": "M2 0v8", "dense6": _DUST}


def _hatched(ground: str, lines: str, hatch: str = "b_diagonal") -> str:
    return f'<path class="{ground}" d="M0 0h8v8H0z"/><path class="{lines}" d="{HATCHES[hatch]}"/>'


def _hatched_look(look: Mapping[str, str]) -> str:
    """Returns the pattern of a look: white lines on the colour of a reading, coloured ones on pale for a lean."""
    if look["hatch"] == "dense6":
        return _hatched("paper", "dust", look["hatch"])
    is_reading, kind = look["code"] == look["reading"], tone(look["code"])
    return _hatched(f"solid {kind}" if is_reading else "pale", "thin paper" if is_reading else kind, look["hatch"])


PATTERNS = {code: _hatched_look(look) for code, look in LOOKS.items() if look["hatch"] in HATCHES}
PATTERNS["one"] = _hatched("accent", "thin paper")
MAP_PATTERNS = {f"partial{i}": _hatched(f"q{i}", "thin ink" if i < 2 else "thin paper") for i in range(CLASSES)}
MAP_PATTERNS["unknown"] = _hatched("paper", "thin")
_PATTERN = '<pattern id="p-{}" width="8" height="8" patternUnits="userSpaceOnUse"{}>{}</pattern>'
DEFS = Markup(  # noqa: S704  constants of this module
    '<svg class="defs" width="0" height="0" aria-hidden="true"><defs>'
    + "".join(f'<g id="m-{name}">{shape}</g>' for name, shape in SYMBOLS.items())
    + "".join(_PATTERN.format(name, "", shape) for name, shape in PATTERNS.items())
    # A map draws everything larger.
    + "".join(_PATTERN.format(name, ' patternTransform="scale(1.8)"', shape) for name, shape in MAP_PATTERNS.items())
    + "</defs></svg>"
)
_LINK = '<a tabindex="-1" xlink:href="{}">{}</a>'  # for the mouse only; the keyboard reaches the links beside the chart
_CODE = 'data-t="{}" '
_XLINK = Markup(' xmlns:xlink="http://www.w3.org/1999/xlink"')

# Widths of characters in DejaVu Sans, the widest font in use. All other characters are as wide as a digit.
_WIDTHS = {
    "ijlIJ ,.:;'/|\N{NO-BREAK SPACE}\N{RIGHT SINGLE QUOTATION MARK}": 0.33, french.THOUSANDS: 0.2, "frt()[]!-": 0.42,
    "csz?\N{EN DASH}": 0.53, "ABCDGHNOQRUVX&": 0.78, "w+±≥=<>\N{MINUS SIGN}": 0.84, "mMW%@…œŒ": 1.0,
}  # fmt: skip
_EM = {character: width for characters, width in _WIDTHS.items() for character in characters}


@cache
def text_width(words: str, bold: bool = False) -> float:
    """Estimates the width of the longest line of a text, rather too much than too little."""
    plain = (unicodedata.normalize("NFD", character)[0] for character in unicodedata.normalize("NFC", words))
    widths = [sum(_EM.get(character, 0.64) for character in text) for text in "".join(plain).split("\n")]
    return SIZE * (1.15 if bold else 1.03) * max(widths)


def wrap(words: str, width: float, bold: bool = False) -> str:
    """Breaks a text into lines of at most this width. No word is cut."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and text_width(f"{lines[-1]} {word}", bold) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


@dataclass(frozen=True)
class Label:
    """A text of one or more lines. In ``kind``: ``b`` bold, ``s`` soft, ``m`` middle, ``e`` end, a reading."""

    x: float
    y: float
    words: str
    kind: str = ""
    strong: str = ""  # after the words, in bold

    @property
    def box(self) -> Box:
        """The space of the label: left, top, right, bottom."""
        kinds = self.kind.split()
        width = text_width(self.words, "b" in kinds) + text_width(self.strong, bold=True)
        left = self.x - (width / 2 if "m" in kinds else width if "e" in kinds else 0)
        return left, self.y - ABOVE, left + width, self.y + BELOW + LEADING * self.words.count("\n")


def _overlap(box: Box, other: Box) -> float:
    across = min(box[2], other[2]) - max(box[0], other[0])
    return max(across, 0) * max(min(box[3], other[3]) - max(box[1], other[1]), 0)


class Drawing:
    """A drawing keeps its marks and labels in order, and the boxes that the labels take."""

    def __init__(self, kind: str, width: float) -> None:
        self.kind, self.width = kind, width
        self._parts: list[Markup] = []
        self._taken: list[Box] = []
        self._has_links = False

    def path(self, kind: str, *steps: str | float) -> None:
        """Draws a path, of letters and numbers."""
        d = " ".join(step if isinstance(step, str) else f"{step:.4g}" for step in steps)
        self._parts.append(_markup(f'<path class="{escape(kind)}" d="{d}"/>'))

    def rect(self, fill: str, x: float, y: float, width: float, height: float) -> None:
        """Draws a rectangle in the colour of a class, or in a pattern (``p-…``)."""
        box = f'x="{x:.4g}" y="{y:.4g}" width="{max(width, 0):.4g}" height="{height:.4g}"'
        self._parts.append(_markup(f"<rect {_paint(fill)} {box}/>"))

    def symbol(self, name: str, x: float, y: float, kind: str) -> None:
        """Draws a symbol around a point."""
        self._parts.append(_markup(f'<use href="#m-{name}" x="{x - 6:.4g}" y="{y - 6:.4g}" class="{kind}"/>'))

    def dot(self, kind: str, x: float, y: float, radius: float) -> None:
        self._parts.append(_markup(f'<circle class="{escape(kind)}" cx="{x:.4g}" cy="{y:.4g}" r="{radius:.4g}"/>'))

    def reading(self, x: float, y: float, reading: str, lean: str | None = None) -> None:
        """Draws the mark of a reading and of its lean, from x on."""
        for i, code in enumerate(marks(reading, lean)):
            self.symbol(LOOKS[code]["symbol"], x + 6 + 14 * i, y, tone(code))

    def text(self, label: Label, link: str | None = None, data: str = "") -> Label:
        """Writes a label at its own place; ``data`` are attributes for programs."""
        first, *others = in_french(label.words).split("\n")
        lines = [str(escape(first))]
        lines += [f'<tspan x="{label.x:.4g}" dy="{LEADING / SIZE:.3g}em">{escape(text)}</tspan>' for text in others]
        lines += [f'<tspan class="b">{escape(label.strong)}</tspan>'] * bool(label.strong)
        kind = f' class="{escape(label.kind)}"' if label.kind else ""
        written = _markup(f'<text x="{label.x:.4g}" y="{label.y:.4g}"{kind}{data}>{"".join(lines)}</text>')
        self._parts.append(_markup(_LINK.format(escape(link), written)) if link else written)
        self._taken.append(label.box)
        self._has_links |= bool(link)
        return label

    def place(self, candidates: Iterable[Label], bottom: float, avoid: Sequence[tuple[float, float]] = ()) -> Label:
        """Writes a label at the best place: inside the drawing, over no other label, over few points."""

        def cost(label: Label) -> float:
            left, top, right, low = label.box
            outside = max(-left, 0) + max(right - self.width, 0) + max(low - bottom, 0)
            over = sum(_overlap((left - 4, top, right + 4, low), other) for other in self._taken)
            across = points[bisect_left(points, (left,)) : bisect_right(points, (right, math.inf))]
            return 1000 * outside + 100 * over + sum(top <= y <= low for _, y in across)

        points: list[tuple[float, ...]] = sorted(avoid)
        return self.text(min(candidates, key=cost))

    def is_free(self, box: Box) -> bool:
        """Returns whether no label is there."""
        return not any(_overlap(box, other) for other in self._taken)

    def within(self, label: Label) -> Label:
        """Centres a label over its point, and moves it if the edge is near."""
        half = text_width(label.words, "b" in label.kind.split()) / 2
        return replace(label, x=min(max(label.x, half), self.width - half), kind=f"{label.kind} m")

    def headings(self, x: float, words: str) -> Iterator[Label]:
        """Places of a heading over a point, the lowest first."""
        aside = 0.35 * text_width(words)
        for level in range(4):
            for shift in (0, -aside, aside):
                yield self.within(Label(x + shift, -LEADING * level, words, "s"))

    def areas(self, size: float, shapes: Iterable[tuple[str, str, str]]) -> None:
        """Draws outlines (code, outline, class or pattern) of territories, or of the legend of patterns."""
        areas = (
            _markup(f'<path {code and _CODE.format(escape(code))}{_paint(fill)} d="{escape(outline)}"/>')
            for code, outline, fill in shapes
        )
        self._parts.append(
            Markup('<g class="areas" transform="scale({:.4g})">{}</g>').format(size, Markup("").join(areas))
        )

    @property
    def bottom(self) -> float:
        """The lowest that a label reaches."""
        return max(box[3] for box in self._taken)

    @property
    def top(self) -> float:
        """The highest that a label reaches."""
        return min(box[1] for box in self._taken)

    def svg(self, sentence: str, top: float, bottom: float, size: float = 1) -> Markup:
        """Returns the SVG of the drawing between two heights. It is shown ``size`` times as large."""
        return Markup(
            '<svg class="chart {kind}" role="img" aria-label="{sentence}" viewBox="0 {top:.4g} {width} {height:.4g}" '
            'width="{shown:.4g}" height="{high:.4g}"{xlink}>{parts}</svg>'
        ).format(
            kind=self.kind,
            sentence=sentence,
            top=top,
            width=self.width,
            height=bottom - top,
            shown=self.width * size,
            high=(bottom - top) * size,
            xlink=_XLINK if self._has_links else "",
            parts=Markup("").join(self._parts),
        )


def _paint(fill: str) -> Markup:
    return _markup(f'fill="url(#{escape(fill)})"' if fill.startswith("p-") else f'class="{escape(fill)}"')


def _markup(text: str) -> Markup:
    """Marks a text as escaped. A site needs it 150,000 times, and ``Markup.format`` is slower."""
    return Markup(text)  # noqa: S704


def spread(wanted: Sequence[float], sizes: Sequence[float], start: float, end: float) -> list[float]:
    """Places things of these sizes between two ends, each as near to its wanted place as the others allow."""
    places: list[float] = []
    for place, size in zip(wanted, sizes, strict=True):
        places.append(max(place, start))
        start = places[-1] + size
    for i in reversed(range(len(places))):
        end = places[i] = min(places[i], end - sizes[i])
    return places


def linear(low: float, high: float, left: float, right: float) -> Scale:
    """Returns a function from values to places. If low and high are equal, every value gets the first place."""
    return lambda value: left + (right - left) * (value - low) / ((high - low) or 1)


@cache  # many pages show the same few marks
def mark(reading: str, lean: str | None = None) -> Markup:
    """Returns the mark of a reading and its lean, beside the word that says it."""
    codes = marks(reading, lean)
    used = "".join(
        f'<use href="#m-{LOOKS[code]["symbol"]}" x="{14 * i}" class="{tone(code)}"/>' for i, code in enumerate(codes)
    )
    size = f'viewBox="-1 -1 {14 * len(codes)} 14" width="{14 * len(codes)}" height="14"'
    return _markup(f'<svg class="mark" aria-hidden="true" {size}>{used}</svg>')
