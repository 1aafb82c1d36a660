"""The job, in process: what blocks it, what it builds, and what it reports."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO, cast

import dagster as dg
import duckdb
import pytest

from dagster_project.asset_checks import EXPECTATIONS, GATE_ASSETS, gate_result, mart_key, raw_check
from dagster_project.definitions import build_defs
from dagster_project.publication_asset import PAGES_ARE_MADE, PUBLICATION, RECENT
from dagster_project.refresh_job import REFRESH_JOB
from dagster_project.snapshot_asset import SNAPSHOTS
from expectations.result import CheckResult
from ingestion.catalog import load_catalog
from ingestion.fetch import fetch
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from leviers.cli.job import run_job
from leviers.common.disk import WORDS
from leviers.site import build_site
from leviers.warehouse import steps
from leviers.warehouse.checks.results import stored_dbt_tests
from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.home import DBT_FILE, note_unbuilt, read_run_state, writing
from leviers.warehouse.project import DEFAULT_REGION, REPOSITORY, build_fingerprint
from leviers.warehouse.runs.record import DAGSTER, End, Run, read_record
from leviers.warehouse.steps import Build, Job, build_models
from tests.conftest import FinishedRun, Home, without_pages
from tests.ingestion.broken_steps import DEFECT, break_step
from tests.ingestion.helpers import states

pytestmark = pytest.mark.xdist_group("job")
KIT = dg.AssetKey(["raw_leviers", "sgpe_kit"])
FAILING = CheckResult(
    suite="marts.test",
    expectation="expect_column_values_to_be_between",
    column="value",
    success=False,
    severity="error",
    observed="2",
    expected="at most 1",
    message="marts: value: expected at most 1, found 2",
)
WARNING = replace(FAILING, severity="warning")


@pytest.fixture
def home(demo: FinishedRun, tmp_path: Path) -> Home:
    return demo.home.copy_to(tmp_path / "home")


def run(
    home: Home,
    *keys: dg.AssetKey,
    instance: dg.DagsterInstance | None = None,
    of_job: list[str] | None = None,
    **options: object,
) -> dg.ExecuteInProcessResult:
    """A run of these assets, of these steps of the job, or of the whole job."""
    defs = build_defs(home.path)
    options = {"region": DEFAULT_REGION, "offline": True, "demo": True} | options
    config = {"resources": {"refresh": {"config": options}}}
    instance = instance or dg.DagsterInstance.ephemeral()
    if not keys:
        job = defs.resolve_job_def(REFRESH_JOB)
        return job.execute_in_process(config, instance=instance, raise_on_error=False, op_selection=of_job)
    job = defs.resolve_implicit_global_asset_job_def()
    return job.execute_in_process(config, instance=instance, asset_selection=list(keys), raise_on_error=False)


def test_a_failing_gate_blocks_the_publication(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "run_gate", lambda options: [FAILING])
    inode = home.published.stat().st_ino
    result = run(home, mart_key(GATE_ASSETS[0]), dg.AssetKey("publication"))
    assert not result.success
    seen = {(event.step_key, event.event_type_value) for event in result.all_events}
    assert ("dbt_models", "STEP_SUCCESS") in seen
    assert ("publication", "STEP_START") not in seen
    (gate,) = [e for e in result.get_asset_check_evaluations() if e.check_name == EXPECTATIONS]
    assert (gate.passed, gate.description) == (False, FAILING.message)
    assert home.published.stat().st_ino == inode


def test_a_warning_of_the_gate_is_a_warning_of_its_check(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "run_gate", lambda options: [WARNING])
    warned = gate_result(Job(Options(home=home.path, offline=True, demo=True), DEFAULT_REGION, build_site))
    assert (warned.passed, warned.severity, warned.description) == (
        False,
        dg.AssetCheckSeverity.WARN,
        WARNING.message,
    )


@dataclass(frozen=True)
class Waiting:
    """A dataset waits for its models: a publication alone, a job whose gate fails, and its last steps again."""

    home: Home
    runs: list[dg.ExecuteInProcessResult]
    publications: list[Path]
    unbuilt: list[tuple[str, ...]]


@pytest.fixture(scope="module")
def waiting(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Waiting:
    done = Waiting(copied(demo, tmp_path_factory), [], [], [])
    note_unbuilt(done.home.path, ["commitment"])

    def note(result: dg.ExecuteInProcessResult | None = None) -> None:
        state = read_run_state(done.home.path)
        assert state
        done.runs.extend([result] if result else [])
        done.publications.append(done.home.published.resolve())
        done.unbuilt.append(state.unbuilt)

    note()
    with without_pages():
        note(run(done.home, PUBLICATION))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(steps, "run_gate", lambda options: [FAILING])
            note(run(done.home))
        note(run(done.home, of_job=["gate", "publish"]))
    return done


@pytest.mark.release
def test_a_publication_alone_leaves_models_waiting_until_the_job_runs(waiting: Waiting) -> None:
    assert waiting.runs[0].success
    assert waiting.publications[1] != waiting.publications[0]
    assert (waiting.unbuilt[1], waiting.unbuilt[-1]) == (("commitment",), ())


@pytest.mark.release
def test_a_job_goes_on_from_the_step_that_failed(waiting: Waiting) -> None:
    """*Re-execute from failure* works so: a step finds in the home what the steps of the run before left there."""
    _, failed, resumed = waiting.runs
    assert [event.step_key for event in failed.all_events if event.is_step_failure] == ["gate"]
    assert waiting.publications[2] == waiting.publications[1]
    assert resumed.success
    assert waiting.publications[3] != waiting.publications[2]
    tests = "select count(*) from quality.fct_check_result where guard = 'dbt'"
    assert waiting.home.query(tests) == [(len(stored_dbt_tests(waiting.home.path)),)]


@pytest.mark.parametrize(
    ("config", "held", "end", "words"),
    [
        ({"demo": True, "only": ["sdes_residential_energy"]}, False, End.NEVER_STARTED, "ships with"),
        ({"demo": True}, True, End.NEVER_STARTED, "another job is writing here"),
        ({}, False, End.NOT_PUBLISHED, "nothing to build from: there are no files of "),
    ],
)
def test_the_end_of_a_run_is_noted_as_that_of_the_command_line(
    tmp_path: Path, config: dict[str, object], held: bool, end: End, words: str
) -> None:
    definitions, instance = build_defs(tmp_path), dg.DagsterInstance.ephemeral()
    job = definitions.resolve_job_def(REFRESH_JOB)
    resources = {"resources": {"refresh": {"config": config | {"offline": True}}}}
    with held_by_another(tmp_path) if held else nullcontext():
        result = job.execute_in_process(resources, instance=instance, raise_on_error=False)
    noted = noted_end(tmp_path, result, instance)
    assert (noted.end, noted.by, noted.exit_status) == (end, DAGSTER, 1)
    assert words in noted.why[0]


def held_by_another(home: Path) -> TextIO:
    """The lock of a home in which another run is under way, to be closed."""
    with writing(home):
        lock = (home / ".lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def noted_end(home: Path, result: dg.ExecuteInProcessResult, instance: dg.DagsterInstance) -> Run:
    """The run that the sensor notes in the home at the end of a Dagster run."""
    end = "success" if result.success else "failure"
    [sensor] = [each for each in build_defs(home).sensors or () if each.name == f"note_{end}"]
    event = next(each for each in result.all_events if each.event_type_value == f"PIPELINE_{end.upper()}")
    run = instance.get_run_by_id(result.run_id)
    assert run
    sensor(dg.build_run_status_sensor_context(sensor.name, event, instance, run))  # type: ignore[operator]
    noted = read_record(home).last_run
    assert noted
    return noted


@dataclass(frozen=True)
class Finished:
    """A home after runs of Dagster, and these runs."""

    home: Home
    runs: list[dg.ExecuteInProcessResult]


def copied(demo: FinishedRun, folders: pytest.TempPathFactory) -> Home:
    return demo.home.copy_to(folders.mktemp("job") / "home")


def repeat_a_dataset(home: Home) -> None:
    """Writes a row of the catalogue twice, which a test of dbt refuses."""
    with duckdb.connect(str(home.path / "warehouse.duckdb")) as connection:
        connection.execute("insert into raw_leviers.dataset from raw_leviers.dataset limit 1")


@pytest.mark.parametrize("model", ["dim_dataset", "stg_leviers__datasets"])
def test_a_failing_test_of_dbt_stops_the_step_that_both_call(home: Home, model: str) -> None:
    """A view is left alone, but what it shows has changed."""
    repeat_a_dataset(home)
    built = build(home, model)
    assert list(built.nodes) == [f"model.leviers.{model}"]
    assert built.why_stopped[0].startswith(f"{model}: unique_")
    assert [row.check_name for row in stored_dbt_tests(home.path).values() if row.blocks]


def build(home: Home, model: str, **by: Any) -> Build:
    manifest = json.loads(dbt_manifest().read_text())
    options = Options(home=home.path, offline=True, demo=True)
    return build_models(options, DEFAULT_REGION, manifest, {f"model.leviers.{model}"}, **by)


def test_a_full_disk_is_known_behind_a_long_message_of_dbt(home: Home) -> None:
    """The line of a failed model is cut, behind the names of its datasets."""
    failed = {"unique_id": "model.leviers.dim_lever", "status": "error", "message": f"{'x' * 600}: {WORDS[0]}"}
    with pytest.raises(RuntimeError, match=WORDS[0]):
        build(home, "dim_lever", run=lambda *_, **__: [failed])


@pytest.mark.release
def test_a_failing_gate_blocks_a_refresh(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "run_gate", lambda options: [FAILING])
    inode = home.published.stat().st_ino
    options, known = Options(home=home.path, offline=True, demo=True), states(home.path)
    result = run_job(options, DEFAULT_REGION, known, [], {"commitment"}, log=home.path / "log")
    assert not result.success
    assert any(line.startswith(f"step gate failed: {FAILING.message}") for line in result.problems)
    assert "dbt_build" in result.seconds
    assert "publish" not in result.seconds
    assert home.published.stat().st_ino == inode
    assert not list(home.path.glob("publications/.*"))  # it was begun beside the tests


TERRITORIES = (dg.AssetKey(["intermediate", "int_territories_unioned"]), mart_key("dim_territory"))


@pytest.fixture(scope="module")
def of_another_region(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The demo, with the models of the territories built for a region that it does not know."""
    home = copied(demo, tmp_path_factory)
    assert run(home, *TERRITORIES, region="84").success
    return home


