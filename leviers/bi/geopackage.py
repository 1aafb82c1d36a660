"""The star as one GeoPackage, for R and GIS: a table per view, and by level the contours and a map of the readings.

Names are as in ``vues``, all ASCII; codes are text. The QGIS project beside it shows a layer per lever.
"""

from __future__ import annotations

import json
import math
import sqlite3
import struct
from collections.abc import Iterable
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import shapely
from jinja2 import Environment, PackageLoader, StrictUndefined

from leviers.common.places import swapped_in
from leviers.common.quoting import literal
from leviers.site.published import QUERIES, PublishedFile
from leviers.site.readings import COLOURS, LOOKS
from leviers.warehouse.publication.relations import LICENCE_NOTICE

EMPTY_SQL = Path(__file__).with_suffix(".sql")
WGS84 = 4326
ROWS_AT_ONCE = 100_000  # rows that are held in memory
EARTH = 6378137  # metres, its radius on web maps
TYPES = {
    "VARCHAR": ("TEXT", "{}"), "BOOLEAN": ("BOOLEAN", "{}"), "INTEGER": ("INTEGER", "{}"), "BIGINT": ("INTEGER", "{}"),
    "DATE": ("DATE", "cast({} as varchar)"),
    "TIMESTAMP": ("DATETIME", "strftime({}, '%Y-%m-%dT%H:%M:%S.000Z')"),
}  # fmt: skip
NUMBER = ("DOUBLE", "cast({} as double)")  # all other types
STAR_SQL = """
select table_name, table_comment from information_schema.tables
where table_schema = 'vues' and regexp_matches(table_name, '^(dim|fait|pont)_')
    and table_name not in ('dim_contour', 'fait_derniere_valeur')  -- contours are layers; the latest are marked rows
order by table_name
"""
LEVELS_SQL = "select distinct niveau from vues.dim_contour order by niveau"
BOX = struct.Struct("<2sBBi4d")  # head of a geometry: magic, version, flags (little-endian, with a box), reference, box


