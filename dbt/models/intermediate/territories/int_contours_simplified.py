"""Contours of a level, simplified together, so that neighbours keep one border, with areas and neighbours."""

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

# Degrees: the triangles that go have less than the area of a square of some 600 m, a stroke on a map of a region.
TOLERANCE = 0.006
# The ellipsoid of WGS84: half the great axis, in km, and the eccentricity.
AXIS_KM = 6378.137
ECCENTRICITY = 0.0818191908426
# pandas does not know the types of a table without rows.
COLUMNS = pa.schema(
    [
        ("territory_level", pa.string()),
        ("territory_code", pa.string()),
        ("geometry", pa.string()),
        ("snapshot_id", pa.string()),
        ("area_km2", pa.float64()),
        ("adjacent_codes", pa.string()),
    ]
)


def model(dbt, session):
    """One row per level and territory: the contours that are loaded, or those that ship with the project."""
    loaded = dbt.ref("stg_ign__contours").df()
    shipped = dbt.ref("stg_leviers__bundled_contours").df()
    contours = pd.concat([loaded, shipped])[["territory_level", "territory_code", "geometry", "snapshot_id"]]
    contours = contours.sort_values(["territory_level", "territory_code"])  # in another order, lines are cut elsewhere
    contours["area_km2"] = shapely.area(shapely.transform(shapely.from_geojson(contours["geometry"]), _equal_area))
    contours["adjacent_codes"] = ""  # a column also where no contour is loaded
    simplified = [_simplified(group) for _, group in contours.groupby("territory_level")]
    return pa.Table.from_pandas(pd.concat([contours.head(0), *simplified]), COLUMNS, preserve_index=False)


def _equal_area(coordinates):
    """Longitudes and latitudes in the cylindrical equal-area projection of the ellipsoid, in km."""
    sine = np.sin(np.radians(coordinates[:, 1]))
    part = ECCENTRICITY * sine
    authalic = (1 - ECCENTRICITY**2) * (sine / (1 - part**2) + np.arctanh(part) / ECCENTRICITY)
    return AXIS_KM * np.column_stack([np.radians(coordinates[:, 0]), authalic / 2])


def _simplified(contours):
    shapes = shapely.coverage_simplify(shapely.from_geojson(contours["geometry"]), TOLERANCE)
    adjacent_codes = _adjacent(contours["territory_code"], shapes)
    return contours.assign(geometry=shapely.to_geojson(shapes), adjacent_codes=adjacent_codes)


def _adjacent(codes, shapes):
    """Returns the codes of the territories with which each one shares a border, in a row; a corner is no border."""
    codes = np.array(codes)
    first, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    borders = shapely.length(shapely.intersection(shapely.boundary(shapes[first]), shapely.boundary(shapes[other])))
    shared = (first != other) & (borders > 0)
    return [" ".join(sorted(codes[other[shared & (first == i)]])) for i in range(len(codes))]
