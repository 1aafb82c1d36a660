"""The notebook of the docs, its cells run in their order, in an environment with polars, ibis and geopandas."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leviers.bi.geopackage import write_geopackage
from leviers.warehouse.home import SLIM
from leviers.warehouse.project import REPOSITORY
from tests.conftest import FinishedRun

pytestmark = [pytest.mark.bi, pytest.mark.xdist_group("demo")]
NOTEBOOK = REPOSITORY / "docs" / "analyse.ipynb"
PYTHON = Path(sys.prefix) / "analyst" / "bin" / "python"
TOLD = """
import json
told = {name: [list(map(str, row)) for row in table.itertuples(index=False)] for name, table in reponses.items()}
print(json.dumps(told))
"""
# Another edition comes once the first cell has opened the file, another GeoPackage at the first read of its own.
SWAP = """
os.replace("next", "published")
import geopandas
def read_file(cartes, read=geopandas.read_file, **named):
    table = read(cartes, **named)
    if Path("next.gpkg").exists():
        os.replace("next.gpkg", cartes)
    return table
geopandas.read_file = read_file
"""
# The same answers from the published file, asked for otherwise.
EXPECTED = {
    "lectures": """
        select base_libelle, lecture_libelle, count(*) from vues.fait_lecture
        where niveau = 'region' group by 1, 2 order by 1, 2
    """,
    "solaire": """
        select o.code_territoire, o.territoire,
            1e6 * max_by(o.valeur, o.annee) / any_value(t.population_recente) as watts
        from vues.fait_observation as o inner join vues.dim_territoire as t using (territoire_id)
        where o.indicateur_id = 'capacity_solar' and o.niveau = 'departement'
        group by all order by watts desc limit 3
    """,
    "demande": """
        select code_territoire, cast(sum(demande_ktco2e) as double) from vues.fait_demande
        where niveau = 'departement' group by all order by all
    """,
    "groupe": """
        select haut.annee, i.facteur_ratio * sum(haut.valeur) / sum(bas.valeur), i.unite,
            'rapport de deux sommes', count(*), 2
        from vues.dim_indicateur as i
        inner join vues.fait_observation as haut on haut.indicateur_id = i.numerateur_id
        inner join vues.fait_observation as bas
            on bas.indicateur_id = i.denominateur_id
            and bas.territoire_id = haut.territoire_id and bas.annee = haut.annee
        where i.indicateur_id = 'kerbside_residual_waste_per_head'
            and haut.territoire in ('Ariège', 'Haute-Garonne') and haut.niveau = 'departement'
        group by haut.annee, i.facteur_ratio, i.unite order by haut.annee
    """,
    "voisines": """
        select code_voisin, voisin from vues.pont_territoire_voisin
        where lien = 'limitrophe' and code_territoire = '200066355' order by all
    """,
}


@pytest.fixture(scope="module")
def answers(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    folder = tmp_path_factory.mktemp("notebook")
    write_geopackage(demo.home.published, folder / "leviers.gpkg")
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    first, *others = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    code = "\n".join((first, SWAP, *others, TOLD))
    (folder / "published").symlink_to(demo.home.published.parent.resolve())
    _write_next(folder)
    environment = os.environ | {"LEVIERS_HOME": str(folder), "LEVIERS_GPKG": str(folder / "leviers.gpkg")}
    done = subprocess.run(
        [PYTHON, "-c", code], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    printed: dict[str, list[list[str]]] = json.loads(done.stdout)
    return printed


def _write_next(folder: Path) -> None:
    """An edition of another date, whose views have no rows, beside the one that is read; its GeoPackage too."""
    (folder / "second" / "parquet").mkdir(parents=True)
    with duckdb.connect(str(folder / "second" / "leviers.duckdb")) as connection:
        connection.execute(f"attach '{folder / 'published' / SLIM}' as published (read_only)")
        connection.execute("create schema vues")
        connection.execute("create table vues.fait_publication as select timestamp '2099-12-01' as publie_le")
        for name in ("fait_demande", "fait_observation", "dim_territoire"):
            connection.execute(f"create table vues.{name} as from published.vues.{name} limit 0")
            connection.execute(f"copy vues.{name} to '{folder}/second/parquet/{name}.parquet'")
    (folder / "next").symlink_to("second")
    shutil.copy(folder / "leviers.gpkg", folder / "next.gpkg")
    with closing(sqlite3.connect(folder / "next.gpkg")) as following, following:
        following.execute("update fait_publication set publie_le = '2099-12-01T08:00:00.000Z'")


@pytest.mark.parametrize("name", EXPECTED)
def test_the_notebook_answers_as_the_published_file(
    demo: FinishedRun, answers: dict[str, list[list[str]]], name: str
) -> None:
    [(edition,)] = demo.home.query("select max(publie_le) from vues.fait_publication")
    assert {row[-1][:19].replace("T", " ") for row in answers[name]} == {str(edition)}
    assert [list(map(comparable, row[:-1])) for row in answers[name]] == [
        list(map(comparable, map(str, row))) for row in demo.home.query(EXPECTED[name])
    ]


def comparable(text: str) -> Any:
    """A number with a fraction as one: others are whole, or codes."""
    try:
        return pytest.approx(float(text), rel=1e-9) if "." in text else text
    except ValueError:
        return text
