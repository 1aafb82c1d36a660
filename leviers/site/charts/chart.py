"""All charts have a drawing in two widths, a sentence and a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from leviers.common import french
from leviers.common.typography import in_french
from leviers.site.drawing import Drawing
from leviers.site.readings import marks

WIDE, NARROW = 1088, 358  # width of a chart in a window of 1280 and of 390
Row = Mapping[str, Any]
Written = Callable[[float], str]
Draw = Callable[[str, int], tuple[Drawing, float, float]]
Table = tuple[tuple[str, ...], Sequence[tuple[str, ...]]]


@dataclass(frozen=True)
class Chart:
    """A chart, the sentence that says what it shows, and the table behind it, in French."""

    name: str  # stem of its files
    title: str  # written above the drawing in its file
    wide: Markup
    narrow: Markup | None
    sentence: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def kt(value: float | None) -> str:
    """Writes an amount of kt: whole from ten on, below with one decimal, a dash if unknown."""
    if value is None:
        return "\N{EN DASH}"
    return french.decimal(float(value), kt_decimals(value)).removesuffix(",0")


def kt_decimals(value: float) -> int:
    """Returns with how many decimals an amount of kt is printed."""
    return 0 if abs(value) >= 10 else 1


def drawn(name: str, title: str, draw: Draw, width: int, sentence: str, table: Table) -> Chart:
    """Makes a chart of a drawing in two widths, or in one if the width is narrow.

    ``draw`` takes a kind and a width, and returns a drawing with its top and its bottom.
    """
    written, sizes = in_french(sentence), {"wide": width, "narrow": NARROW} if width > NARROW else {"": width}
    drawings = [drawing.svg(written, *heights) for drawing, *heights in (draw(*size) for size in sizes.items())]
    return Chart(name, title, drawings[0], drawings[1] if len(drawings) > 1 else None, written, *table)


def reading_of(row: Row) -> str:
    """Returns a reading and the lean that has a mark, as the file calls them."""
    has_lean = len(marks(row["lecture"], row["tendance"])) > 1
    return str(row["lecture_libelle"]) + (f", {row['tendance_libelle']}" if has_lean else "")
