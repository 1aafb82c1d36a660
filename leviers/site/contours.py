"""Contours of territories as outlines of a drawing: one projection, simplified so that neighbours still touch."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import shapely

WIDTH = 840  # units of the drawing, in which outlines are whole numbers
COARSENESS = 2.0  # the most that simplification may move, in these units
MARGIN = 2
FAR = 4  # degrees: land farther away from the largest land is drawn below it, at its own scale
ASIDE = 140  # side of the square for such land


@dataclass(frozen=True)
class Shape:
    """A territory on a map: its outline in the units of the drawing, and a point well inside it."""

    code: str
    name: str
    outline: str
    inside: tuple[float, float]


@dataclass(frozen=True)
class Canvas:
    """Shapes that were projected together, and the height of their drawing."""

    shapes: tuple[Shape, ...]
    height: float


def project(geometries: Mapping[str, tuple[str, str]]) -> Canvas:
    """Draws GeoJSON geometries in WGS84 (``code: (name, geometry)``) side by side.

    Longitudes are shortened by the cosine of the middle latitude, which is true enough at the size of a region. A
    border of two territories is simplified once, for both. Lands an ocean apart stand in a row below the largest one.
    """
    codes = sorted(geometries)
    if not codes:
        return Canvas((), 0)
    read = shapely.from_geojson([geometries[code][1] for code in codes])
    reach = shapely.buffer(shapely.box(*shapely.bounds(read).T), FAR / 2)
    placed, bottom = read.copy(), 0.0
    for i, land in enumerate(sorted(shapely.get_parts(shapely.union_all(reach)), key=shapely.area, reverse=True)):
        here = shapely.intersects(reach, land)
        left, width, height = (MARGIN + ASIDE * (i - 1), ASIDE, ASIDE) if i else (MARGIN, WIDTH, math.inf)
        placed[here], size = _drawn(read[here], left, bottom + MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
        if i == 0:
            bottom = 2 * MARGIN + size
    simplified = shapely.coverage_simplify(placed, COARSENESS)
    shapes = []
    for code, shape in zip(codes, simplified, strict=True):
        [inside] = shapely.point_on_surface(max(shapely.get_parts(shape), key=shapely.area)).coords
        shapes.append(Shape(code, geometries[code][0], _outline(shape), inside))
    return Canvas(tuple(shapes), bottom + ASIDE * (i > 0))


def _drawn(read: Any, left: float, top: float, width: float, height: float) -> tuple[Any, float]:
    """Scales geometries to fit a frame, places them in its corner, and returns them with their height."""
    west, south, east, north = map(float, shapely.total_bounds(read))
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = min(width / ((east - west) * squeeze), height / (north - south))
    placed = shapely.transform(read, lambda points: (points - (west, north)) * (squeeze * scale, -scale) + (left, top))
    return placed, (north - south) * scale


def _outline(shape: shapely.Geometry) -> str:
    rings = (ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors))
    return "".join(_ring(ring.coords) for ring in rings)


def _ring(coordinates: Iterable[tuple[float, float]]) -> str:
    points = [(round(x), round(y)) for x, y in list(coordinates)[:-1]]
    points = [point for before, point in zip([None, *points], points, strict=False) if point != before]
    steps = "".join(f"l{x - x0} {y - y0}" for (x0, y0), (x, y) in pairwise(points))
    return f"M{points[0][0]} {points[0][1]}{steps}z"
