"""Values against the spread of others, and amounts known as a range."""

from __future__ import annotations

from collections.abc import Sequence

from leviers.common import french
from leviers.site.charts.chart import WIDE, Chart, Row, drawn, extra_height, first_named
from leviers.site.drawing import LEADING, Drawing, Label, Scale, linear, text_width, wrap


def strips(rows: Sequence[Row], title: str = "Face aux semblables", width: int = WIDE) -> Chart:
    """Returns own values against median and spread of others, one series per row, each on its own axis.

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

    keys = ("valeur", "mediane", "premier_quartile", "troisieme_quartile", "minimum", "maximum")
    table = [
        (row["nom"], row["unite"] or "", *("" if row[key] is None else french.number(row[key]) for key in keys))
        for row in rows
    ]
    columns = ("Série", "Unité", "Ici", "Médiane", "Premier quart", "Dernier quart", "Minimum", "Maximum")
    return drawn("comparaisons", title, draw, width, f"{title} : {first_named(rows)}.", (columns, table))


def ranges(
    rows: Sequence[Row],
    title: str,
    name: str = "fourchettes",
    width: int = WIDE,
    height: int = 0,
    names_ends: bool = True,
) -> Chart:
    """Returns amounts known as a range, on one axis from zero: full up to the minimum, light up to the maximum.

    With ``height``, rows are stretched towards it, and on a phone names stand above their bars. Without ``names_ends``,
    the legend omits full and light, which an earlier chart explains.

    Rows: ``nom``, ``minimum``, ``maximum``, ``texte`` (right of the bar), and if known ``retenue`` (a dot within the
    range), ``une_seule_cle`` (texture), ``lien``.
    """
    largest = max((row["maximum"] for row in rows), default=0)
    is_range = any(row["minimum"] < row["maximum"] and row.get("retenue") is None for row in rows)
    legend = [("accent", "minimum"), ("light", "maximum")] * (is_range and names_ends)
    legend += [("p-one", "fourchette inconnue")] * any(row.get("une_seule_cle") for row in rows)

    def draw(kind: str, width: int) -> tuple[Drawing, float, float]:
        drawing, is_wide = Drawing(f"{kind} ranges", width), kind == "wide"
        room = width / 4 if is_wide else width * 0.42
        is_flat = is_wide or not (height or any(text_width(row["nom"]) > room for row in rows))
        names = [wrap(row["nom"], room if is_flat else width) for row in rows]
        left = max(map(text_width, names), default=0) + 16 if is_flat else 0
        aside = max((text_width(row["texte"], bold=True) for row in rows), default=0) + 10
        x = linear(0, largest, left, width - aside)
        top = 0.0
        at = left if is_wide else 0.0
        for fill, words in legend:
            drawing.rect(fill, at, 3, 16, 10)
            at = drawing.text(Label(at + 20, 13, words, "s")).box[2] + 8
            top = LEADING + 4
        extra = extra_height(height - top, len(rows))
        for row, words in zip(rows, names, strict=True):
            step = LEADING * (words.count("\n") + 1) + (9 if is_flat else 26) + extra
            y = top + step / 2 if is_flat else top + step - 14 - extra / 2
            drawing.text(
                Label(1, y + 4.5 - LEADING * words.count("\n") / 2 if is_flat else top + 13, words), row.get("lien")
            )
            _extent(drawing, row, x, y, largest, 6 + extra / 5)
            end = row["maximum"] if row.get("retenue") is None else largest
            drawing.text(Label(x(end) + 8, y + 4.5, row["texte"], "b"))
            top += step
        return drawing, 0, top

    table = [(row["nom"], row["texte"], "une seule" * bool(row.get("une_seule_cle"))) for row in rows]
    columns = ("Nom", "Fourchette", "Clés")
    return drawn(name, title, draw, width, f"{title} : {first_named(rows)}.", (columns, table))


def _extent(drawing: Drawing, row: Row, x: Scale, y: float, largest: float, half: float) -> None:
    """Draws the bar of a range, or its dot."""
    low, high, chosen = row["minimum"], row["maximum"], row.get("retenue")
    if chosen is None:
        drawing.rect("p-one" if row.get("une_seule_cle") else "accent", x(0), y - half, x(low) - x(0), 2 * half)
        drawing.rect("light", x(low), y - half, x(high) - x(low), 2 * half)
    else:
        drawing.path("grid", "M", x(0), y, "H", x(largest))
        drawing.rect("light", x(low), y - 4, x(high) - x(low), 8)
        drawing.dot("paper stroke own" if row.get("une_seule_cle") else "accent", x(chosen), y, 5)