@pytest.mark.release
def test_the_region_of_the_run_configuration_reaches_dbt(of_another_region: Home, tmp_path: Path) -> None:
    assert regions_in_scope(of_another_region) == []
    again = of_another_region.copy_to(tmp_path / "home")
    assert run(again, *TERRITORIES).success
    assert regions_in_scope(again) == [(DEFAULT_REGION,)]


@pytest.mark.release
def test_models_of_another_region_leave_the_home_to_be_built(of_another_region: Home, demo: FinishedRun) -> None:
    states = [read_run_state(home.path) for home in (demo.home, of_another_region)]
    assert [state and state.fingerprint for state in states] == [build_fingerprint(DEFAULT_REGION), None]


def regions_in_scope(home: Home) -> list[tuple[str]]:
    with duckdb.connect(str(home.path / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(
            "select territory_code from marts.dim_territory where territory_level = 'region' and is_in_scope"
        ).fetchall()


@pytest.mark.release
def test_a_dataset_without_data_is_absent_in_dagster_too(home: Home) -> None:
    """Its raw table stands empty and passes no check, the reason is told, and what depends on it is built."""
    absent, loaded = dg.AssetKey(["raw_leviers", "commitment"]), KIT
    fetch(Options(home=home.path, offline=True, demo=True))
    model = dg.AssetKey(["staging", "stg_leviers__commitments"])
    result = run(home, absent, loaded, model)
    assert result.success
    made = materialised(result)
    assert {absent, loaded, model} <= made.keys()
    checks = {check.asset_key: check for check in result.get_asset_check_evaluations()}
    assert checks[loaded].passed
    assert absent not in checks
    assert made[absent]["absent"].value == "absent: no file in the mirror, and nobody has entered a row"
    assert "absent" not in made[loaded]


@dataclass(frozen=True)
class Unchanged(Finished):
    """A home in which nothing waits, after a run of the job, and one of the kit alone; and what it was before."""

    before: Home
    settings: Path
    noted: Run

    @property
    def made(self) -> dict[dg.AssetKey | None, Mapping[str, dg.MetadataValue[Any]]]:
        """The materialisations of the first run."""
        return materialised(self.runs[0])


def materialised(result: dg.ExecuteInProcessResult) -> dict[dg.AssetKey | None, Mapping[str, dg.MetadataValue[Any]]]:
    events = result.get_asset_materialization_events()
    return {event.asset_key: event.step_materialization_data.materialization.metadata for event in events}


@pytest.fixture(scope="module")
def unchanged(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Unchanged:
    home, settings = copied(demo, tmp_path_factory), tmp_path_factory.mktemp("dagster")
    shutil.copy(REPOSITORY / "dagster_home" / "dagster.yaml", settings)
    with dg.DagsterInstance.from_config(str(settings)) as instance:
        runs = [run(home, instance=instance)]
        noted = noted_end(home.path, runs[0], instance)
        runs.append(run(home, instance=instance, only=["sgpe_kit"]))
    assert all(each.success for each in runs)
    return Unchanged(home, runs, demo.home, settings, noted)


def test_a_run_without_news_publishes_nothing(unchanged: Unchanged) -> None:
    assert unchanged.noted.end == End.UNCHANGED
    assert unchanged.home.published.stat().st_ino == unchanged.before.published.stat().st_ino


def test_a_run_without_news_goes_through_all_steps(unchanged: Unchanged) -> None:
    steps_done = {event.step_key for event in unchanged.runs[0].get_step_success_events()}
    assert steps_done >= {"fetch", "dbt_build", "gate", "publish"}


def test_the_publication_of_the_command_line_is_reported_once(unchanged: Unchanged) -> None:
    assert {key for key in unchanged.made if key and not key.path[0].startswith("raw_")} == {SNAPSHOTS, PUBLICATION}
    assert unchanged.made[PUBLICATION]["unchanged"].value
    checks = [check for check in unchanged.runs[0].get_asset_check_evaluations() if check.asset_key == PUBLICATION]
    assert sorted(check.check_name for check in checks) == sorted([PAGES_ARE_MADE, RECENT])
    assert PUBLICATION not in result_keys(unchanged.runs[1])


def test_with_only_the_job_reports_the_chosen_datasets(unchanged: Unchanged) -> None:
    part = unchanged.runs[1]
    assert {key for key in result_keys(part) if key.path[0] != "raw_leviers" or key == KIT} == {SNAPSHOTS, KIT}
    assert {check.asset_key for check in part.get_asset_check_evaluations()} == {SNAPSHOTS, KIT}


@pytest.mark.release
def test_no_asset_that_a_run_reports_is_out_of_date(unchanged: Unchanged) -> None:
    shown = stale_causes(unchanged.home, unchanged.settings)
    assert {key: shown[key] for key in result_keys(unchanged.runs[0]) if shown[key]} == {}


def test_a_requested_table_is_reported_with_its_edition_and_files(unchanged: Unchanged) -> None:
    kit = {name: value.value for name, value in unchanged.made[KIT].items() if name != "files"}
    state = SnapshotStore(unchanged.home.path).state("sgpe_kit")
    assert kit == {
        "unchanged": True,
        "edition": state.loaded,
        "rows_received": state.received,
        "rows_set_aside": 0,
    }
    [file] = [record.data for record in cast("dg.TableMetadataValue", unchanged.made[KIT]["files"]).records]
    assert len(str(file["sha256"])) == 64


def test_the_job_reports_nothing_of_an_absent_dataset(unchanged: Unchanged) -> None:
    checked = {check.asset_key for check in unchanged.runs[0].get_asset_check_evaluations()}
    assert dg.AssetKey(["raw_leviers", "commitment"]) not in {*unchanged.made, *checked}


def test_a_run_reports_a_check_once(unchanged: Unchanged) -> None:
    checks = [check.asset_check_key for check in unchanged.runs[0].get_asset_check_evaluations()]
    assert len(checks) == len(set(checks))


def stale_causes(home: Home, settings: Path) -> dict[dg.AssetKey, list[str]]:
    """The reasons for which the UI shows each asset as out of date, from the API that it asks."""
    program = str(Path(sys.executable).with_name("dagster-graphql"))
    command = [program, "--module-name", "dagster_project.definitions", "--text"]
    query = "{assetNodes {assetKey {path} staleCauses {reason}}}"
    environment = os.environ | {"DAGSTER_HOME": str(settings), "LEVIERS_HOME": str(home.path)}
    asked = subprocess.run([*command, query], env=environment, check=True, capture_output=True, text=True)
    [answer] = re.findall(r"^{.*}$", asked.stdout, re.MULTILINE)
    nodes = json.loads(answer)["data"]["assetNodes"]
    return {dg.AssetKey(node["assetKey"]["path"]): [cause["reason"] for cause in node["staleCauses"]] for node in nodes}


def result_keys(result: dg.ExecuteInProcessResult) -> set[dg.AssetKey]:
    return {event.asset_key for event in result.get_asset_materialization_events() if event.asset_key}


def made_anew(result: dg.ExecuteInProcessResult) -> dict[dg.AssetKey, bool]:
    """The assets that a run reports, each with whether it has changed."""
    made = materialised(result).items()
    return {key: not metadata["unchanged"].value for key, metadata in made if key and "unchanged" in metadata}


VALUE = mart_key("fct_indicator_value")


@dataclass(frozen=True)
class Changed(Finished):
    """A home after runs that found something new, and how they ended."""

    ends: list[End | None]


@pytest.fixture(scope="module")
def changed(unchanged: Unchanged, tmp_path_factory: pytest.TempPathFactory) -> Changed:
    """The runs after a change of a raw table, and after one of a mart, as the command line would make it.

    An edition is refused before the end of the second one is noted.
    """
    folder = tmp_path_factory.mktemp("changed")
    home, settings = unchanged.home.copy_to(folder / "home"), shutil.copytree(unchanged.settings, folder / "dagster")
    with dg.DagsterInstance.from_config(str(settings)) as instance, without_pages():
        with duckdb.connect(str(home.path / "warehouse.duckdb")) as connection:
            connection.execute(
                "update raw_leviers.sgpe_kit set value = value * 1.0001 where lever_id = 'residentiel_chaudieres_gaz'"
            )
        note_unbuilt(home.path, ["sgpe_kit"])
        results = [run(home, instance=instance)]
        ends = [noted_end(home.path, results[0], instance).end]
        with duckdb.connect(str(home.path / "warehouse.duckdb")) as connection:
            connection.execute("update built.relation set content = 'x' where node_id like '%.fct_indicator_value'")
        store_a_failure(home, "fct_indicator_value")
        results.append(run(home, instance=instance))
        store = SnapshotStore(home.path)
        store.save_state("sgpe_kit", store.state("sgpe_kit").model_copy(update={"reason": "its header is another one"}))
        ends.append(noted_end(home.path, results[1], instance).end)
        return Changed(home, results, ends)


def store_a_failure(home: Home, model: str) -> None:
    """Makes a test of the model one that has failed with a warning, as a run of the command line leaves it."""
    file = home.path / DBT_FILE
    rows = json.loads(file.read_text("utf-8"))
    name = next(name for name, row in rows.items() if row["subject"] == model)
    rows[name] |= {"status": "failed", "severity": "warning", "observed": "2 failing rows"}
    file.write_text(json.dumps(rows), "utf-8")


def test_a_run_reports_which_models_have_changed(changed: Changed) -> None:
    anew = made_anew(changed.runs[0])
    assert anew[VALUE]
    assert anew[PUBLICATION]
    assert not all(anew.values()), "some were built again, and are as they were"
    assert dg.AssetKey(["staging", "stg_sdes__vehicle_fleet"]) not in anew


def test_the_end_of_a_run_says_whether_it_published_or_left_a_fault(changed: Changed) -> None:
    assert changed.ends == [End.PUBLISHED, End.FAULTS]


def test_a_run_reports_the_rows_of_a_published_table(changed: Changed) -> None:
    rows = materialised(changed.runs[0])[VALUE]["dagster/row_count"].value
    assert changed.home.query("select count(*) from marts.fct_indicator_value") == [(rows,)]


def test_a_run_reports_a_model_that_the_command_line_has_changed(changed: Changed) -> None:
    news = [key for key, is_new in made_anew(changed.runs[1]).items() if is_new]
    assert [key for key in news if key.path[0] == "marts"] == [VALUE]


def test_the_check_of_such_a_model_has_the_stored_results_of_its_tests(changed: Changed) -> None:
    [check] = [each for each in changed.runs[1].get_asset_check_evaluations() if each.asset_key == VALUE]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    [row] = [record.data for record in cast("dg.TableMetadataValue", check.metadata["failing"]).records]
    assert row["found"] == "2 failing rows"


@pytest.mark.release
def test_a_table_that_a_person_has_built_is_no_news_of_the_job(home: Home) -> None:
    """Dagster writes the versions of a chosen asset, the job those of a run; a view comes after the table it shows."""
    chosen = mart_key("dim_lever"), dg.AssetKey(["vues", "dim_levier"])
    with dg.DagsterInstance.ephemeral() as instance:
        by_person = run(home, *chosen, instance=instance)
        assert by_person.success
        assert result_keys(by_person) == {*chosen}
        assert result_keys(run(home, instance=instance)).isdisjoint(chosen)


def test_a_raw_table_without_its_accepted_edition_blocks(home: Home) -> None:
    store = SnapshotStore(home.path)
    state = store.state("sgpe_kit")
    warned = raw_check(KIT, state.model_copy(update={"checks": [WARNING]}))
    assert (warned.passed, warned.severity, warned.description) == (
        False,
        dg.AssetCheckSeverity.WARN,
        WARNING.message,
    )
    state.loaded = None
    store.save_state("sgpe_kit", state)
    result = run(home, KIT, dg.AssetKey(["staging", "stg_leviers__kit_observed"]))
    assert not result.success
    (check,) = [e for e in result.get_asset_check_evaluations() if e.asset_key == KIT]
    assert (check.passed, check.severity, check.blocking) == (False, dg.AssetCheckSeverity.ERROR, True)
    assert "sgpe_kit" in load_catalog()


@pytest.mark.release
def test_a_fault_in_a_dataset_is_a_warning_on_its_raw_table(home: Home) -> None:
    """The last good edition is in place, and what depends on it is built."""
    fetch(Options(home=home.path, offline=True, demo=True, full=True), ["sgpe_kit"])
    model = dg.AssetKey(["staging", "stg_leviers__kit_observed"])
    with pytest.MonkeyPatch.context() as patch:
        break_step(patch, "measure", "sgpe_kit")
        result = run(home, KIT, model)
    assert result.success
    [check] = [each for each in result.get_asset_check_evaluations() if each.asset_key == KIT]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert re.fullmatch(DEFECT, str(check.description))
    with duckdb.connect(str(home.path / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) > 0 from raw_leviers.sgpe_kit").fetchall() == [(True,)]
