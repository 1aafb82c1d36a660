"""Images of charts: an SVG that stands alone, and its PNG."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import resvg_py
from markupsafe import Markup

from ingestion.fault import RefusalError
from leviers.common.typography import in_french
from leviers.site.charts import DEFS, Chart
from leviers.site.drawing import LEADING, wrap
from leviers.site.readings import COLOURS, STYLE

SCALE = 2  # pixels of a PNG per unit, for screens of a high density
FORMATS = ("svg", "png")
PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'


class NoFontError(RefusalError):
    """No font is installed, so a PNG would show no words."""


@dataclass(frozen=True)
class PlacedChart:
    """A chart in its place on a page: the territory or lever it is about, and the line that names its source."""

    chart: Chart
    place: str
    source: str


def image_of(placed: PlacedChart, format_: str) -> bytes:
    """Returns the file of a chart.

    Raises:
        NoFontError: a PNG is asked for, and no font is installed.
    """
    svg = standalone(placed.chart, placed.source, placed.place)
    if format_ == "svg":
        return svg.encode()
    return _png(svg)


def standalone(chart: Chart, source: str, place: str) -> str:
    """Makes an SVG file of the wide drawing with place, title and source. It has no variable, font or link."""
    inner = re.sub(r"</?a\b[^>]*>", "", chart.wide)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', inner)
    width, height = (float(size) for size in size.groups()) if size else (0, 0)
    titles = wrap(in_french(" : ".join(filter(None, (place, chart.title)))), width / 1.35, bold=True).split("\n")
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
        drawn=Markup(inner.replace("<svg ", f'<svg x="{pad}" y="{top}" ', 1)),  # noqa: S704 - it was Markup
    )


@cache
def _plain_style() -> Markup:
    """Returns the stylesheet of the charts with its colours by day and its sizes in pixels."""
    sheet = re.sub(r":root \{[^}]*\}\s*", "", STYLE.partition("@media")[0])
    sheet = re.sub(r"([\d.]+)rem", lambda match: f"{16 * float(match[1]):g}px", sheet)
    return Markup(re.sub(r"var\(--([\w-]+)\)", lambda match: COLOURS[match[1]], sheet))  # noqa: S704 - our own file


def check_fonts() -> None:
    """Refuses a machine that cannot draw text.

    Raises:
        NoFontError: no font is installed.
    """
    if _png(PROBE.format('<text y="15">A</text>')) == _png(PROBE.format("")):
        raise NoFontError("aucune police n'est installée : un PNG n'aurait aucun mot (sous Debian : fonts-dejavu-core)")


def _png(svg: str) -> bytes:
    return bytes(
        resvg_py.svg_to_bytes(svg_string=svg, zoom=SCALE, background="#ffffff", sans_serif_family="DejaVu Sans")
    )