def write_geopackage(published: Path, out: Path) -> None:
    """Writes the GeoPackage of the views of ``published``, and a QGIS project of its name.

    A reader that has the last one open keeps reading it.

    Raises:
        OSError: the file cannot be written, or is a device or a pipe, which is not replaced.
    """
    with (
        swapped_in(out) as building,
        swapped_in(out.with_suffix(".qgs")) as project,
        duckdb.connect(str(published), read_only=True) as source,
        closing(PublishedFile(published)) as opened,
        closing(sqlite3.connect(building)) as target,
        target,
    ):
        target.executescript(EMPTY_SQL.read_text(encoding="utf-8"))
        contours = (QUERIES / "carte_contours.sql").read_text(encoding="utf-8")
        package = _Package(source, target)
        for name, description in source.execute(STAR_SQL).fetchall():
            package.add(name, description, f"from vues.{name}")
        package.tell_edition()
        levels = [level for (level,) in source.execute(LEVELS_SQL).fetchall()]
        for level in levels:
            query = f"from ({contours}) where niveau = {literal(level)} order by territoire_id"
            package.add(f"territoire_{level}", f"Contours, échelon {level}.", query)
            package.add_map(level)
        west, south, east, north = min(package.boxes.values(), key=lambda box: box[2] - box[0])
        content = {
            "file": out.name,
            "edition": package.published_at,
            "readings": opened.rows("carte_lectures"),
            "looks": LOOKS,
            "colours": COLOURS,
            "levers": opened.rows("carte_leviers"),
            "extent": [*_on_web_map(west, south), *_on_web_map(east, north)],
        }
        templates = Environment(
            loader=PackageLoader("leviers.bi"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        style = templates.get_template("lecture.qml.j2").render(content)
        target.executemany(
            "insert into layer_styles "
            "(f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, styleqml, useasdefault) "
            "values ('', '', ?, 'geom', 'lecture', ?, true)",
            [(f"lecture_{level}", style) for level in levels],
        )
        project.write_text(templates.get_template("projet.qgs.j2").render(content), encoding="utf-8")


class _Package:
    """A GeoPackage that is being written from a published file."""

    def __init__(self, source: duckdb.DuckDBPyConnection, target: sqlite3.Connection) -> None:
        self.source, self.target = source, target
        self.boxes: dict[str, tuple[float, ...]] = {}
        [(self.published_at,)] = source.execute(
            "select strftime(max(publie_le), '%Y-%m-%dT%H:%M:%S.000Z') from vues.fait_publication"
        ).fetchall()

    def add(self, name: str, description: str, query: str) -> None:
        """Adds the rows of a query as a table, and turns the GeoJSON of a column ``geom`` into a geometry."""
        columns = {column: kind for column, kind, *_ in self.source.execute(f"describe {query}").fetchall()}
        types = {column: TYPES.get(kind, NUMBER) for column, kind in columns.items()}
        declared = {column: "MULTIPOLYGON" if column == "geom" else kind for column, (kind, _) in types.items()}
        body = ", ".join(f"{column} {kind}" for column, kind in declared.items())
        self.target.execute(f"create table {name} (fid integer primary key, {body})")
        cells = ", ".join(cell.format(column) for column, (_, cell) in types.items())
        result = self.source.execute(f"select {cells} from ({query})")
        rows: Iterable[tuple[Any, ...]] = chain.from_iterable(iter(lambda: result.fetchmany(ROWS_AT_ONCE), []))
        if "geom" in columns:
            rows = list(rows)
            shapes = shapely.make_valid(shapely.from_geojson([row[-1] for row in rows]))
            self.boxes[name] = tuple(map(float, shapely.total_bounds(shapes)))
            rows = [(*row[:-1], _blob(shape)) for row, shape in zip(rows, shapes, strict=True)]
        marks = ", ".join("?" * len(columns))
        self.target.executemany(f"insert into {name} ({', '.join(columns)}) values ({marks})", rows)
        if "territoire_id" in columns:
            self.target.execute(f"create index {name}_territoire on {name} (territoire_id)")
        self._register(name, description, name)

    def tell_edition(self) -> None:
        """Notes the edition of the file, and the licence of its data."""
        told = {"edition": self.published_at, "licence": LICENCE_NOTICE, "source": "fait_source, dim_jeu"}
        text = json.dumps(told, ensure_ascii=False)
        self.target.execute(
            "insert into gpkg_metadata values (1, 'dataset', 'https://json-schema.org', 'application/json', ?)", [text]
        )
        self.target.execute(
            "insert into gpkg_metadata_reference (reference_scope, timestamp, md_file_id) values ('geopackage', ?, 1)",
            [self.published_at],
        )

    def add_map(self, level: str) -> None:
        """Adds the readings of a level on its contours, as a view."""
        place, name = f"territoire_{level}", f"lecture_{level}"
        _, *columns = (column for _, column, *_ in self.target.execute("pragma table_info(fait_lecture)"))
        column_list = ", ".join(f"readings.{column}" for column in columns)
        self.target.execute(f"""
            create view {name} as
            select readings.fid as OGC_FID, {column_list}, places.geom
            from fait_lecture as readings
            inner join {place} as places on readings.territoire_id = places.territoire_id
        """)
        self.boxes[name] = self.boxes[place]
        self._register(name, f"Lectures des leviers, échelon {level} : choisir un levier.", "fait_lecture")

    def _register(self, name: str, description: str, described: str) -> None:
        """Notes a table or view with its descriptions, taken from ``described`` in the published file."""
        box = self.boxes.get(name)
        kind, bounds, reference = ("features", box, WGS84) if box else ("attributes", (None,) * 4, None)
        noted = (name, kind, name, description, self.published_at, *bounds, reference)
        self.target.execute("insert into gpkg_contents values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", noted)
        if box:
            self.target.execute(
                "insert into gpkg_geometry_columns values (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)", (name, WGS84)
            )
        comments = self.source.execute(
            "select column_name, comment from duckdb_columns() where schema_name = 'vues' and table_name = ?",
            [described],
        ).fetchall()
        self.target.executemany(
            f"insert into gpkg_data_columns (table_name, column_name, description) values ({literal(name)}, ?, ?)",
            comments,
        )


def _on_web_map(longitude: float, latitude: float) -> tuple[float, float]:
    """Projects a point as web maps do (EPSG:3857), which suits every region."""
    return EARTH * math.radians(longitude), EARTH * math.asinh(math.tan(math.radians(latitude)))


def _blob(shape: shapely.Geometry) -> bytes:
    """Encodes a geometry for GeoPackage: its box, then well-known binary, always as a multipolygon."""
    west, south, east, north = shape.bounds
    parts = shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])
    binary: bytes = shapely.to_wkb(parts, byte_order=1)
    return BOX.pack(b"GP", 0, 0b11, WGS84, west, east, south, north) + binary
