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

from dagster_project import run_keeper, snapshot_asset
from dagster_project.asset_checks import EXPECTATIONS, GATE_ON, TESTS, gate_results, raw_check
from dagster_project.definitions import REFRESH_JOB, build_defs
from dagster_project.publication_asset import PAGES_ARE_MADE, RECENT
from dagster_project.snapshot_asset import files_key
from dagster_project.subjects import OPERATIONS, PUBLICATION, SNAPSHOTS, subject_key, subjects
from expectations.result import CheckResult
from ingestion.fetch import FetchResult, SilentHosts, fetch
from ingestion.options import Options, Outcome
from ingestion.snapshots import SnapshotStore
from leviers.cli.job import run_job
from leviers.common.disk import WORDS
from leviers.site import build_site
from leviers.warehouse import steps
from leviers.warehouse.checks.results import stored_dbt_tests
from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.home import leviers_home, note_unbuilt, read_run_state, writing
from leviers.warehouse.project import DEFAULT_REGION, REPOSITORY, build_fingerprint
from leviers.warehouse.runs.record import DAGSTER, End, Run, read_record
from leviers.warehouse.steps import Build, Job, build_models
from tests.conftest import FinishedRun, Home, without_pages
from tests.ingestion.broken_steps import DEFECT, break_step
from tests.ingestion.helpers import states

pytestmark = pytest.mark.xdist_group("job")
RAW, STAGING = dg.AssetKey("raw_leviers"), dg.AssetKey(["staging", "leviers"])
VALUE, TERRITORIES = dg.AssetKey(["core", "indicators"]), dg.AssetKey(["core", "territories"])
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
    home: Home, *keys: dg.AssetKey, instance: dg.DagsterInstance | None = None, **options: object
) -> dg.ExecuteInProcessResult:
    """A run of these assets, or of the whole job."""
    options = {"region": DEFAULT_REGION, "offline": True, "demo": True} | options
    job = build_defs(home.path).resolve_job_def(REFRESH_JOB)
    return job.execute_in_process(
        {"resources": {"refresh": {"config": options}}},
        instance=instance or dg.DagsterInstance.ephemeral(),
        asset_selection=list(keys) or None,
        raise_on_error=False,
    )


