"""The share of the way to a target that is done, a row per lever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise

from leviers.common import french
from leviers.site.charts.chart import WIDE, Chart, Row, drawn, extra_height, kt, reading_of
from leviers.site.drawing import ABOVE, LEADING, Drawing, Label, Scale, linear, text_width, wrap
from leviers.site.readings import tone

TARGETS = {"full": "cible de l'État", "hollow": "indicatif"}
WAY_TITLE = "Part du chemin faite"
_DATA = ' data-levier="{levier_id}" data-lecture="{lecture}"'  # codes of the project, which need no escape


def way(
    rows: Sequence[Row], width: int = WIDE, total: int | None = None, height: int = 0, is_marked: bool = False
) -> Chart:
    """Returns the share of the way to the target that is done, per row in the given order, beside what was expected.

    ``total`` is the number of all rows, if only the first are given. With ``height``, rows are stretched towards it.
    If it ``is_marked``, the names in the wide drawing have ``levier_id``, where there is one, and ``lecture``.

    Rows: ``levier_id``, ``levier_court``, ``lecture``, ``tendance``, their labels, ``lien`` (address or None),
    ``part_faite``, ``part_incertitude``, ``part_attendue``, ``est_indicatif`` (hollow marks), ``demande_ktco2e``.
    """
    ends = [0.0, 1.0]
    for row in rows:
        part_done, margin = row["part_faite"], row["part_incertitude"] or 0
        ends += [] if part_done is None else [part_done - margin, part_done + margin]
        ends += [] if row["part_attendue"] is None else [row["part_attendue"]]
    amounts = [kt(row["demande_ktco2e"]) for row in rows]

    def draw(kind: str, width: int) -> tuple[Drawing, float, float]:
        drawing, is_wide = Drawing(f"{kind} way", width), kind == "wide"
        names = [wrap(row["levier_court"], width / 4 if is_wide else width - 34) for row in rows]
        left = 34 + max(map(text_width, names), default=0) + 16 if is_wide else 8
        x = linear(min(ends), max(ends), left, width - 16 - max(map(text_width, [*amounts, "000"])))
        extra = extra_height(height, len(rows)) / (1 if is_wide else 2)
        heights = [(14 if is_wide else 24) + extra + LEADING * (name.count("\n") + 1) for name in names]
        bottom = 8 + sum(heights)
        drawing.path("axis", "M", x(0), 6, "V", bottom)
        drawing.path("grid", "M", x(1), 6, "V", bottom)
        for at, words in ((0, "départ"), (1, "cible, kt")):
            drawing.place(drawing.headings(x(at), words), bottom)
        tops = list(accumulate(heights, initial=8))
        for i, (row, name, amount, (top, low)) in enumerate(zip(rows, names, amounts, pairwise(tops), strict=True)):
            bar = (top + low) / 2 if is_wide else low - 11 - extra / 2
            text_y = bar + 4.5 - LEADING * name.count("\n") / 2 if is_wide else top + 13
            half = 5 + extra / 6
            drawing.rect("track", x(0), bar - half, x(1) - x(0), 2 * half)
            drawing.reading(2, text_y - 4.5, row["lecture"], row["tendance"])
            data = is_marked and is_wide and row["levier_id"]
            drawing.text(Label(34, text_y, name), row["lien"], _DATA.format(**row) if data else "")
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
                drawing.symbol(kind, left - 10, y - 4.5, "is-idle")
                left = drawing.text(Label(left, y, words, "s")).box[2] + 28
        return drawing, drawing.top - 1, bottom

    shares = ("part_faite", "part_incertitude", "part_attendue")
    table = [
        (row["levier_court"], reading_of(row), *(_percent(row[key]) for key in shares), amount)
        for row, amount in zip(rows, amounts, strict=True)
    ]
    columns = ("Levier", "Lecture", "Part faite", "Marge", "Part attendue", "kt de CO₂ par an")
    return drawn("chemin", WAY_TITLE, draw, width, _sentence(rows, total), (columns, table))


def _sentence(rows: Sequence[Row], total: int | None) -> str:
    """Returns how many levers have each reading, and how far the first one is."""
    counts = Counter(row["lecture_libelle"] for row in rows)
    readings_of_all = ", ".join(f"{reading} {count}" for reading, count in counts.most_common())
    first_rows = f" ({len(rows)} leviers sur {total})" if total and total > len(rows) else ""
    sentence = f"{WAY_TITLE}{first_rows} : {readings_of_all}"
    if first := next((row for row in rows if row["part_faite"] is not None), None):
        sentence += f" ; {first['levier_court']} : {_percent(first['part_faite'])}"
        sentence += f" pour {_percent(first['part_attendue'])} attendus" * (first["part_attendue"] is not None)
    return f"{sentence}."


def _progress(drawing: Drawing, row: Row, x: Scale, y: float, half: float) -> None:
    """Draws the bar, the tick, the margin and the diamond of a row."""
    part_done, margin, part_due = row["part_faite"], row["part_incertitude"], row["part_attendue"]
    if part_done is None:
        drawing.text(Label(x(0) + 6, y + 4.5, "part inconnue", "s"))
        return
    kind, (left, right) = tone(row["lecture"]), sorted((x(0), x(part_done)))
    drawing.rect(f"fill bar {kind}", left, y - half + 0.5, right - left, 2 * half - 1)
    if part_due is not None and row["est_indicatif"]:
        drawing.rect("due paper", x(part_due) - 2.75, y - half - 5, 5.5, 2 * half + 10)
    elif part_due is not None:
        drawing.rect("due", x(part_due) - 1.5, y - half - 5, 3, 2 * half + 10)
    if margin:
        drawing.path("whisker", "M", x(part_done - margin), y - 4, "v8m0-4H", x(part_done + margin), "m0-4v8")
    drawing.symbol("hollow" if row["est_indicatif"] else "full", x(part_done), y, kind)


def _explain(drawing: Drawing, row: Row, x: Scale, y: float, bottom: float) -> None:
    """Explains the tick and the diamond, at one row alone."""
    part_done, margin, part_due = row["part_faite"], row["part_incertitude"] or 0, row["part_attendue"]
    if part_due is not None:
        drawing.place(drawing.headings(x(part_due), "attendu"), bottom)
    if part_done is not None:
        words = "fait ± marge" if margin else "fait"
        full, short = (list(drawing.headings(x(part_done), text)) for text in (words, "fait"))
        right = Label(x(max(part_done + margin, 0)) + 8, y + 4.5, words, "s")
        drawing.place(
            [full[0], right, short[0], *full[1:]], bottom, [(x(value), y) for value in (part_due, 1) if value]
        )


def _percent(value: float | None) -> str:
    return "" if value is None else f"{french.decimal(100 * float(value), 0)}{french.THOUSANDS}%"
