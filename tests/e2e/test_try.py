"""``leviers try``: who adds a dataset sees its rows in a published file, without the files of anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

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
    assert f"warning: {DATASET}: rows: at least" in shown


def test_a_trial_publishes_beside_the_home_alone(trial: Trial) -> None:
    assert str(trial.built.published) in trial.output
    assert not (trial.home.path / "published").exists()


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
