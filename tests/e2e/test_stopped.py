"""A stop from outside: one line says so, and the next run does the rest."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.home import RunState, read_run_state
from leviers.warehouse.project import dbt_target
from tests.conftest import LEVIERS, FinishedRun, Home, tables_that_differ, without_pages
from tests.e2e.entries import GROUPS, ROADMAP, SERIES, WITHDRAWAL
from tests.processes import heed_ctrl_c, session_of

pytestmark = pytest.mark.xdist_group("stopped")
ENTERED = ("commitment", "entered_value", "grouping_member")
COMMITTED = """
select territory_level, territory_code, horizon_year, new_ambition_ktco2e from marts.fct_lever_roadmap
where commitment_count > 0 and new_ambition_ktco2e is not null order by territory_level
"""
PATIENCE = 300.0


def known(home: Home) -> RunState:
    state = read_run_state(home.path)
    assert state
    return state


def interrupted(home: Home, once: str, by: signal.Signals) -> tuple[int, str]:
    """Runs the demo, and sends a signal to all its processes once its log holds some words."""
    known = set(home.path.glob("logs/*.log"))
    process = subprocess.Popen(
        [LEVIERS, "demo"],
        env=os.environ | {"LEVIERS_HOME": str(home.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=heed_ctrl_c,
    )
    try:
        until = time.monotonic() + PATIENCE
        while not any(once in path.read_text() for path in set(home.path.glob("logs/*.log")) - known):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        os.killpg(process.pid, by)
        output, _ = process.communicate(timeout=PATIENCE)
        until = time.monotonic() + 10  # helpers of Python end by themselves, a moment later
        while left := session_of(process.pid):
            assert time.monotonic() < until, left
            time.sleep(0.05)
    finally:
        for pid in session_of(process.pid):
            os.kill(pid, signal.SIGKILL)
    return process.returncode, output


def built_models(home: Home) -> int:
    results = json.loads((dbt_target(home.path) / "run_results.json").read_text())["results"]
    return sum(result["unique_id"].startswith("model.") for result in results)


def text_of_the_grouping(home: Home) -> str:
    page = home.published.parent / "site" / "territoires" / "crte-T1.html"
    return re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Story:
    """A home of the demo where something is entered: a run that is stopped in its build, and the next one."""

    status: int
    output: str
    stopped: RunState
    publishes: bool
    after: FinishedRun
    after_models: int


@pytest.fixture(scope="module")
def story(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """A roadmap, of which a line is withdrawn, a grouping and a series are entered."""
    folder = tmp_path_factory.mktemp("stopped")
    home = demo.home.copy_to(folder / "home")
    for command, name, content in (
        ("groupings", "groups", GROUPS),
        ("commitments", "roadmap", ROADMAP),
        ("indicators", "series", SERIES),
    ):
        file = folder / f"{name}.csv"
        file.write_text(content, encoding="utf-8")
        added = home.run_here(command, "add", str(file))
        assert added.exit_code == 0, added.output
    (folder / "withdrawal.csv").write_text(WITHDRAWAL, encoding="utf-8")
    with without_pages():
        withdrawn = home.run_here("commitments", "add", str(folder / "withdrawal.csv"))
    assert withdrawn.exit_code == 0, withdrawn.output
    published = home.published.resolve()
    status, output = interrupted(home, "Concurrency: ", signal.SIGTERM)
    stopped, publishes = known(home), home.published.resolve() != published
    after = home.run("demo")
    return Story(status, output, stopped, publishes, FinishedRun(home, after), built_models(home))


def test_an_interrupted_build_publishes_nothing_and_notes_what_is_left(story: Story) -> None:
    assert story.status == 130, story.output
    assert story.output.splitlines()[-1].startswith("interrupted: ")
    assert "Traceback" not in story.output
    assert not story.publishes
    assert story.stopped.unbuilt == ENTERED


def test_the_next_run_ends_well(story: Story) -> None:
    output = story.after.run.stdout
    assert story.after.run.returncode == 0, output
    assert ", 0 failed" in output
    assert not any("\x1b" in log.read_text() for log in story.after.home.path.glob("logs/*.log"))  # no colours of dbt


def test_the_next_run_builds_what_is_left_and_nothing_else(story: Story) -> None:
    line = f"the last run did not end well: what depends on {', '.join(ENTERED)} is built again"
    assert line in story.after.run.stdout
    assert known(story.after.home).unbuilt == ()
    models = json.loads(dbt_manifest().read_text())["nodes"].values()
    assert story.after_models < sum(node["resource_type"] == "model" for node in models) * 0.9


def test_what_was_entered_before_a_stop_is_published(story: Story) -> None:
    home = story.after.home
    assert home.query("select name from marts.dim_territory where territory_level = 'crte'") == [("Groupe Test",)]
    assert "Groupe Test" in text_of_the_grouping(home)
    assert home.ask_working(COMMITTED) == [("commune", "31555", 2030, 1.5), ("epci", "243100518", 2050, 80.0)]
    parts = "select count(distinct lever_id) from marts.fct_lever_target_allocation where territory_level = 'crte'"
    assert home.ask_working(parts) == [(30,)]


def test_an_entered_series_is_judged_and_keeps_its_mark(story: Story) -> None:
    home = story.after.home
    assert home.query("""
        select year, value, unit, dataset_id from marts.fct_indicator_value
        where is_entered order by year
    """) == [
        (year, value, "MWh", "entered_value")
        for year, value in ((2019, 1200000.0), (2020, 1100000.0), (2021, 1000000.0), (2022, 800000.0))
    ]
    [(basis, reading, licence, doubted)] = home.ask_working("""
        select basis, reading, entered_licence, count(doubts.code) from marts.fct_lever_verdict as verdicts
        left join marts.fct_verdict_doubt as doubts
            using (lever_id, indicator_id, basis, territory_level, territory_code, framework_version)
        where is_entered and lever_id = 'residentiel_chaudieres_gaz' and coalesce(doubts.code = 'entered', true)
        group by all
    """)
    assert (basis, licence) == ("national", "Licence test")
    assert reading != "not_judged"
    assert doubted == 1
    assert home.query("select distinct is_used, source from marts.fct_entered_value") == [(True, "Bilan test")]


def test_commitments_are_followed_and_added_up(story: Story) -> None:
    home = story.after.home
    assert home.query("""
        select horizon, territoires_comptes, nouvelle_ambition, part_cible_couverte_pct between 1 and 15 as is_a_part
        from vues.cop_bouclage
        where levier_id = 'residentiel_chaudieres_fioul' and mesure = 'ktco2e_avoided' and niveau = 'ensemble'
        order by horizon
    """) == [(2030, 1, 1.5, True), (2050, 1, 80.0, None)]
    [(days, ambitions)] = home.query("""
        select count(distinct jour), max(nouvelle_ambition_ktco2e) from vues.cop_suivi
        where levier_id = 'residentiel_chaudieres_fioul' and niveau = 'epci'
    """)
    assert (days, ambitions) >= (1, 80.0)


def test_a_commitment_in_the_unit_of_its_lever_is_read_in_tonnes(story: Story) -> None:
    home = story.after.home
    [cars, hedges] = home.query("""
        select engagements.nouvelle_ambition_ktco2e, 2000 * t_par_unite / 1000, parts.part_ktco2e - manque_ktco2e
        from vues.fait_engagement as engagements
        inner join vues.fait_part as parts using (levier_id, territoire_id)
        inner join vues.fait_conversion as conversions using (levier_id, region_id)
        where territoire_id = 'epci:200066371' order by engagements.levier_id desc
    """)
    assert cars == (pytest.approx(cars[1]), cars[1], pytest.approx(cars[1]))
    assert hedges == (None, None, None)
    page = (home.published.parent / "site" / "dossiers" / "epci-200066371.html").read_text(encoding="utf-8")
    assert "4,3 kt" in page
    assert "ne se convertit pas en tonnes" in page


def test_a_withdrawn_commitment_is_told_and_counts_no_more(story: Story) -> None:
    home = story.after.home
    assert home.ask_working("""
        select version, is_withdrawn, is_current, source from marts.fct_lever_commitment
        where territory_code = '09' order by version
    """) == [(1, False, False, "page 3"), (2, True, False, "délibération 4")]
    assert home.query("""
        select nombre_engagements, nouvelle_ambition_ktco2e, est_retire_ce_jour
        from vues.cop_suivi
        where code_territoire = '09' and not est_observe_ce_jour
    """) == [(0, None, True)]
    page = home.published.parent / "site" / "dossiers" / "departement-09.html"
    assert "retiré" in page.read_text(encoding="utf-8")


@pytest.mark.release
def test_a_lost_working_file_is_built_again_as_it_was(story: Story, tmp_path: Path) -> None:
    """Although the published file was damaged too; the parts come out as a build of everything does."""
    home = story.after.home.copy_to(tmp_path / "home")
    (home.path / "warehouse.duckdb").unlink()
    published = home.published.resolve()
    whole = published.read_bytes()
    published.unlink()  # the other home has the same
    place = len(whole) // 2
    published.write_bytes(whole[:place] + b"\xff" * 16 + whole[place + 16 :])
    with without_pages():
        rebuilt = home.run_here("demo")
    assert rebuilt.exit_code == 0, rebuilt.output
    assert "everything is built again" in rebuilt.output
    assert "damaged: " in rebuilt.output
    assert tables_that_differ(story.after.home.published, home.published) == []


@pytest.mark.release
def test_a_dataset_that_fails_stands_on_its_last_good_data(story: Story, tmp_path: Path) -> None:
    home = story.after.home.copy_to(tmp_path / "home")
    (home.path / "inputs" / "grouping_member" / "bad.csv").write_text("<!DOCTYPE html><html>not found</html>")
    failed = home.run_here("demo")
    assert failed.exit_code == 3, failed.output
    refused = "bad.csv: layout grouping_csv: an HTML page where data was expected"
    assert f"grouping_member: failed, kept last good: {refused}" in failed.stdout
    assert home.query("select name from marts.dim_territory where territory_level = 'crte'") == [("Groupe Test",)]
    assert home.ask_working(COMMITTED) == [("commune", "31555", 2030, 1.5), ("epci", "243100518", 2050, 80.0)]
    again = home.run_here("demo")
    assert again.exit_code == 3
    assert "the same files as at the last run" in again.stdout
