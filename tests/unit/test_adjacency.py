"""Neighbours: territories that share a border, found in the contours."""

from __future__ import annotations

import importlib.util

import pytest
import shapely

from leviers.warehouse.project import DBT_DIR

MODEL = DBT_DIR / "models" / "intermediate" / "territories" / "int_contours_simplified.py"
SQUARES = {"a": (0, 0), "b": (1, 0), "c": (2, 1), "d": (0, 1), "island": (5, 5)}  # their lower left corners


@pytest.fixture(scope="module")
def neighbours() -> dict[str, str]:
    """The neighbours of each square with a side of 1."""
    spec = importlib.util.spec_from_file_location(MODEL.stem, MODEL)
    assert spec
    assert spec.loader
    model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(model)
    shapes = shapely.box(*zip(*((x, y, x + 1, y + 1) for x, y in SQUARES.values()), strict=True))
    return dict(zip(SQUARES, model._adjacent(list(SQUARES), shapes), strict=True))


@pytest.mark.parametrize(
    ("code", "adjacent"),
    [
        pytest.param("a", "b d", id="two borders"),
        pytest.param("b", "a", id="a border, and corners with c and d"),
        pytest.param("c", "", id="a corner alone"),
        pytest.param("island", "", id="nothing"),
    ],
)
def test_a_territory_has_those_with_a_common_border_as_neighbours(
    neighbours: dict[str, str], code: str, adjacent: str
) -> None:
    assert neighbours[code] == adjacent