def test_a_failing_gate_blocks_the_publication(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of chosen assets that fails is noted as one of the job is."""
    monkeypatch.setattr(steps, "run_gate", lambda options: [FAILING])
    inode = home.published.stat().st_ino
    result = run(home, *subjects().holding(GATE_ON), PUBLICATION)
    assert not result.success
    seen = {(event.step_key, event.event_type_value) for event in result.all_events}
    assert ("dbt", "STEP_SUCCESS") in seen
    assert ("publication", "STEP_START") not in seen
    (gate,) = [e for e in result.get_asset_check_evaluations() if e.check_name == EXPECTATIONS]
    assert (gate.passed, gate.description) == (False, FAILING.message)
    assert home.published.stat().st_ino == inode
    noted = last_run(home)
    assert (noted.end, noted.by) == (End.NOT_PUBLISHED, DAGSTER)
    assert FAILING.message in noted.why[0]


def test_a_warning_of_the_gate_is_a_warning_of_its_check(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "run_gate", lambda options: [WARNING])
    job = Job(Options(home=home.path, offline=True, demo=True), DEFAULT_REGION, build_site)
    [warned] = [cast("dg.AssetCheckResult", result) for result in gate_results(VALUE, job)]
    assert (warned.passed, warned.severity, warned.description) == (
        False,
        dg.AssetCheckSeverity.WARN,
        WARNING.message,
    )


def last_run(home: Home) -> Run:
    noted = read_record(home.path).last_run
    assert noted
    return noted


@dataclass(frozen=True)
class Waiting:
    """A dataset waits for its models: a publication alone, a job whose gate fails, and its last steps again."""

    home: Home
    runs: list[dg.ExecuteInProcessResult]
    publications: list[Path]
    unbuilt: list[tuple[str, ...]]
    resumed: set[str | None]


@pytest.fixture(scope="module")
def waiting(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Waiting:
    done = Waiting(copied(demo, tmp_path_factory), [], [], [], set())
    note_unbuilt(done.home.path, ["commitment"])

    def note(result: dg.ExecuteInProcessResult | None = None) -> None:
        state = read_run_state(done.home.path)
        assert state
        done.runs.extend([result] if result else [])
        done.publications.append(done.home.published.resolve())
        done.unbuilt.append(state.unbuilt)

    note()
    settings = tmp_path_factory.mktemp("dagster")
    with without_pages(), dg.DagsterInstance.local_temp(str(settings)) as instance:
        note(run(done.home, PUBLICATION))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(steps, "run_gate", lambda options: [FAILING])
            note(failed := run(done.home, instance=instance))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LEVIERS_HOME", str(done.home.path))
            again = dg.ReexecutionOptions.from_failure(failed.run_id, instance)
            config = instance.get_run_by_id(failed.run_id).run_config  # type: ignore[union-attr]
            with dg.execute_job(dg.reconstructable(refresh_job), instance, config, reexecution_options=again) as result:
                done.resumed.update(event.step_key for event in result.get_step_success_events())
        note()
    return done


def refresh_job() -> dg.JobDefinition:
    return build_defs(leviers_home()).resolve_job_def(REFRESH_JOB)


@pytest.mark.release
def test_a_publication_alone_leaves_models_waiting_until_the_job_runs(waiting: Waiting) -> None:
    assert waiting.runs[0].success
    assert waiting.publications[1] != waiting.publications[0]
    assert (waiting.unbuilt[1], waiting.unbuilt[-1]) == (("commitment",), ())


@pytest.mark.release
def test_a_job_goes_on_from_the_step_that_failed(waiting: Waiting) -> None:
    """*Re-execute from failure* works so: a step finds in the home what the steps of the run before left there."""
    _, failed = waiting.runs
    assert [event.step_key for event in failed.all_events if event.is_step_failure] == ["gate"]
    assert waiting.publications[2] == waiting.publications[1]
    assert waiting.resumed == {"gate", "publication"}
    assert waiting.publications[3] != waiting.publications[2]
    assert last_run(waiting.home).end == End.PUBLISHED
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
    assert not result.success
    noted = read_record(tmp_path).last_run
    assert noted
    assert (noted.end, noted.by, noted.exit_status) == (end, DAGSTER, 1)
    assert words in noted.why[0]


def held_by_another(home: Path) -> TextIO:
    """The lock of a home in which another run is under way, to be closed."""
    with writing(home):
        lock = (home / ".lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


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


@pytest.fixture(scope="module")
def of_another_region(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The demo, with the models of the territories built for a region that it does not know."""
    home = copied(demo, tmp_path_factory)
    assert run(home, *SCOPE, region="84").success
    return home


SCOPE = dg.AssetKey(["intermediate", "territories"]), TERRITORIES


@pytest.mark.release
def test_the_region_of_the_run_configuration_reaches_dbt(of_another_region: Home, tmp_path: Path) -> None:
    assert regions_in_scope(of_another_region) == []
    again = of_another_region.copy_to(tmp_path / "home")
    assert run(again, *SCOPE).success
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


def test_a_chosen_subject_is_built_tested_and_nothing_else(home: Home) -> None:
    """A good run that publishes nothing is not noted: what it leaves waits, and a failure before it stays one."""
    before = read_record(home.path)
    result = run(home, RAW, STAGING)
    assert result.success
    made = materialised(result)
    assert made.keys() == {RAW, STAGING}
    rows = {row.data["dataset"]: row.data for row in cast("dg.TableMetadataValue", made[RAW]["editions"]).records}
    assert rows["sgpe_kit"]["edition"] == SnapshotStore(home.path).state("sgpe_kit").loaded
    assert str(rows["commitment"]["wanting"]).startswith("absent: no file in the mirror")
    checks = {check.asset_key: check for check in result.get_asset_check_evaluations()}
    assert checks.keys() == {RAW, STAGING}
    assert checks[STAGING].metadata["tests"].value == len(subjects().tests[STAGING])
    assert read_record(home.path) == before


@dataclass(frozen=True)
class Unchanged(Finished):
    """A home in which nothing waits, after a run of the job; and what it was before."""

    before: Home
    settings: Path
    noted: Run


def materialised(result: dg.ExecuteInProcessResult) -> dict[dg.AssetKey | None, Mapping[str, dg.MetadataValue[Any]]]:
    events = result.get_asset_materialization_events()
    return {event.asset_key: event.step_materialization_data.materialization.metadata for event in events}


@pytest.fixture(scope="module")
def unchanged(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Unchanged:
    home, settings = copied(demo, tmp_path_factory), tmp_path_factory.mktemp("dagster")
    shutil.copy(REPOSITORY / "dagster_home" / "dagster.yaml", settings)
    with dg.DagsterInstance.from_config(str(settings)) as instance:
        result = run(home, instance=instance)
    assert result.success
    return Unchanged(home, [result], demo.home, settings, last_run(home))


def test_a_run_without_news_publishes_nothing(unchanged: Unchanged) -> None:
    assert unchanged.noted.end == End.UNCHANGED
    assert unchanged.home.published.stat().st_ino == unchanged.before.published.stat().st_ino


def test_a_run_without_news_asks_checks_and_skips_the_rest(unchanged: Unchanged) -> None:
    [result] = unchanged.runs
    assert {event.step_key for event in result.get_step_success_events()} == {"snapshots", "load"}
    assert {event.step_key for event in result.get_step_skipped_events()} == {"dbt", "gate", "publication"}
    assert {key for key in materialised(result) if key and key.path[0] != "files"} == {SNAPSHOTS}
    checks = [check.asset_check_key for check in result.get_asset_check_evaluations()]
    assert len(checks) == len(set(checks))
    assert dg.AssetCheckKey(RAW, EXPECTATIONS) in checks


@dataclass(frozen=True)
class Changed(Finished):
    """A home after two runs that found something new, the second without a page, and how they ended."""

    ends: list[End | None]
    settings: Path


@pytest.fixture(scope="module")
def changed(unchanged: Unchanged, tmp_path_factory: pytest.TempPathFactory) -> Changed:
    """The runs after changes of a raw table."""
    folder = tmp_path_factory.mktemp("changed")
    home, settings = unchanged.home.copy_to(folder / "home"), shutil.copytree(unchanged.settings, folder / "dagster")
    done = Changed(home, [], [], settings)
    with dg.DagsterInstance.from_config(str(settings)) as instance, without_pages():
        for factor, missing in ((1.0001, {}), (1.0002, {"index.html": "it could not be made"})):
            with duckdb.connect(str(home.path / "warehouse.duckdb")) as connection:
                where = "where lever_id = 'residentiel_chaudieres_gaz'"
                connection.execute(f"update raw_leviers.sgpe_kit set value = value * {factor} {where}")
            note_unbuilt(home.path, ["sgpe_kit"])
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(run_keeper, "missing_pages", lambda _, missing=missing: missing)
                done.runs.append(run(home, instance=instance))
            done.ends.append(last_run(home).end)
    return done


def test_a_run_with_news_reports_every_subject_and_what_has_changed(changed: Changed) -> None:
    made = materialised(changed.runs[0])
    assert made.keys() >= {RAW, OPERATIONS, PUBLICATION, *subjects().nodes}
    news = {key: metadata["changed"].value for key, metadata in made.items() if "changed" in metadata}
    assert "fct_indicator_value" in news[VALUE]
    assert news[dg.AssetKey(["staging", "sdes"])] == []
    checks = [check for check in changed.runs[0].get_asset_check_evaluations() if check.asset_key == PUBLICATION]
    assert sorted(check.check_name for check in checks) == sorted([PAGES_ARE_MADE, RECENT])


def test_the_end_of_a_run_says_whether_it_published_or_left_a_fault(changed: Changed) -> None:
    assert changed.ends == [End.PUBLISHED, End.FAULTS]


def test_a_run_reports_the_rows_of_a_subject(changed: Changed) -> None:
    rows = materialised(changed.runs[1])[VALUE]["dagster/row_count"].value
    tables = [n["name"] for n in subjects().nodes[VALUE].values() if n["config"]["materialized"] == "kept_table"]
    counts = [changed.home.ask_working(f"select count(*) from marts.{name}")[0][0] for name in tables]
    assert rows == sum(cast("list[int]", counts))


@pytest.mark.release
def test_no_asset_is_out_of_date_after_a_run(changed: Changed) -> None:
    shown = stale_causes(changed.home, changed.settings)
    made = [key for key in materialised(changed.runs[1]) if key]
    assert {key: shown[key] for key in made if shown[key]} == {}


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


def test_a_check_names_the_tests_that_fail(home: Home) -> None:
    repeat_a_dataset(home)
    subject = subject_key(subjects().manifest["nodes"]["model.leviers.dim_dataset"])
    result = run(home, subject)
    assert not result.success
    [check] = [each for each in result.get_asset_check_evaluations() if each.check_name == TESTS]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    rows = [record.data for record in cast("dg.TableMetadataValue", check.metadata["failing"]).records]
    assert {"model": "dim_dataset", "found": "1 failing row"}.items() <= rows[0].items()


def test_a_raw_table_without_its_accepted_edition_blocks(home: Home) -> None:
    store = SnapshotStore(home.path)
    state = store.state("sgpe_kit")
    warned = raw_check(RAW, {"sgpe_kit": state.model_copy(update={"checks": [WARNING]})})
    assert (warned.passed, warned.severity, warned.description) == (
        False,
        dg.AssetCheckSeverity.WARN,
        f"sgpe_kit: {WARNING.message}",
    )
    state.loaded = None
    store.save_state("sgpe_kit", state)
    result = run(home, RAW, STAGING)
    assert not result.success
    (check,) = [e for e in result.get_asset_check_evaluations() if e.asset_key == RAW]
    assert (check.passed, check.severity, check.blocking) == (False, dg.AssetCheckSeverity.ERROR, True)
    assert not any(event.step_key == "dbt" for event in result.get_step_success_events())


@pytest.mark.release
def test_a_fault_in_a_dataset_is_a_warning_on_its_raw_tables(home: Home) -> None:
    """The last good edition is in place, and what depends on it is built."""
    fetch(Options(home=home.path, offline=True, demo=True, full=True), ["sgpe_kit"])
    with pytest.MonkeyPatch.context() as patch:
        break_step(patch, "measure", "sgpe_kit")
        result = run(home, RAW, STAGING)
    assert result.success
    [check] = [each for each in result.get_asset_check_evaluations() if each.asset_key == RAW]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert re.search(DEFECT, str(check.description))
    assert home.ask_working("select count(*) > 0 from raw_leviers.sgpe_kit") == [(True,)]


def test_a_portal_that_answers_is_reported_though_nothing_is_new(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = [Outcome("sdes_vehicle_fleet", "unchanged", "the same"), Outcome("ign_bdiff_fires", "failed", "silent")]
    found = FetchResult(outcomes, SilentHosts(frozenset(), 1), None)
    monkeypatch.setattr(snapshot_asset, "fetch_step", lambda *_: found)
    made = materialised(run(home, SNAPSHOTS)).keys()
    assert files_key("raw_sdes") in made
    assert files_key("raw_ign") not in made
