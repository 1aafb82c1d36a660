"""``leviers try``: who adds a dataset sees its rows in a published file, without the files of anybody else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from leviers.site.content import read_content
from leviers.site.questions import deposited
from tests.conftest import Home, Ran
from tests.fixtures.build import FIXTURES

pytestmark = pytest.mark.xdist_group("demo")
DATASET = "ore_electricity_departement"
FILE = FIXTURES / DATASET / "6l33py6xpnaolvzkckzkhcic.ndjson"  # of past years: the gate wants no value of the future


def test_a_dataset_is_tried_in_the_place_of_its_bundled_figures(demo: Ran, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    built = demo.home.copy_to(home.path / "try")
    shipped = "select dataset_id from marts.fct_indicator_value where dataset_id like ? group by all order by all"
    assert built.query(shipped, f"%{DATASET}") == [(f"bundled_{DATASET}",)]

    mirror = tmp_path / "mirror"
    (mirror / DATASET).mkdir(parents=True)
    shutil.copy(FILE, mirror / DATASET)
    done = home.run("try", DATASET, "--mirror", str(mirror))

    assert done.returncode == 0, done.stdout + done.stderr
    assert built.query(shipped, f"%{DATASET}") == [(DATASET,)]
    residential = """
        select value, unit, value_status from marts.fct_indicator_value
        where indicator_id = 'residential_electricity_consumption' and territory_code = '09' and year = 2022
    """
    assert built.query(residential) == [(1581000, "MWh", "observed")]
    shown = done.stdout.partition(" rows in marts.fct_indicator_value\n")[2]
    assert "residential_electricity_consumption" in shown
    assert "name " in shown.partition(" rows:\n")[2]
    assert f"warning: {DATASET}: rows values must be" in shown
    assert str(built.published) in done.stdout
    assert not (home.path / "published").exists()


def test_climate_plans_reach_the_page_of_the_epci_that_carries_them(demo: Ran, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    built = demo.home.copy_to(home.path / "try")
    mirror = tmp_path / "mirror"
    (mirror / "ademe_pcaet").mkdir(parents=True)
    for file in (FIXTURES / "ademe_pcaet").iterdir():
        readable = file.read_bytes().replace(b"hier", b"05/01/2098").replace(b"beaucoup", b"12000")
        (mirror / "ademe_pcaet" / file.name).write_bytes(readable.replace(b"999000001", b"243200409"))
    done = home.run_here("try", "ademe_pcaet", "--mirror", str(mirror))

    assert done.exit_code == 0, done.output
    plans = "select plan_id, epci_code, progress_label_fr from marts.fct_climate_plan order by plan_id"
    assert built.query(plans) == [("90001", "243200409", "en œuvre"), ("90002", "243200409", "définitif")]
    refused = """
        select value_label_fr, row_count from quality.fct_quarantined_row
        where dataset_id = 'ademe_pcaet' order by value
    """
    assert built.query(refused) == [
        ("CC Test 2 (999000002)", 1), ("CC Test 3 (999000003)", 1), ("CU Test 4 (999000004)", 1),
        ("CC Test 6 (999000006)", 1),
    ]  # fmt: skip
    content = read_content(built.published)
    told = deposited(content, content.by_slug["epci", "243200409"])
    assert told.startswith("Un PCAET, « Plan Test 1 », lancé le")
    assert told.endswith("Lecture non vérifiée sur un fichier du producteur.")
    assert deposited(content, content.by_slug["epci", "200066355"]).startswith("Aucun PCAET ne figure")


@pytest.mark.parametrize(
    ("dataset_id", "why"),
    [
        ("no_such_thing", "no such dataset"),
        ("rpls_commune", "it has no folder rpls_commune/"),
        ("bnlc", "bnlc has no file of a name that the record reads: bnlc*.csv"),
    ],
)
def test_what_cannot_be_tried_is_refused(dataset_id: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "bnlc").mkdir()
    (tmp_path / "bnlc" / "lieux.csv").write_text("a;b")
    done = Home(tmp_path / "home").run("try", dataset_id, "--mirror", str(tmp_path))
    assert done.returncode == 2
    assert why in done.stderr
