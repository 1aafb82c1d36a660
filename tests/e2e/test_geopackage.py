"""The GeoPackage holds what the views hold, its geometries are valid, and its project has each lever that is judged."""

from __future__ import annotations

import shutil
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
import shapely

from leviers.bi.geopackage import BOX, STAR_SQL, write_geopackage
from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("demo")
FEATURES = "select table_name from gpkg_contents where data_type = 'features' order by table_name"


@pytest.fixture(scope="module")
def written(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gis") / "leviers.gpkg"
    write_geopackage(demo.home.published, path)
    return path


@pytest.fixture
def package(written: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{written}?mode=ro", uri=True)) as connection:
        yield connection


def test_a_geopackage_has_the_rows_of_the_star_and_names_its_edition(
    demo: FinishedRun, package: sqlite3.Connection
) -> None:
    tables = [name for name, _ in demo.home.query(STAR_SQL)]
    counts = {name: demo.home.query(f"select count(*) from vues.{name}") for name in tables}
    assert len(counts) > 30
    assert {name: package.execute(f"select count(*) from {name}").fetchall() for name in tables} == counts
    [(edition,)] = demo.home.query("select max(publie_le) from vues.fait_publication")
    dated = package.execute("select distinct last_change from gpkg_contents where identifier <> 'layer_styles'")
    assert dated.fetchall() == [(f"{edition:%Y-%m-%dT%H:%M:%S.000Z}",)]
    sums = "select niveau, count(valeur), sum(valeur) from fait_observation group by niveau order by niveau"
    rows = demo.home.query(sums.replace("fait_", "vues.fait_"))
    assert [row[:2] for row in package.execute(sums)] == [row[:2] for row in rows]
    assert [row[2] for row in package.execute(sums)] == pytest.approx([row[2] for row in rows], rel=1e-9)


def test_every_geometry_is_valid_and_each_contour_is_there(demo: FinishedRun, package: sqlite3.Connection) -> None:
    assert package.execute("pragma application_id").fetchone() == (int.from_bytes(b"GPKG", "big"),)
    contours = demo.home.query("select niveau, count(*) from vues.dim_contour group by niveau order by niveau")
    levels = [level for level, _ in contours]
    assert [name for (name,) in package.execute(FEATURES)] == sorted(
        f"{kind}_{level}" for kind in ("territoire", "lecture") for level in levels
    )
    for level, count in contours:
        blobs = [blob for (blob,) in package.execute(f"select geom from territoire_{level}")]
        shapes = shapely.from_wkb([blob[BOX.size :] for blob in blobs])
        assert len(shapes) == count
        assert all(shapely.is_valid(shapes))
        assert {shape.geom_type for shape in shapes} == {"MultiPolygon"}
        west, east, south, north = BOX.unpack(blobs[0][: BOX.size])[4:]
        assert shapes[0].bounds == (west, south, east, north)


def test_a_commune_with_a_contour_is_a_layer_of_valid_shapes(demo: FinishedRun, written: Path, tmp_path: Path) -> None:
    shutil.copyfile(demo.home.published, tmp_path / demo.home.published.name)
    crossed = '{"type":"Polygon","coordinates":[[[3,43],[4,44],[4,43],[3,44],[3,43]]]}'
    with duckdb.connect(str(tmp_path / demo.home.published.name)) as connection:
        connection.execute(
            "insert into vues.dim_contour by name select * replace ('commune' as niveau, '34301' as code_territoire, "
            "'commune:34301' as territoire_id, ? as geometrie) from vues.dim_contour limit 1",
            [crossed],
        )
    shutil.copyfile(written, tmp_path / "more.gpkg")
    with closing(sqlite3.connect(tmp_path / "more.gpkg")) as before:
        layers = before.execute(FEATURES).fetchall()
        write_geopackage(tmp_path / demo.home.published.name, tmp_path / "more.gpkg")
        assert before.execute(FEATURES).fetchall() == layers, "who has it open keeps what was there"
    with closing(sqlite3.connect(tmp_path / "more.gpkg")) as package:
        [(code, epci, blob)] = package.execute("select code_territoire, epci_id, geom from territoire_commune")
    assert (code, epci) == ("34301", "epci:200066355")
    assert shapely.is_valid(shapely.from_wkb(blob[BOX.size :]))


def test_the_project_has_a_layer_per_lever_that_is_judged(demo: FinishedRun, written: Path) -> None:
    judged = demo.home.query(
        "select distinct niveau, levier_id from vues.fait_lecture where lecture <> 'not_judged' "
        "and niveau in (select niveau from vues.dim_contour)"
    )
    project = ET.parse(written.with_suffix(".qgs"))  # noqa: S314  written here
    layers = {layer.findtext("id") for layer in project.iter("maplayer")}
    assert layers == {f"lecture_{level}_{lever}" for level, lever in judged}
    readings = demo.home.query("select libelle from vues.dim_libelle where domaine = 'reading'")
    first = next(project.iter("renderer-v2"))
    labels = [str(entry.get("label")).partition(",")[0] for entry in first.iter("category")]
    assert {(label,) for label in labels} == set(readings)
