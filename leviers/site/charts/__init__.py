"""Five kinds of chart as SVG, made from rows. Each has a sentence, and none relies on colour alone.

Rows are mappings as a query gives them; absent values are NULL (``None``), never zero. A page writes ``DEFS`` once
(symbols and patterns), links ``static/charts.css``, then shows ``chart.wide`` and, where there is one,
``chart.narrow``: the stylesheet shows one of the two. A drawing that serves both has no narrow one. On paper a width
of 680 prints texts at 9.5 points.
"""

from leviers.site.charts.chart import WIDE, Chart, kt, reading_of
from leviers.site.charts.dots import dots
from leviers.site.charts.line import line
from leviers.site.charts.map import map_of
from leviers.site.charts.strip import STACK, strip
from leviers.site.charts.way import way
from leviers.site.drawing import DEFS, mark
from leviers.site.readings import READINGS

__all__ = [
    "DEFS", "READINGS", "STACK", "WIDE", "Chart", "dots", "kt", "line", "map_of", "mark", "reading_of", "strip", "way",
]  # fmt: skip
