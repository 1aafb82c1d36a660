"""Images of charts: an SVG that stands alone, and its PNG."""

from __future__ import annotations

from dataclasses import dataclass

import resvg_py

from ingestion.fault import RefusalError
from leviers.site.charts import Chart, standalone

SCALE = 2  # pixels of a PNG per unit, for screens of a high density
FORMATS = ("svg", "png")
PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'


class NoFontError(RefusalError):
    """No font is installed, so that a PNG would have no word."""


@dataclass(frozen=True)
class PlacedChart:
    """A chart in its place on a page: the territory or lever it is about, and the line that names its source."""

    chart: Chart
    place: str
    source: str


def image_of(placed: PlacedChart, format_: str) -> bytes:
    """The file of a chart.

    Raises:
        NoFontError: a PNG is asked for, and no font is installed.
    """
    svg = standalone(placed.chart, placed.source, placed.place)
    if format_ == "svg":
        return svg.encode()
    return _png(svg)


def check_fonts() -> None:
    """Refuses a machine on which a text has no shape.

    Raises:
        NoFontError: no font is installed.
    """
    if _png(PROBE.format('<text y="15">A</text>')) == _png(PROBE.format("")):
        raise NoFontError("aucune police n'est installée : un PNG n'aurait aucun mot (sous Debian : fonts-dejavu-core)")


def _png(svg: str) -> bytes:
    return bytes(
        resvg_py.svg_to_bytes(svg_string=svg, zoom=SCALE, background="#ffffff", sans_serif_family="DejaVu Sans")
    )
