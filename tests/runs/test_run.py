"""Requests for a run that are refused; after a run that did not publish, the next one may not say: nothing changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ingestion.fetch import NOT_ASKED_FOR, FetchResult, SilentHosts
from ingestion.options import Options, Outcome
from ingestion.snapshots import SnapshotStore, sha256_of
from ingestion.state import AcceptedEdition, DatasetState
from leviers.cli import job, run
from leviers.cli.job import JobResult
from leviers.cli.main import main
from leviers.warehouse.home import (
    OUTCOME_FILE,
    SEAL,
    RunState,
    Seal,
    note_build,
    note_unbuilt,
    published_file,
    read_run_state,
    write_run_state,
)
from leviers.warehouse.project import build_fingerprint
from leviers.warehouse.runs.metrics import METRICS
from leviers.warehouse.runs.run_end import OUTCOME_LOCK
from tests.runs.stage import Stage, missing_page


@pytest.mark.parametrize(
    ("fingerprint", "unbuilt", "full", "everything", "words"),
    [
        (True, ["commitment"], False, False, "the last run did not end well: what depends on commitment is "),
        (False, [], False, True, "everything is built again: the last build ended badly, or a damaged file was set "),
        (False, ["commitment"], False, True, "everything is built again: "),
        (True, [], True, True, ""),
    ],
)
def test_after_a_failed_run_what_was_not_built_is_built_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fingerprint: bool,
    unbuilt: list[str],
    full: bool,
    everything: bool,
    words: str,
) -> None:
    options = Options(home=tmp_path, offline=True, demo=True, full=full)
    options.warehouse.touch()
    publish_nothing(tmp_path)
    state = RunState(fingerprint=build_fingerprint("76") if fingerprint else None, demo=True, unbuilt=tuple(unbuilt))
    write_run_state(tmp_path, state)
    asked: list[list[str] | None] = []

    def failing_job(*arguments: Any, log: Path) -> JobResult:
        asked.append(arguments[-1] if arguments[-1] is None else sorted(arguments[-1]))
        return JobResult(built=True, success=False, problems=["step dbt_build failed"])

    monkeypatch.setattr(job, "run_job", failing_job)
    lines: list[str] = []
    results = [run.refresh(options, "76", lines.append) for _ in range(2)]
    assert [result.exit_status for result in results] == [1, 1]
    assert asked == [None if everything else unbuilt] * 2
    assert any(line.startswith(words) for line in lines)
    assert read_run_state(tmp_path) == state
    assert run.NOTHING_CHANGED not in lines


def test_what_is_loaded_is_noted_until_it_is_built(tmp_path: Path) -> None:
    """Another region that is built, or a working file that is made anew, has no models of the last build."""
    Options(tmp_path).warehouse.touch()
    write_run_state(tmp_path, RunState(fingerprint=build_fingerprint("76")))
    for name in ("insee_cog", "bnlc"):
        note_unbuilt(tmp_path, [name])
    assert note_build(tmp_path, "76")
    known = RunState(fingerprint=build_fingerprint("76"), unbuilt=("bnlc", "insee_cog"))
    assert read_run_state(tmp_path) == known
    assert not note_build(tmp_path, "84")
    assert read_run_state(tmp_path) == known.model_copy(update={"fingerprint": None})
    write_run_state(tmp_path, known)
    Options(tmp_path).warehouse.unlink()
    note_unbuilt(tmp_path, [])
    assert read_run_state(tmp_path) == known.model_copy(update={"fingerprint": None})


def publish_nothing(home: Path) -> None:
    file = published_file(home)
    file.parent.mkdir()
    file.touch()
    file.with_name(SEAL).write_text(Seal(sha256=sha256_of(file)).model_dump_json())


def test_a_run_with_nothing_to_do_tells_of_a_missing_page(stage: Stage) -> None:
    missing_page(stage)
    lines = stage.refresh().stdout.splitlines()
    assert {run.NOTHING_CHANGED, "missing: a.html: why"} <= set(lines)


@pytest.mark.parametrize(
    ("only", "message"),
    [
        ("no_such", "no such dataset: no_such; 'leviers sources' lists them"),
        ("insee_cogs", "no such dataset: insee_cogs; near it: insee_cog"),
        ("", "no such dataset: a name is empty"),
        (" , ", "no such dataset: a name is empty"),
        ("bundled_rpls_commune", "belongs to the demo: a refresh takes rpls_commune from its source"),
    ],
)
def test_a_dataset_that_the_run_cannot_hold_is_told(tmp_path: Path, only: str, message: str) -> None:
    result = CliRunner().invoke(main, ["refresh", "--offline", "--only", only])
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())
    assert {path.name for path in tmp_path.iterdir()} <= {OUTCOME_FILE, METRICS, OUTCOME_LOCK}


def test_a_run_of_one_dataset_has_a_line_for_that_one(stage: Stage) -> None:
    outcomes = [Outcome("bnlc", "failed", "failed: x"), Outcome("insee_cog", "unchanged", NOT_ASKED_FOR)]
    stage.brought = lambda: FetchResult(outcomes, SilentHosts(), None)
    lines = stage.refresh("--only", "bnlc").stdout.splitlines()
    assert lines[:2] == ["bnlc: failed: x", "datasets: 0 changed, 1 unchanged, 0 absent, 1 failed"]


@pytest.mark.parametrize(
    ("at", "known"), [(None, "none was ever accepted"), ("2026-02-03T04:05:06+00:00", "the first is of 2026-02-03")]
)
def test_a_day_before_the_first_snapshot_is_told(tmp_path: Path, at: str | None, known: str) -> None:
    if at:
        state = DatasetState(accepted=[AcceptedEdition(edition_id="x", at=at, files=())])
        SnapshotStore(tmp_path).save_state("insee_cog", state)
    result = CliRunner().invoke(main, ["refresh", "--as-of", "2026-02-02"])
    assert result.exit_code == 2
    assert f"no snapshot up to 2026-02-02: {known}" in " ".join(result.output.replace("│", " ").split())
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_a_day_to_come_is_refused(tmp_path: Path) -> None:
    """What will be loaded on that day is not known yet, whatever was accepted."""
    state = DatasetState(accepted=[AcceptedEdition(edition_id="x", at="2026-02-03T04:05:06+00:00", files=())])
    SnapshotStore(tmp_path).save_state("insee_cog", state)
    result = CliRunner().invoke(main, ["refresh", "--as-of", "2999-12-01"])
    assert result.exit_code == 2
    assert "2999-12-01 is still to come" in result.output
