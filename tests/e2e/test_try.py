"""``leviers try``: who adds a dataset sees its rows in a published file, without the files of anybody else."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingestion.catalog import BUNDLED_DIR
from leviers.site.pages import Renderer, files_of
from leviers.site.published import PublishedFile
from tests.conftest import FinishedRun, Home, without_pages
from tests.fixtures.mirror import text_files

pytestmark = pytest.mark.xdist_group("demo")
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


def grouping(siren: str, kind: str, holds_scot: bool, *members: str) -> dict[str, Any]:
    return {
        "departementId": "31", "id": siren, "membersId": list(members), "name": f"{kind} Test {siren[-1]}",
        "siren": siren, "skillPLU": False, "skillSCoT": holds_scot, "type": kind, "intercommunaliteId": None,
    }  # fmt: skip


GROUPINGS = [
    # Toulouse Métropole is in two syndicates, which have another EPCI, communes of it or of another one beside it
    grouping("999000001", "METRO", True, "31555"),
    grouping("999000002", "SMF", True, "243100518", "200066355"),
    grouping("999000003", "SMO", True, "243100518", "09122", "09225"),
    grouping("999000004", "PETR", False, "200066355", "32013"),
    grouping("999000005", "SIVU", False, "31555"),
    grouping("999000006", "PETR", True, "999000099"),
]
SAMPLES = os.environ.get("LEVIERS_TEST_SAMPLES")
NO_SAMPLES = "LEVIERS_TEST_SAMPLES names no folder of samples"


@pytest.mark.parametrize(
    "is_real", [False, pytest.param(True, marks=pytest.mark.skipif(not SAMPLES, reason=NO_SAMPLES))]
)
def test_groupings_of_the_country_are_the_communes_of_their_members(
    is_real: bool, demo: FinishedRun, tmp_path: Path
) -> None:
    """The values of the two levels are computed here a second time, on the communes that the demo knows."""
    real = Path(SAMPLES or ".") / "banatic" / "groupements_front-api.json"
    groupings: list[dict[str, Any]] = json.loads(real.read_text(encoding="utf-8")) if is_real else GROUPINGS
    home = Home(tmp_path / "home")
    built = demo.home.copy_to(home.path / "try")
    (tmp_path / "mirror" / "banatic_groupings").mkdir(parents=True)
    (tmp_path / "mirror" / "banatic_groupings" / "groupements.json").write_text(json.dumps(groupings), encoding="utf-8")

    with without_pages():
        done = home.run_here("try", "banatic_groupings", "--mirror", str(tmp_path / "mirror"))
    assert done.exit_code == 0, done.output

    with (BUNDLED_DIR / "bundled_etalab_decoupage" / "communes.csv").open(encoding="utf-8") as file:
        communes = list(csv.DictReader(file))
    members = {row["commune_code"]: {row["commune_code"]} for row in communes}
    for row in communes:
        members.setdefault(row["epci_code"], set()).add(row["commune_code"])
    syndicates = ("PETR", "POLEM", "SIVOM", "SIVU", "SMF", "SMO")
    levels = {
        "petr": [grouping for grouping in groupings if grouping["type"] == "PETR"],
        "scot": [grouping for grouping in groupings if grouping["type"] in syndicates and grouping["skillSCoT"]],
    }
    inside: set[tuple[object, ...]] = set()
    shared: set[tuple[object, ...]] = set()
    unknown: set[tuple[object, ...]] = set()
    lacking: Counter[tuple[object, ...]] = Counter()
    for level, of_level in levels.items():
        given: dict[str, dict[str, str]] = {}
        for grouping in of_level:
            for member in grouping["membersId"]:
                for place in members.get(member, {member}):
                    given.setdefault(place, {})[grouping["siren"]] = f"{grouping['name'].strip()} ({grouping['siren']})"
        for place, by_siren in given.items():
            if place not in members:
                unknown.add((level, place, len(by_siren)))
            elif len(by_siren) > 1:
                shared.add((level, place, len(by_siren), ", ".join(sorted(by_siren.values()))))
            else:
                inside.add((level, *by_siren, place))
                continue
            lacking.update((level, siren) for siren in by_siren)

    belongs = "select territory_level, territory_code, commune_code from marts.bridge_commune_group"
    assert set(built.query(f"{belongs} where territory_level in ('petr', 'scot')")) == inside
    refused = """
        select if(value_label_fr like '%, PETR : %', 'petr', 'scot'), value, row_count
        {names} from quality.fct_quarantined_row where dataset_id = 'banatic_groupings' and reason = ?
    """
    named = refused.format(names=", regexp_extract(value_label_fr, '^.+?, (PETR|SCoT) : (.*)$', 2)")
    assert set(built.query(named, "in several groupings of one level")) == shared
    assert set(built.query(refused.format(names=""), "not a territory of the reference year")) == unknown
    query = "select territory_level, territory_code, members_set_aside from marts.dim_territory where {levels}"
    counts = {(level, siren): lacking[level, siren] for level, siren, _ in inside}
    of_groupings = built.query(query.format(levels="territory_level in ('petr', 'scot')"))
    assert {(level, siren): count for level, siren, count in of_groupings} == counts
    assert counts.keys() <= set(built.query("select distinct niveau, code_territoire from vues.fait_lecture"))
    assert built.query(query.format(levels="territory_level = 'epci' and members_set_aside is not null")) == []


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
