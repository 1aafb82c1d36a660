"""The share of the way to a target that is done, a row per series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise

from leviers.common import french
from leviers.site.charts.chart import WIDE, Chart, Row, drawn, kt, reading_of
from leviers.site.drawing import ABOVE, LEADING, Drawing, Label, Scale, linear, text_width, wrap
from leviers.site.readings import tone

TARGETS = {"full": "cible de l'État", "hollow": "indicatif"}
WAY_TITLE = "Part du chemin faite"
HALF = 5  # of the height of a bar
_DATA = ' data-levier="{levier_id}" data-lecture="{lecture}"'  # codes of the project, which need no escape


def way(rows: Sequence[Row], width: int = WIDE, is_marked: bool = False) -> Chart:
    """Returns the share of the way to the target that is done, per row in the given order, beside what was expected.

    If it ``is_marked``, the names in the wide drawing have ``levier_id`` and ``lecture``.

    Rows: ``levier_id``, ``nom``, ``lecture``, ``tendance``, their labels, ``lien`` (address or None), ``part_faite``,
    ``part_incertitude``, ``part_attendue``, ``est_indicatif`` (hollow marks), ``manque_sur_ktco2e``,
    ``demande_ktco2e``, ``confiance``.
    """
    ends = [0.0, 1.0]
    for row in rows:
        part_done, margin = row["part_faite"], row["part_incertitude"] or 0
        ends += [] if part_done is None else [part_done - margin, part_done + margin]
        ends += [] if row["part_attendue"] is None else [row["part_attendue"]]
    known = {
        "retard sûr, kt": [_amount(row["manque_sur_ktco2e"]) for row in rows],
        "demande, kt": [_amount(row["demande_ktco2e"]) for row in rows],
        "confiance": [row["confiance"] or "" for row in rows],
    }
    columns = {heading: cells for heading, cells in known.items() if any(cells)}
    shown = {heading: columns[heading] for heading in dict.fromkeys([*[*columns][:1], *[*columns][-1:]])}

    def draw(kind: str, width: int) -> tuple[Drawing, float, float]:
        drawing, is_wide = Drawing(f"{kind} way", width), kind != "narrow"
        edges, edge, room = {}, float(width), width / 4  # the right end of each column, from the right
        for heading, cells in reversed(shown.items()):
            edges[heading] = edge
            room = room if is_wide else edge - max(map(text_width, cells)) - 44
            edge -= text_width(heading) + 16
        names = [wrap(row["nom"], room) for row in rows]
        left = 34 + max(map(text_width, names), default=0) + 16 if is_wide else 8
        x = linear(min(ends), max(ends), left, edge - 8 if is_wide else width - 16)
        heights = [(10 if is_wide else 24) + LEADING * (name.count("\n") + 1) for name in names]
        bottom = 8 + sum(heights)
        drawing.path("axis", "M", x(0), 6, "V", bottom)
        drawing.path("grid", "M", x(1), 6, "V", bottom)
        for heading, at in edges.items():
            drawing.text(Label(at, 0 if is_wide else -LEADING, heading, "s e"))
        for at, words in ((0, "départ"), (1, "cible")):
            drawing.place(drawing.headings(x(at), words), bottom)
        tops = list(accumulate(heights, initial=8))
        for i, (row, name, (top, low)) in enumerate(zip(rows, names, pairwise(tops), strict=True)):
            bar = (top + low) / 2 if is_wide else low - 11
            text_y = bar + 4.5 - LEADING * name.count("\n") / 2 if is_wide else top + 13
            drawing.rect("track", x(0), bar - HALF, x(1) - x(0), 2 * HALF)
            drawing.reading(2, text_y - 4.5, row["lecture"], row["tendance"])
            data = _DATA.format(**row) if is_marked and is_wide else ""
            drawing.text(Label(34, text_y, name), row["lien"], data)
            for heading, at in edges.items():
                if cell := shown[heading][i]:
                    drawing.text(Label(at, bar + 4.5 if is_wide else text_y, cell, "e"))
            _progress(drawing, row, x, bar)
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
        (
            row["nom"],
            reading_of(row),
            *(_percent(row[key]) for key in shares),
            *cells,
        )
        for row, *cells in zip(rows, *columns.values(), strict=True)
    ]
    headings = ("Série", "Lecture", "Part faite", "Marge", "Part attendue", *map(french.initial, columns))
    return drawn("chemin", WAY_TITLE, draw, width, _sentence(rows), (headings, table))


def _amount(value: float | None) -> str:
    return "" if value is None or value <= 0 else kt(value)


def _sentence(rows: Sequence[Row]) -> str:
    """Returns how many rows have each reading, and how far the first one is."""
    counts = Counter(row["lecture_libelle"] for row in rows)
    readings_of_all = ", ".join(f"{reading} {count}" for reading, count in counts.most_common())
    sentence = f"{WAY_TITLE} : {readings_of_all}"
    if first := next((row for row in rows if row["part_faite"] is not None), None):
        sentence += f" ; {first['nom']} : {_percent(first['part_faite'])}"
        sentence += f" pour {_percent(first['part_attendue'])} attendus" * (first["part_attendue"] is not None)
    return f"{sentence}."


def _progress(drawing: Drawing, row: Row, x: Scale, y: float) -> None:
    """Draws the bar, the tick, the margin and the diamond of a row."""
    part_done, margin, part_due = row["part_faite"], row["part_incertitude"], row["part_attendue"]
    if part_done is None:
        drawing.text(Label(x(0) + 6, y + 4.5, "part inconnue", "s"))
        return
    kind, (left, right) = tone(row["lecture"]), sorted((x(0), x(part_done)))
    drawing.rect(f"fill bar {kind}", left, y - HALF + 0.5, right - left, 2 * HALF - 1)
    if part_due is not None and row["est_indicatif"]:
        drawing.rect("due paper", x(part_due) - 2.75, y - HALF - 4, 5.5, 2 * HALF + 8)
    elif part_due is not None:
        drawing.rect("due", x(part_due) - 1.5, y - HALF - 4, 3, 2 * HALF + 8)
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
