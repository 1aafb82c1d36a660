"""``leviers try``: who adds a dataset sees its rows in a published file, without the files of anybody else."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from leviers.site.pages import Renderer, files_of
from leviers.site.published import PublishedFile
from tests.conftest import FinishedRun, Home, without_pages
from tests.fixtures.mirror import text_files

pytestmark = [pytest.mark.release, pytest.mark.xdist_group("demo")]
DATASET = "ore_electricity_departement"
FILE = "6l33py6xpnaolvzkckzkhcic.ndjson"  # a file of past years: the gate wants no value of the future


@dataclass(frozen=True)
class Trial:
    """A home, the published file of a trial in it, and the output of the command."""

    home: Home
    built: Home
    output: str


@pytest.fixture(scope="module")
def trial(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    folder = tmp_path_factory.mktemp("trial")
    home = Home(folder / "home")
    built = demo.home.copy_to(home.path / "try")
    (folder / "mirror" / DATASET).mkdir(parents=True)
    (folder / "mirror" / DATASET / FILE).write_bytes(text_files(DATASET)[FILE])
    with without_pages():
        done = home.run_here("try", DATASET, "--mirror", str(folder / "mirror"))
    assert done.exit_code == 0, done.output
    return Trial(home, built, done.stdout)


def test_a_dataset_is_tried_in_the_place_of_its_bundled_figures(demo: FinishedRun, trial: Trial) -> None:
    held = "select dataset_id from marts.fct_indicator_value where dataset_id like ? group by all order by all"
    assert demo.home.query(held, f"%{DATASET}") == [(f"bundled_{DATASET}",)]
    assert trial.built.query(held, f"%{DATASET}") == [(DATASET,)]


def test_a_tried_row_is_a_value_of_its_indicator(trial: Trial) -> None:
    residential = """
        select value, unit, value_status from marts.fct_indicator_value
        where indicator_id = 'residential_electricity_consumption' and territory_code = '09' and year = 2022
    """
    assert trial.built.query(residential) == [(1581000, "MWh", "observed")]


def test_a_trial_shows_its_values_and_what_its_checks_say(trial: Trial) -> None:
    shown = trial.output.partition(" rows in marts.fct_indicator_value\n")[2]
    assert "residential_electricity_consumption" in shown
    assert "name " in shown.partition(" rows:\n")[2]
    assert f"warning: {DATASET}: rows values must be" in shown


def test_a_trial_publishes_beside_the_home_alone(trial: Trial) -> None:
    assert str(trial.built.published) in trial.output
    assert not (trial.home.path / "published").exists()


def test_climate_plans_reach_the_page_of_the_epci_that_carries_them(demo: FinishedRun, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    built = demo.home.copy_to(home.path / "try")
    mirror = tmp_path / "mirror"
    (mirror / "ademe_pcaet").mkdir(parents=True)
    for name, body in text_files("ademe_pcaet").items():
        readable = body.replace(b"hier", b"05/01/2098").replace(b"beaucoup", b"12000")
        (mirror / "ademe_pcaet" / name).write_bytes(readable.replace(b"999000001", b"243200409"))
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
    pages = dict(files_of(Renderer(PublishedFile(built.published))))
    assert "Plan Test 1" in pages["dossiers/epci-243200409.html"]()
    assert "Plan Test 1" not in pages["dossiers/epci-200066355.html"]()


SAMPLES = os.environ.get("LEVIERS_TEST_SAMPLES")


def grouping(siren: str, kind: str, holds_scot: bool, *members: str) -> dict[str, Any]:
    return {
        "departementId": "31", "id": siren, "membersId": list(members), "name": f"{kind} Test {siren[-1]}",
        "siren": siren, "skillPLU": False, "skillSCoT": holds_scot, "type": kind, "intercommunaliteId": None,
    }  # fmt: skip


def tried(demo: FinishedRun, folder: Path, given: list[dict[str, Any]]) -> Home:
    home = Home(folder / "home")
    built = demo.home.copy_to(home.path / "try")
    (folder / "mirror" / "banatic_groupings").mkdir(parents=True)
    (folder / "mirror" / "banatic_groupings" / "groupements.json").write_text(json.dumps(given), encoding="utf-8")
    with without_pages():
        done = home.run_here("try", "banatic_groupings", "--mirror", str(folder / "mirror"))
    assert done.exit_code == 0, done.output
    return built


def test_groupings_are_levels_that_say_how_many_members_they_lack(demo: FinishedRun, tmp_path: Path) -> None:
    """Toulouse Métropole, of 37 communes, is in two syndicates of one level, so in none; Sète has 14 communes."""
    built = tried(
        demo,
        tmp_path,
        [
            grouping("999000001", "METRO", True, "31555"),
            grouping("999000002", "SMF", True, "243100518", "200066355"),
            grouping("999000003", "SMO", True, "243100518", "09122", "09225"),
            grouping("999000004", "PETR", False, "200066355", "32013", "999000099"),
            grouping("999000005", "SIVU", False, "31555"),
        ],
    )
    assert built.query("""
        select territory_level, territory_code, any_value(members_set_aside), count(commune_code)
        from marts.dim_territory inner join marts.bridge_commune_group using (territory_level, territory_code)
        where territory_level in ('petr', 'scot')
            and (territory_level, territory_code) in (select (niveau, code_territoire) from vues.fait_lecture)
        group by all order by all
    """) == [("petr", "999000004", 1, 15), ("scot", "999000002", 37, 14), ("scot", "999000003", 37, 2)]


@pytest.mark.skipif(not SAMPLES, reason="LEVIERS_TEST_SAMPLES names no folder of samples")
def test_the_real_groupings_are_each_of_its_level(demo: FinishedRun, tmp_path: Path) -> None:
    given = json.loads((Path(SAMPLES or ".") / "banatic" / "groupements_front-api.json").read_text(encoding="utf-8"))
    built = tried(demo, tmp_path, given)
    known = {code for (code,) in built.query("select territory_code from marts.dim_territory")}
    here = {each["siren"] for each in given if each["type"] == "PETR" and known & {*each["membersId"]}}
    petr = "select territory_code from marts.dim_territory where territory_level = 'petr'"
    assert len(here) > 10
    assert {code for (code,) in built.query(petr)} == here


@pytest.mark.parametrize(
    ("dataset_id", "why"),
    [
        ("no_such_thing", "no such dataset"),
        ("rpls_commune", "it has no folder rpls_commune/"),
        ("bnlc", "bnlc has no file of a name that the record reads: bnlc*.csv"),
    ],
)
def test_an_impossible_trial_is_refused(dataset_id: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "bnlc").mkdir()
    (tmp_path / "bnlc" / "lieux.csv").write_text("a;b")
    done = Home(tmp_path / "home").run_here("try", dataset_id, "--mirror", str(tmp_path))
    assert done.exit_code == 2
    assert why in done.stderr
