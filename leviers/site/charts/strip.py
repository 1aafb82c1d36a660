"""A dot per territory, on a line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from leviers.common import french
from leviers.site.charts.chart import WIDE, Chart, Row, drawn
from leviers.site.charts.territories import extremes, first_name, ranked_rows, spread_sentence, territory_table
from leviers.site.drawing import LEADING, Drawing, Label, Scale, linear, wrap

STACK = 72  # height that dots may take


def strip(rows: Sequence[Row], unit: str, decimals: int = 0, title: str = "", width: int = WIDE) -> Chart | None:
    """Returns a line with a dot per territory, the own dot first; None where fewer than two have a value.

    Rows: ``territoire``, ``valeur`` (or None), ``est_ici``, ``est_partielle`` (hollow).
    """
    ranked = ranked_rows(rows)
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
        for (names, value), side in zip(extremes(ranked), ("", "e"), strict=False):
            if own is None or value != own["valeur"]:
                labels.append((wrap(f"{first_name(names)} {written(value)}", width * 0.6), x(value), (side, "m")))
        for words, at, sides in labels:
            spots = [(at + {"": -5, "m": 0, "e": 5}[side], i, side) for i in range(6) for side in sides]
            drawing.place((Label(at, low + 14 + LEADING * i, words, f"s {side}") for at, i, side in spots), math.inf)
        return drawing, min(drawing.top, -13), drawing.bottom

    text = f"médiane {written(middle)}" + (f", {own['territoire']} {written(own['valeur'])}" if own else "")
    sentence = spread_sentence([title, text], unit, rows, written)
    return drawn("semblables", title or unit, draw, width, sentence, territory_table(rows, unit, written))


def _piled(ranked: Sequence[Row], own: Row | None, x: Scale) -> list[tuple[Row, float, float, float]]:
    """Places the dot of each row, the own one first. A dot that would touch another moves down."""
    small = 5.5 if len(ranked) <= 60 else 4
    placed: list[tuple[Row, float, float, float]] = []
    for row in sorted(ranked, key=lambda row: row is not own):
        at, y, radius = x(row["valeur"]), 0.0, 8.0 if row is own else small
        while any(math.hypot(at - other, y - level) < radius + size for _, other, level, size in placed):
            y += 2 * small + 1
        placed.append((row, at, y, radius))
    return placed
