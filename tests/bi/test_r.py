"""The R page, run by Rscript on the GeoPackage of the demo: each answer is as in the published file."""

from __future__ import annotations

import csv
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from leviers.bi.geopackage import write_geopackage
from leviers.warehouse.project import REPOSITORY
from tests.conftest import FinishedRun

pytestmark = [pytest.mark.bi, pytest.mark.xdist_group("demo")]
PAGE = (REPOSITORY / "docs" / "r.md").read_text(encoding="utf-8")
NEXT = "2099-12-01T08:00:00.000Z"
SET_UP, *BLOCKS = re.findall(r"```r\n(.*?)```", PAGE, re.S)
# The same answers from the published file, asked for otherwise.
EXPECTED = (
    """
    select c.code_territoire, c.territoire, c.annee, c.valeur_comparee
    from (
        select o.code_territoire, o.territoire, o.annee, o.valeur / p.population_recente * 1e6 as valeur_comparee
        from vues.fait_observation as o, vues.dim_territoire as p
        where o.territoire_id = p.territoire_id and p.departement = 'Hérault' and p.niveau = 'epci'
            and o.indicateur_id = 'capacity_solar'
        qualify row_number() over (partition by o.territoire_id order by o.annee desc) = 1
    ) as c
    order by c.valeur_comparee desc limit 3
    """,
    """
    select code_territoire, lecture from vues.fait_lecture
    where niveau = 'departement' and levier_id = 'agri_bio_hve' order by all
    """,
    """
    select -regr_slope(valeur, annee) from vues.fait_observation
    where indicateur_id = 'enaf_consumption' and territoire = 'Hérault' and confiance in ('bonne', 'à nuancer')
    """,
    """
    select annee, valeur, unite from
    vues.valeur_du_groupe('kerbside_residual_waste_per_head', ['departement:09', 'departement:31'])
    """,
)


@pytest.fixture(scope="module")
def answered(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the answer of each block, written by R; another edition comes once the first one is open."""
    rscript = shutil.which("Rscript")
    assert rscript, "there is no Rscript on the PATH: apt install r-base-core r-cran-rsqlite r-cran-sf"
    folder = tmp_path_factory.mktemp("r")
    write_geopackage(demo.home.published, folder / "leviers.gpkg")
    kept = (
        f'{block}\nwrite.csv(reponse, "{number}.csv", row.names = FALSE)'
        for number, block in enumerate(BLOCKS, start=1)
    )
    shutil.copy(folder / "leviers.gpkg", folder / "next.gpkg")
    with closing(sqlite3.connect(folder / "next.gpkg")) as following, following:
        following.execute("update fait_publication set publie_le = ?", [NEXT])
        following.execute("delete from fait_observation")
    swap = 'stopifnot(file.rename("next.gpkg", fichier))'
    (folder / "page.R").write_text("\n".join((SET_UP, swap, *kept)), encoding="utf-8")
    done = subprocess.run([rscript, "page.R"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("number", range(1, len(EXPECTED) + 1))
def test_r_answers_as_the_published_file(demo: FinishedRun, answered: Path, number: int) -> None:
    expected = demo.home.query(EXPECTED[number - 1])
    assert expected
    with (answered / f"{number}.csv").open(encoding="utf-8", newline="") as file:
        rows = [list(row.values()) for row in csv.DictReader(file)]
    [(edition,)] = demo.home.query("select max(publie_le) from vues.fait_publication")
    assert {row[-1] for row in rows} == {
        NEXT if "st_read" in BLOCKS[number - 1] else f"{edition:%Y-%m-%dT%H:%M:%S.000Z}"
    }
    assert [tuple(map(comparable, row[:-1])) for row in rows] == [tuple(map(comparable, row)) for row in expected]


def comparable(value: Any) -> Any:
    """A number as one, whatever wrote it; a text that looks like one and leads with a zero is a code."""
    text = str(value)
    is_number = re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?(e-?\d+)?", text)
    return pytest.approx(float(text), rel=1e-9) if is_number else text


def test_r_draws_a_map(answered: Path) -> None:
    assert (answered / "r-carte.png").stat().st_size > 10_000
