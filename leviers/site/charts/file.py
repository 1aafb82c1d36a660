"""A chart as an SVG file of its own."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from leviers.site.charts.chart import Chart
from leviers.site.drawing import DEFS, LEADING, wrap
from leviers.text.typography import in_french


def standalone(chart: Chart, source: str, place: str) -> str:
    """The wide drawing as an SVG file of its own: place and title, drawing, source; no variable, no font, no link."""
    inner = re.sub(r"</?a\b[^>]*>", "", chart.wide)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', inner)
    width, height = (float(size) for size in size.groups()) if size else (0, 0)
    titles = wrap(" : ".join(filter(None, (in_french(place), chart.title))), width / 1.35, bold=True).split("\n")
    notes = wrap(in_french(source), width).split("\n")
    pad, top = 16, 20 * len(titles) + 24
    texts: list[tuple[str, float, str]] = [("head", 20 * i + 32, text) for i, text in enumerate(titles)]
    texts += [("s", top + height + LEADING * (i + 1), text) for i, text in enumerate(notes)]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {w:g} {h:g}" width="{w:g}" '
        'height="{h:g}"><title>{title}</title><desc>{desc}</desc><style>{style}</style>{defs}'
        '<rect class="paper" width="{w:g}" height="{h:g}"/>{texts}{drawn}</svg>'
    ).format(
        w=width + 2 * pad,
        h=top + height + LEADING * len(notes) + pad,
        title=" ".join(titles),
        desc=chart.sentence,
        style=_plain_style(),
        defs=DEFS,
        texts=Markup("").join(
            Markup('<text class="{}" x="{}" y="{:g}">{}</text>').format(kind, pad, y, text) for kind, y, text in texts
        ),
        drawn=Markup(inner.replace("<svg ", f'<svg x="{pad}" y="{top}" ', 1)),  # noqa: S704  it was one
    )


@cache
def _plain_style() -> Markup:
    """The stylesheet of the charts for programs that know no variable: its light values, nothing of a medium."""
    sheet = files("leviers.site").joinpath("static", "charts.css").read_text("utf-8").partition("@media")[0]
    values = dict(re.findall(r"(--[\w-]+): ([^;]+);", sheet))
    sheet = re.sub(r":root \{[^}]*\}\s*", "", sheet)
    return Markup(re.sub(r"var\((--[\w-]+)\)", lambda match: values[match[1]], sheet))  # noqa: S704  ours
