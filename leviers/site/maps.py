"""Maps as SVG: contours in one projection, classes of the values that are drawn, hatches where there is none."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from statistics import quantiles

from markupsafe import Markup

from leviers.text.french import number, plural, quantity, scale

WIDTH = 900  # units of the drawing, in which outlines are whole numbers
CLASSES = 5
# Below this known share, of its territories, a map says less than its table; a value, of what it counts, compares
# with none.
SMALLEST_KNOWN_SHARE = 0.5


NONE, UNKNOWN = "none", "valeur inconnue"
AREA = Markup(
    '<path class="{kind}" data-page="{page}" data-name="{name}" d="{outline}"><title>{name} : {text}</title></path>'
)
OUTLINE = Markup('<path class="{kind}" d="{outline}"/>')
KEY = Markup(
    '<li><svg aria-hidden="true" class="key" viewBox="0 0 14 14"><rect class="{kind}" width="14" height="14"/></svg>'
    " {text}</li>"
)
MAP = Markup(
    '<figure class="map"><svg role="img" viewBox="0 0 {width} {height:.0f}" aria-label="{said}">'
    '<g class="areas">{areas}</g>{borders}</svg><ul class="legend">{legend}</ul></figure>'
)
LOCATOR = Markup('<svg class="locator" role="img" viewBox="0 0 {width} {height:.0f}" aria-label="{said}">{areas}</svg>')


@dataclass(frozen=True)
class Shape:
    """A territory on a map: its outline in the units of the drawing."""

    code: str
    name: str
    outline: str


@dataclass(frozen=True)
class Canvas:
    """Shapes that were projected together, and the height of their drawing."""

    shapes: tuple[Shape, ...]
    height: float


def project(geometries: Mapping[str, tuple[str, str]], frame: Mapping[str, tuple[str, str]] | None = None) -> Canvas:
    """Draws GeoJSON geometries in WGS84 (``code: (name, geometry)``) side by side; ``frame`` sets the extent.

    Longitudes are shortened by the cosine of the middle latitude, which is true enough at the size of a region.
    """
    extent = [point for _, text in (frame or geometries).values() for ring in _rings(text) for point in ring]
    if not extent:
        return Canvas((), 0)
    west, east = min(p[0] for p in extent), max(p[0] for p in extent)
    south, north = min(p[1] for p in extent), max(p[1] for p in extent)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 4) / ((east - west) * squeeze)

    def drawn(ring: Sequence[Sequence[float]]) -> str:
        points = [(round(2 + (p[0] - west) * squeeze * scale), round(2 + (north - p[1]) * scale)) for p in ring[:-1]]
        points = [point for before, point in zip([None, *points], points, strict=False) if point != before]
        steps = pairwise(points)
        return f"M{points[0][0]} {points[0][1]}" + "".join(f"l{x - x0} {y - y0}" for (x0, y0), (x, y) in steps) + "z"

    shapes = tuple(
        Shape(code, name, "".join(drawn(ring) for ring in _rings(text)))
        for code, (name, text) in sorted(geometries.items())
    )
    return Canvas(shapes, 4 + (north - south) * scale)


def _rings(geometry: str) -> list[list[Sequence[float]]]:
    content = json.loads(geometry)
    polygons = content["coordinates"] if content["type"] == "MultiPolygon" else [content["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]


@dataclass(frozen=True)
class Classes:
    """Ranges of the values that are drawn on a map: lowest and highest value of each, in rising order."""

    ranges: tuple[tuple[float, float], ...]

    def of(self, value: float) -> int:
        """The class of a value, from 0."""
        return next(i for i, (_, high) in enumerate(self.ranges) if value <= high)

    def legend(self, unit: str | None) -> list[tuple[int, str]]:
        """The classes in words: where two would be written with the same limit, it belongs to the higher one."""
        words = []
        for (low, high), above in zip_longest(self.ranges, self.ranges[1:]):
            factor, _ = scale(high, unit)
            first, last = number(low / factor), number(high / factor)
            touches = above is not None and number(above[0] / factor) == last != first
            words.append(
                quantity(low, unit) if low == high else f"de {first} à {'moins de ' * touches}{quantity(high, unit)}"
            )
        return list(enumerate(words))


def classes_of(values: Sequence[float]) -> Classes:
    """Classes with as many territories each, as far as equal values allow."""
    distinct = sorted(set(values))
    if len(distinct) <= CLASSES:
        return Classes(tuple((value, value) for value in distinct))
    cuts = sorted({*quantiles(values, n=CLASSES, method="inclusive"), distinct[-1]})
    groups = [[value for value in distinct if low < value <= high] for low, high in pairwise([-math.inf, *cuts])]
    return Classes(tuple((group[0], group[-1]) for group in groups if group))


@dataclass(frozen=True)
class Shading:
    """How a map shows one value per territory: the class and the words of each shape, the legend, a sentence."""

    kinds: tuple[str, ...]
    texts: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    said: str


def shade(canvas: Canvas, values: Mapping[str, float], unit: str | None, title: str) -> Shading:
    """Classes of the values of a canvas; what has none is hatched."""
    known = {shape.code: values[shape.code] for shape in canvas.shapes if shape.code in values}
    classes = classes_of(list(known.values()))
    legend = [(f"c{i}", text) for i, text in classes.legend(unit)]
    said = f"{title} : {plural(len(known), 'territoire renseigné', 'territoires renseignés')}"
    if unknown := len(canvas.shapes) - len(known):
        legend.append((NONE, UNKNOWN))
        said += f", {plural(unknown, 'sans valeur', 'sans valeur')} (hachures)"
    codes = [shape.code for shape in canvas.shapes]
    return Shading(
        kinds=tuple(f"c{classes.of(known[code])}" if code in known else NONE for code in codes),
        texts=tuple(quantity(known[code], unit) if code in known else UNKNOWN for code in codes),
        legend=tuple(legend),
        said=f"{said}.",
    )


def choropleth(canvas: Canvas, shading: Shading, link: str, borders: Canvas | None = None) -> Markup:
    """A map of one value per territory; ``link`` is the address of a territory's page, with ``{}`` for its code.

    A mouse reaches the pages through a script; the table beside the map has the same links for everyone.
    """
    shapes = zip(canvas.shapes, shading.kinds, shading.texts, strict=True)
    areas = [
        AREA.format(kind=kind, page=link.format(shape.code), name=shape.name, outline=shape.outline, text=text)
        for shape, kind, text in shapes
    ]
    return MAP.format(
        width=WIDTH,
        height=canvas.height,
        said=shading.said,
        areas=Markup("").join(areas),
        borders=_outlines(borders, "border") if borders else "",
        legend=Markup("").join(KEY.format(kind=kind, text=text) for kind, text in shading.legend),
    )


def locator(ground: Canvas, own: Canvas, name: str) -> Markup:
    """A small map of where a territory lies."""
    return LOCATOR.format(
        width=WIDTH,
        height=ground.height,
        said=f"Situation : {name}",
        areas=_outlines(ground, "ground") + _outlines(own, "mine"),
    )


def _outlines(canvas: Canvas, kind: str) -> Markup:
    return Markup("").join(OUTLINE.format(kind=kind, outline=shape.outline) for shape in canvas.shapes)
