"""The published file in other tools: QGIS and R by a GeoPackage, Apache Superset by a bundle."""
