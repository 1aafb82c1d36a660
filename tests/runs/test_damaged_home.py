"""Files in which a home keeps its state, damaged: red in ``status``, told once, and made again by a run."""

from __future__ import annotations

import pytest

from ingestion.fetch import FetchResult, SilentHosts
from leviers.warehouse.home import GATE_FILE, OUTCOME_FILE, RUN_FILE, read_run_state
from leviers.warehouse.runs.record import Kind
from tests.runs.stage import Stage, late, missing_page, refused

CUT = '{"runs": [{"why": [['
UNREADABLE = (
    '{"runs": 3',
    '{"version": 2}',
    '{"runs": [{"started_at": "2099-01-01T00:00:00Z", "by": "Dagster", "why": [["a", "b", "c"]]}]}',
)


@pytest.mark.parametrize("content", UNREADABLE)
def test_a_damaged_record_is_set_aside_and_tells_once_more(stage: Stage, content: str) -> None:
    """No model is built again for it."""
    missing_page(stage)
    _, messages = stage.run()
    built, record = read_run_state(stage.home), stage.home / OUTCOME_FILE
    record.write_text(content)
    assert stage.run() == (3, [*messages, "record damaged (over)"])
    assert stage.run() == (3, [])
    assert record.with_name(f"{OUTCOME_FILE}.damaged").read_text() == content
    assert read_run_state(stage.home) == built


def test_a_damaged_state_is_told_by_a_start_that_cannot_begin_and_made_again_by_a_run(stage: Stage) -> None:
    refused(stage)
    stage.refresh()
    stage.new_messages()
    (stage.home / "raw" / "bnlc" / "state.json").write_text("{")
    assert stage.run("--only", "x") == (2, ["never started (new)", "record damaged (new)"])
    assert stage.run("--only", "x") == (2, [])
    stage.know()
    stage.brought = lambda: FetchResult([], SilentHosts(), None)
    assert stage.run() == (0, ["edition refused (over)", "never started (over)", "record damaged (over)"])
    assert stage.light() == 0


@pytest.mark.parametrize("kept", [OUTCOME_FILE, GATE_FILE, "raw/bnlc/state.json", RUN_FILE])
def test_a_damaged_kept_file_is_red_and_named(stage: Stage, kept: str) -> None:
    """All else that is wrong is still told beside it."""
    late(stage)
    stage.refresh()
    (stage.home / kept).write_text(CUT)
    text, light = stage.status()
    assert f"\nrecord damaged: {stage.home / kept} cannot be read: " in text
    assert light == 1
    assert [incident["kind"] for incident in stage.status_json()["incidents"]] == [Kind.LATE, Kind.RECORD]


def test_a_home_whose_state_is_gone_is_not_built(stage: Stage) -> None:
    stage.refresh()
    (stage.home / RUN_FILE).unlink()
    text, light = stage.status()
    assert "\nnot built: the working file or run.json is not there" in text
    assert light == 3
