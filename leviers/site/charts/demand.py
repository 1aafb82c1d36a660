"""The demand on a territory in one bar that sums exactly: a part per reading and lean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

from leviers.common import french
from leviers.site.charts.chart import WIDE, Chart, Row, drawn, kt, kt_decimals
from leviers.site.drawing import PATTERNS, Drawing, Label, spread, text_width
from leviers.site.readings import LOOKS, marks, tone

BAR_PARTS = [marks(look["reading"], code) for code, look in LOOKS.items()]  # in the order of the bar
MARKED = 22  # width from which a part of a bar has room for its mark
DEMAND_TITLE = "Demandé d'ici 2030"
Part = tuple[str, ...]  # a reading, and its lean where the lean has a look


def shared_out(values: Sequence[float], decimals: int = 0) -> list[float]:
    """Rounds values so that they add up to their rounded total. The largest remainders are rounded up."""
    unit = 10.0**-decimals
    floors = [math.floor(value / unit + 1e-9) for value in values]
    missing = round(sum(values) / unit) - sum(floors)
    by_remainder = sorted(range(len(values)), key=lambda i: floors[i] - values[i] / unit)
    return [(floor + (i in by_remainder[:missing])) * unit for i, floor in enumerate(floors)]


def demand(rows: Sequence[Row], total: float | None = None, width: int = WIDE) -> Chart:
    """Returns the demand in one bar that sums exactly: one part per reading and lean.

    Rows: ``lecture``, ``tendance``, ``demande_ktco2e``, ``leviers`` (count); several of one reading are added up.
    ``total`` is what the heading prints (``kt(total)``); ValueError where it is not the sum of the rows.
    """
    sums, levers = dict.fromkeys(BAR_PARTS, 0.0), dict.fromkeys(BAR_PARTS, 0)
    for row in rows:
        part = marks(row["lecture"], row["tendance"])
        sums[part] += float(row["demande_ktco2e"] or 0)
        levers[part] += row["leviers"]
    whole = sum(sums.values())
    if total is not None and kt(total) != kt(whole):
        raise ValueError(f"parts of {kt(whole)} kt in a bar of {kt(total)} kt")
    decimals = kt_decimals(whole)
    printed = dict(zip(BAR_PARTS, shared_out(list(sums.values()), decimals), strict=True))
    bar = [part for part in BAR_PARTS if sums[part]]

    def amount(*parts: Part) -> str:
        trace = min(sum(sums[part] for part in parts), 0.1**decimals / 4)
        return french.decimal(sum(printed[part] for part in parts) or trace, decimals)

    words: dict[Part, tuple[str, str]] = {}
    whole_of = {part[:1]: [other for other in bar if other[0] == part[0]] for part in bar}
    for reading, parts in whole_of.items():
        words[reading] = f"{LOOKS[reading[0]]['label_fr']} ", amount(*parts)
        words |= {part: (f"dont {LOOKS[part[-1]]['label_fr']} ", amount(part)) for part in parts if part != reading}

    def draw(kind: str, width: int) -> tuple[Drawing, float, float]:
        drawing, top = Drawing(kind, width), 20 if kind == "wide" else 0
        ends = accumulate((sums[part] / (whole or 1) * width for part in bar), initial=0.0)
        spans = dict(zip(bar, pairwise(ends), strict=True))
        for part, (left, right) in spans.items():
            fill = f"p-{part[-1]}" if part[-1] in PATTERNS else f"fill {tone(part[-1])}"
            drawing.rect(fill, left, top, right - left, 26)
            drawing.path("edge", "M", right, top, "v26")
        drawing.path("thin", "M.5", top + 0.5, "h", width - 1, "v25h", 1 - width, "z")
        if kind == "narrow":
            for part, (left, right) in spans.items():
                if right - left >= MARKED:
                    drawing.dot("paper", (left + right) / 2, 13, 9)
                    drawing.reading((left + right) / 2 - 6, 13, part[-1])
            half = next(i for i, part in enumerate([*words, ()]) if i >= len(words) / 2 and len(part) < 2)
            for i, (part, (text, strong)) in enumerate(words.items()):  # a reading and its parts in one column
                x, y = (width / 2 + 8) * (i // half), 46 + 20 * (i % half)
                drawing.reading(x, y - 4, *part)
                drawing.text(Label(x + 34, y, text, strong=strong))
            return drawing, 0, 34 + 20 * half
        above = {reading: (spans[parts[0]][0], spans[parts[-1]][1]) for reading, parts in whole_of.items()}
        _label_parts(drawing, words, above, top, 12)
        _label_parts(drawing, words, {part: spans[part] for part in words if part not in above}, top + 26, 64)
        return drawing, 0, max(drawing.bottom, top + 28)

    listed = ", ".join("".join(words[reading]) for reading in whole_of)
    sentence = f"{DEMAND_TITLE} : {kt(whole)} kt de CO2 par an, dont {listed}."
    table = [(", ".join(LOOKS[code]["label_fr"] for code in part), amount(part), str(levers[part])) for part in bar]
    columns = ("Lecture", "kt de CO₂ par an", "Leviers")
    return drawn("demande", DEMAND_TITLE, draw, width, sentence, (columns, table))


def _label_parts(
    drawing: Drawing,
    words: Mapping[Part, tuple[str, str]],
    spans: Mapping[Part, tuple[float, float]],
    edge: float,
    y: float,
) -> None:
    """Places labels side by side, each as near to its part of the bar as the others allow.

    A line leads from a part to a label that stands away from it, or below.
    """
    gap = 16
    indents = {part: 2 + 14 * len(marks(*part)) for part in spans}
    widths = [indents[part] + text_width("".join(words[part]), bold=True) for part in spans]
    lefts = spread([left for left, _ in spans.values()], [width + gap for width in widths], 0, drawing.width + gap)
    for (part, span), left, width in zip(spans.items(), lefts, widths, strict=True):
        if y > edge or left > span[1] - 8:
            middle = sum(span) / 2
            end = min(max(middle, left + 6), left + width - 6)
            drawing.path("leader", "M", middle, edge, "L", end, y - 13 if y > edge else y + 4)
        text, strong = words[part]
        drawing.reading(left, y - 4, *part)
        drawing.text(Label(left + indents[part], y, text, strong=strong))
