"""Amounts as dots on one axis from zero, each with the range of its other estimates and a tick to compare it with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from leviers.common import french
from leviers.site.charts.chart import WIDE, Chart, Row, drawn
from leviers.site.charts.line import round_numbers
from leviers.site.drawing import LEADING, Drawing, Label, linear, text_width, wrap


def dots(
    rows: Sequence[Row], title: str, unit: str, marks: tuple[str, str, str], name: str = "parts", width: int = WIDE
) -> Chart:
    """Returns a row per amount. ``marks`` names the dot, the tick and the range.

    Rows: ``nom``, ``texte`` (at the right), ``valeur``, ``minimum``, ``maximum``, ``repere`` (the tick, or None), and
    if known ``precision`` (after the name), ``groupe`` (a heading over the rows that have it) and ``lien``.
    """
    largest = max((row[key] or 0 for row in rows for key in ("valeur", "maximum", "repere")), default=0)
    used = {"dot": True, "tick": any(row["repere"] is not None for row in rows)}
    used["range"] = any(row["maximum"] > row["minimum"] for row in rows)
    shown = [(kind, words) for kind, words in zip(used, marks, strict=True) if used[kind]]

    def draw(kind: str, width: int) -> tuple[Drawing, float, float]:
        drawing, is_wide = Drawing(f"{kind} dots", width), kind != "narrow"
        left = width * 0.45 if is_wide else 8
        aside = max(map(text_width, [*(row["texte"] for row in rows), unit]), default=0)
        x = linear(0, largest, left, width - (aside + 16 if is_wide else 8))
        top, at = 0.0, 0.0
        for mark, words in shown:
            if at and at + 20 + text_width(words) > width:
                top, at = top + LEADING + 2, 0.0
            _mark(drawing, mark, at, top + 8)
            at = drawing.text(Label(at + 20, top + 13, words, "s")).box[2] + 16
        top += LEADING + 8
        for tick in round_numbers(0, largest):
            drawing.text(drawing.within(Label(x(tick), top + 12, french.number(tick), "s")))
        drawing.text(Label(width, top + 12 if is_wide else top - 10, unit, "s e"))
        top += LEADING + 2
        for group, own in groupby(rows, lambda row: row.get("groupe")):
            if group:
                top += LEADING + 8
                drawing.text(Label(0, top - 4, group, "b"))
            for row in own:
                soft = row.get("precision") or ""
                room = (left - 12 if is_wide else width) - (0 if is_wide else aside + 8)
                lines = wrap(f"{row['nom']} {soft}".strip(), room).split("\n")
                height = (10 if is_wide else 24) + LEADING * len(lines)
                y = top + height / 2 if is_wide else top + height - 11
                text_y = y + 4.5 - LEADING * (len(lines) - 1) / 2 if is_wide else top + 13
                drawing.text(Label(1, text_y, "\n".join(lines)), row.get("lien"))
                drawing.path("grid", "M", x(0), y, "H", x(largest))
                if row["maximum"] > row["minimum"]:
                    drawing.rect("light", x(row["minimum"]), y - 1.5, x(row["maximum"]) - x(row["minimum"]), 3)
                if row["repere"] is not None:
                    drawing.path("due-tick", "M", x(row["repere"]), y - 6, "v12")
                drawing.dot("accent", x(row["valeur"]), y, 5)
                drawing.text(Label(width, y + 4.5 if is_wide else text_y, row["texte"], "e"))
                top += height
        return drawing, 0, top

    keys = ("minimum", "maximum", "repere")
    table = [
        (row["nom"], row["texte"], *("" if row[key] is None else french.number(row[key]) for key in keys))
        for row in rows
    ]
    first = " ; ".join(f"{row['nom']} : {row['texte']} {unit}" for row in rows[:4])
    columns = ("Nom", unit, "Minimum", "Maximum", french.initial(marks[1]))
    return drawn(name, title, draw, width, f"{title} : {first}.", (columns, table))


def _mark(drawing: Drawing, kind: str, x: float, y: float) -> None:
    if kind == "dot":
        drawing.dot("accent", x + 8, y, 5)
    elif kind == "tick":
        drawing.path("due-tick", "M", x + 8, y - 6, "v12")
    else:
        drawing.rect("light", x, y - 1.5, 16, 3)
