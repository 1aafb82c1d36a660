"""The demand on a territory in one bar that sums exactly: a part per reading and lean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

from leviers.site.charts.chart import WIDE, Chart, Row, both_widths, kt, kt_decimals
from leviers.site.drawing import PATTERNS, Drawing, Label, marks, spread, text_width
from leviers.text import french
from leviers.text.typography import in_french

PARTS = (
    ("behind", ""), ("opposite", ""), ("unsure", "bad"), ("unsure", ""), ("unsure", "good"), ("on_line", ""),
    ("not_judged", ""),
)  # fmt: skip
MARKED = 22  # width from which a part of a bar has room for its mark
NEARLY_ALL = 0.95
TITLE = "Demandé d'ici 2030"
Part = tuple[str, str]


def shared_out(values: Sequence[float], decimals: int = 0) -> list[float]:
    """Values rounded so that they add up to their rounded total: the largest remainders are rounded up."""
    unit = 10.0**-decimals
    floors = [math.floor(value / unit + 1e-9) for value in values]
    missing = round(sum(values) / unit) - sum(floors)
    by_remainder = sorted(range(len(values)), key=lambda i: floors[i] - values[i] / unit)
    return [(floor + (i in by_remainder[:missing])) * unit for i, floor in enumerate(floors)]


def says_something(rows: Sequence[Row]) -> bool:
    """Whether the bar is worth showing: not if one reading is nearly all of it."""
    parts: dict[str, float] = {}
    for row in rows:
        parts[row["lecture"]] = parts.get(row["lecture"], 0) + float(row["demande_ktco2e"] or 0)
    return max(parts.values(), default=0) <= NEARLY_ALL * sum(parts.values())


def demand(rows: Sequence[Row], total: float | None = None, width: int = WIDE) -> Chart:
    """The demand in one bar that sums exactly: one part per reading and lean.

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
    decimals = kt_decimals(whole)
    printed = dict(zip(PARTS, shared_out(list(sums.values()), decimals), strict=True))
    shown = [part for part in PARTS if sums[part]]
    of = {reading: [part for part in shown if part[0] == reading] for reading, _ in shown}

    def amount(*parts: Part) -> str:
        trace = min(sum(sums[part] for part in parts), 0.1**decimals / 4)
        return french.decimal(sum(printed[part] for part in parts) or trace, decimals)

    words: dict[Part, tuple[str, str]] = {}
    for reading, parts in of.items():
        words[reading, ""] = f"{readings[reading]} ", amount(*parts)
        words |= {part: (f"dont {leans[part[1]]} ", amount(part)) for part in parts if part[1]}

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
            half = next(i for i, (_, lean) in enumerate([*words, ("", "")]) if i >= len(words) / 2 and not lean)
            for i, (part, (text, strong)) in enumerate(words.items()):  # a reading and its parts in one column
                x, y = (width / 2 + 8) * (i // half), 46 + 20 * (i % half)
                drawing.reading(x, y - 4, *part)
                drawing.text(Label(x + 34, y, text, strong=strong))
            return drawing, 0, 34 + 20 * half
        above = {
            part: (spans[of[part[0]][0]][0], spans[of[part[0]][-1]][1]) for part in words if not part[1] and of[part[0]]
        }
        _label_parts(drawing, words, above, top, 12)
        _label_parts(drawing, words, {part: spans.get(part) for part in words if part not in above}, top + 26, 64)
        return drawing, 0, max(drawing.bottom, top + 28)

    listed = ", ".join("".join(words[part]) for part in words if not part[1])
    sentence = in_french(f"{TITLE} : {kt(whole)} kt de CO2 par an, dont {listed}.")
    names = {part: ", ".join(filter(None, (readings[part[0]], part[1] and leans[part[1]]))) for part in shown}
    table = [(names[part], amount(part), str(levers[part])) for part in shown]
    columns = ("Lecture", "kt de CO₂ par an", "Leviers")
    return Chart("demande", in_french(TITLE), *both_widths(draw, sentence, width), sentence, columns, table)


def _label_parts(
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
    wanted = [span[0] if span else 0 for span in spans.values()]
    lefts = spread(wanted, [width + gap for width in widths], 0, drawing.width + gap)
    for (part, span), left, width in zip(spans.items(), lefts, widths, strict=True):
        if span and (y > edge or left > span[1] - 8):
            middle = sum(span) / 2
            end = min(max(middle, left + 6), left + width - 6)
            drawing.path("leader", "M", middle, edge, "L", end, y - 13 if y > edge else y + 4)
        text, strong = words[part]
        drawing.reading(left, y - 4, *part)
        drawing.text(Label(left + indents[part], y, text, strong=strong))
