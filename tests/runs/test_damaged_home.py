"""Files in which a home keeps its state, damaged: red in ``status``, told once, and made again by a run."""

from __future__ import annotations

import duckdb
import pytest

from ingestion.fetch import FetchResult, SilentHosts
from ingestion.snapshots import SnapshotStore
from ingestion.state import DatasetState
from leviers.warehouse.home import GATE_FILE, OUTCOME_FILE, RUN_FILE, published_file, read_run_state
from leviers.warehouse.runs.record import Kind
from tests.runs.stage import Stage, late, missing_page, refused

NEW, OVER = "never started (new)", "never started (over)"
RUN_OF_THREE_WORDS = '{"runs": [{"started_at": "2099-01-01T00:00:00Z", "by": "Dagster", "why": [["a", "b", "c"]]}]}'
CUT = '{"runs": [{"why": [['


@pytest.fixture
def told_before(stage: Stage) -> list[str]:
    """The messages on a refused edition and a missing page, before the record of them is damaged."""
    refused(stage)
    missing_page(stage)
    _, messages = stage.run()
    (stage.home / OUTCOME_FILE).write_text(CUT)
    return messages


def test_a_run_sets_a_damaged_record_aside_in_a_line(stage: Stage, told_before: list[str]) -> None:
    result, record = stage.refresh(), stage.home / OUTCOME_FILE
    why = "this run is to make it again: Invalid JSON: EOF while parsing a"
    assert f"damaged: {record} lies in {record}.damaged, {why}" in result.stdout
    assert "pydantic" not in result.stdout


def test_a_damaged_record_tells_once_more(stage: Stage, told_before: list[str]) -> None:
    assert stage.run() == (3, [*told_before, "record damaged (over)"])
    assert stage.run() == (3, [])


def test_no_model_is_built_again_for_a_damaged_record(stage: Stage, told_before: list[str]) -> None:
    built = read_run_state(stage.home)
    stage.refresh()
    assert read_run_state(stage.home) == built


@pytest.fixture(params=['{"runs": 3', '{"version": 2}', RUN_OF_THREE_WORDS])
def damaged_record(request: pytest.FixtureRequest, stage: Stage) -> str:
    """The content of a record that cannot be read, after a good run."""
    stage.refresh()
    (stage.home / OUTCOME_FILE).write_text(request.param)
    return request.param


def test_a_start_that_cannot_begin_sets_a_damaged_record_aside(stage: Stage, damaged_record: str) -> None:
    stage.refresh("--only", "x")
    aside = stage.home / f"{OUTCOME_FILE}.damaged"
    assert aside.read_text() == damaged_record
    _, over = stage.new_messages()
    assert over.startswith("leviers: record damaged (over): from ")
    assert f"{OUTCOME_FILE} could not be read and lies in {aside}: what was reported before is reported again" in over


@pytest.mark.usefixtures("damaged_record")
def test_a_record_that_was_set_aside_is_told_once(stage: Stage) -> None:
    assert stage.run("--only", "x") == (2, [NEW, "record damaged (over)"])
    assert {"leviers_run_success 0", "leviers_run_exit_status 2"} < set(stage.metrics())
    assert stage.run("--only", "x") == (2, [])
    assert stage.run() == (0, [OVER])
    assert stage.light() == 0


@pytest.fixture
def damaged_state(stage: Stage) -> None:
    """The state of a dataset whose last edition was refused, damaged."""
    refused(stage)
    stage.refresh()
    stage.new_messages()
    (stage.home / "raw" / "bnlc" / "state.json").write_text("{")


@pytest.mark.usefixtures("damaged_state")
def test_a_start_that_cannot_begin_tells_of_a_damaged_state_once(stage: Stage) -> None:
    assert stage.run("--only", "x") == (2, [NEW, "record damaged (new)"])
    assert 'kind="record_damaged",subject="bnlc"' in "".join(stage.metrics())
    assert stage.run("--only", "x") == (2, [])


@pytest.mark.usefixtures("damaged_state")
def test_a_run_that_made_a_damaged_state_again_ends_its_incident(stage: Stage) -> None:
    stage.run("--only", "x")
    stage.know()
    stage.brought = lambda: FetchResult([], SilentHosts(), None)
    assert stage.run() == (0, ["edition refused (over)", OVER, "record damaged (over)"])
    assert stage.light() == 0


@pytest.mark.parametrize(
    ("kept", "options"),
    [
        *((file, " --offline --region 76") for file in (OUTCOME_FILE, GATE_FILE, "raw/bnlc/state.json")),
        (RUN_FILE, ""),
    ],
)
def test_a_damaged_kept_file_is_red_and_names_the_command(stage: Stage, kept: str, options: str) -> None:
    """All else that is wrong is still told beside it."""
    late(stage)
    stage.refresh()
    file = stage.home / kept
    file.write_text(CUT)
    text, light = stage.status()
    why = f"{file} cannot be read: the next refresh sets it aside and makes it again; type: leviers refresh{options}"
    assert f"\nrecord damaged: {why}\n" in text
    assert light == 1
    late_one, damaged_one = stage.status_json()["incidents"]
    assert (late_one["kind"], damaged_one["kind"], damaged_one["text"][0]) == (Kind.LATE, Kind.RECORD, why)


@pytest.mark.parametrize(
    ("folder", "command"), [("bundled_bnlc", "leviers demo"), ("bnlc", "leviers refresh --offline --region 84")]
)
def test_the_command_of_a_home_whose_state_is_damaged_has_its_region(stage: Stage, folder: str, command: str) -> None:
    with duckdb.connect(str(published_file(stage.home))) as connection:
        connection.execute("""
            create schema marts;
            create table marts.fct_publication as
            select * from (values (date '2026-01-02', '84'), (date '2026-01-01', '76')) as t (published_at, region)
        """)
    SnapshotStore(stage.home).save_state("bundled_bnlc", DatasetState())
    (stage.home / "raw" / folder / "0123").mkdir()
    (stage.home / RUN_FILE).write_text("{")
    assert f"; type: {command}\n" in stage.status()[0]


def test_a_home_whose_state_is_gone_is_not_built(stage: Stage) -> None:
    """No time is known until a start that cannot begin notes one, and no message is sent."""
    stage.refresh()
    (stage.home / RUN_FILE).unlink()
    text, light = stage.status()
    assert "\nnot built: the working file or run.json is not there; 'leviers refresh' builds all\n" in text
    assert light == 3
    assert stage.run("--only", "x") == (2, [NEW])
    assert stage.status()[0].count("\nnot built, since ") == 1
    assert "not_built" in "".join(stage.metrics())
