"""A rate per territory, as a map in five classes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import quantiles

from leviers.common import french
from leviers.common.typography import in_french
from leviers.site.charts.chart import Chart, Row
from leviers.site.charts.territories import ranked_rows, spread_sentence, territory_table
from leviers.site.contours import WIDTH as CANVAS
from leviers.site.contours import Canvas
from leviers.site.drawing import CLASSES, LEADING, Drawing, Label, wrap

MAP = 420
MOST_DECIMALS = 4


def map_of(
    canvas: Canvas, rows: Sequence[Row], unit: str, decimals: int = 0, title: str = "", width: int = MAP
) -> Chart | None:
    """Returns a rate per territory in five classes of as many territories each, drawn once; None where no value is
    known.

    Rows: ``territoire_id``, ``territoire``, ``valeur`` (or None: hatched), ``est_partielle`` (striped). A shape
    without a row is unknown, a row without a shape is in the table alone. The drawing is the same in any ``width``.
    """
    shapes, listed = {shape.code: shape for shape in canvas.shapes}, rows
    rows = [row for row in rows if row["territoire_id"] in shapes]
    ranked = ranked_rows(rows)
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
    sentence = in_french(spread_sentence([title], unit, rows, written, unknown))
    wide = drawing.svg(sentence, 0, max(drawing.bottom, level + 24), width / MAP)
    return Chart("carte", title or unit, wide, None, sentence, *territory_table(listed, unit, written))


def _limits(values: Sequence[float]) -> list[float]:
    """Returns the lower limit of each class but the first. Classes are of one size, as far as equal values allow."""
    distinct = sorted(set(values))
    if len(distinct) <= CLASSES:
        return distinct[1:]
    above = sorted(value for value in values if value > distinct[0])
    if len(above) > len(values) * (1 - 1 / CLASSES):
        cuts = quantiles(values, n=CLASSES, method="inclusive")
    else:  # the lowest value is a class of its own
        cuts = [above[0], *quantiles(above, n=CLASSES - 1, method="inclusive")]
    return sorted({next(value for value in distinct if value >= cut) for cut in cuts if cut > distinct[0]})
