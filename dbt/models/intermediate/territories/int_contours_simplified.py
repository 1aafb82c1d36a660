"""Contours of the territories of a level, simplified together, so that neighbours keep one border."""

import json

import pandas as pd
import topojson

# Degrees: some 400 m, less than a stroke on a map of a region.
TOLERANCE = 0.004


def model(dbt, session):
    """One row per level and territory: the contours that are loaded, or those that ship with the project."""
    loaded = dbt.ref("stg_ign__contours").df()
    shipped = dbt.ref("stg_leviers__bundled_contours").df()
    contours = pd.concat([loaded, shipped])[["territory_level", "territory_code", "geometry", "snapshot_id"]]
    return pd.concat([contours.head(0), *(_simplified(group) for _, group in contours.groupby("territory_level"))])


def _simplified(contours):
    features = [
        {"type": "Feature", "properties": {}, "id": code, "geometry": json.loads(geometry)}
        for code, geometry in zip(contours["territory_code"], contours["geometry"], strict=True)
    ]
    topology = topojson.Topology(
        {"type": "FeatureCollection", "features": features}, prequantize=False, toposimplify=TOLERANCE
    )
    outlines = {feature["id"]: feature["geometry"] for feature in json.loads(topology.to_geojson())["features"]}
    return contours.assign(
        geometry=[json.dumps(outlines[code], separators=(",", ":")) for code in contours["territory_code"]]
    )
