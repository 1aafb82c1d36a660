"""QGIS and LibreOffice open the files to take away."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from leviers.bi.geopackage import write_geopackage
from leviers.site.export import export_territory
from tests.conftest import FinishedRun

pytestmark = [pytest.mark.bi, pytest.mark.xdist_group("demo")]
PYTHON = "/usr/bin/python3"  # Debian's, since its QGIS is made for it
OPEN = """
import json, sys
sys.path.insert(0, "/usr/share/qgis/python")
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()
assert project.read("leviers.qgs"), project.error()
assert project.crs().authid() == "EPSG:3857"
layers = {name: layer for name, layer in project.mapLayers().items() if layer.isValid()}
assert len(layers) == len(project.mapLayers())
counts = {}
for name, layer in layers.items():
    shown = {category.value() for category in layer.renderer().categories()}
    for feature in layer.getFeatures():
        key = " ".join(filter(None, (feature["lecture"], feature["tendance"] or None)))
        assert key in shown and feature.geometry().isGeosValid(), (name, key)
        counts[name, key] = counts.get((name, key), 0) + 1
alone = QgsVectorLayer("leviers.gpkg|layername=lecture_epci", "alone", "ogr")
alone.loadDefaultStyle()
assert alone.renderer().type() == "categorizedSymbol"
colours = {
    category.value(): [part.color().name() for part in category.symbol().symbolLayers()]
    for category in alone.renderer().categories()
}
print(json.dumps([[[*key, count] for key, count in sorted(counts.items())], colours]))
"""
# All sheets, each in a file of its own; see "CSV filter parameters" in the help of LibreOffice.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


def test_qgis_opens_the_project_and_shows_each_reading(demo: FinishedRun, tmp_path: Path) -> None:
    write_geopackage(demo.home.published, tmp_path / "leviers.gpkg")
    done = subprocess.run(
        [PYTHON, "-c", OPEN],
        cwd=tmp_path, env={"QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"apt install python3-qgis\n{done.stderr}"
    expected = demo.home.query(
        """
        select 'lecture_' || niveau || '_' || levier_id as name, concat_ws(' ', lecture, tendance) as reading, count(*)
        from vues.fait_lecture
        where (niveau, levier_id) in (select (niveau, levier_id) from vues.fait_lecture where confiance is not null)
        group by all order by all
        """
    )
    counts, colours = json.loads(done.stdout)
    assert [tuple(row) for row in counts] == expected
    assert colours["behind"] == ["#a8470f", "#ffffff"]
    assert colours["unsure bad"] == ["#d5dada", "#a8470f"]
    assert colours["not_judged"] == ["#ffffff", "#56656b"]
    assert len(colours) > 5


def test_libreoffice_reads_the_workbook(demo: FinishedRun, tmp_path: Path) -> None:
    """LibreOffice reads all sheets of one edition, though another workbook takes its place midway."""
    soffice = shutil.which("soffice")
    assert soffice, "there is no soffice on the PATH: apt install libreoffice-calc-nogui"
    for code, name in (("09", "ariege"), ("34", "next")):
        export_territory(demo.home.published, "departement", code, "xlsx", tmp_path / f"{name}.xlsx")
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, home, "--headless", "--convert-to", AS_CSV, "ariege.xlsx"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while running.poll() is None and not any(tmp_path.glob("*.csv")):
            time.sleep(0.01)
        (tmp_path / "next.xlsx").replace(tmp_path / "ariege.xlsx")
    assert running.returncode == 0
    readings, series, targets, (*files, reuse) = (
        list(csv.DictReader((tmp_path / f"ariege-{name}.csv").open(encoding="utf-8", newline="")))
        for name in ("synthèse", "séries", "cibles", "sources")
    )
    assert {row["code"] for row in readings} == {"09"}
    assert all(len(row["SHA-256"]) == 64 for row in files)
    [(edition,)] = demo.home.query("select strftime(max(publie_le), '%Y-%m-%dT%H:%M:%SZ') from vues.fait_publication")
    assert {row["édition"] for row in (*readings, *series, *targets, *files)} == {edition}
    assert "licences" in next(iter(reuse.values()))
