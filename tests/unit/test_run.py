"""What a run may be asked for, and that one that did not publish may not let the next one say: nothing changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingestion.catalog import load_catalog
from ingestion.refresh import Options
from ingestion.snapshots import DatasetState, SnapshotStore
from leviers import run
from leviers.cli import main
from leviers.project import build_fingerprint, published_file, read_run_state, write_run_state


def test_after_a_failed_run_everything_is_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options(home=tmp_path, offline=True)
    options.warehouse.touch()
    published_file(tmp_path).parent.mkdir()
    published_file(tmp_path).touch()
    write_run_state(tmp_path, {"fingerprint": build_fingerprint("76"), "region": "76", "demo": False})
    asked: list[bool] = []

    def failing_job(
        options: Options, region: str, changed: list[str], everything: bool
    ) -> tuple[bool, bool, list[str]]:
        asked.append(everything)
        return True, False, ["step dbt_build failed"]

    monkeypatch.setattr(run, "_run_job", failing_job)
    said: list[str] = []
    results = [run.refresh(options, "76", said.append) for _ in range(2)]
    assert [result.exit_status for result in results] == [1, 1]
    assert asked == [False, True]
    assert read_run_state(tmp_path)["fingerprint"] is None
    assert run.NOTHING_CHANGED not in said


@pytest.mark.parametrize(
    ("only", "message"),
    [
        ("no_such", "no such dataset: no_such"),
        ("insee_cog,ign_hedges", "ign_hedges is planned"),
        ("bundled_rpls_commune", "belongs to the demo: a refresh takes rpls_commune from its source"),
    ],
)
def test_a_dataset_that_the_run_cannot_hold_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: str, message: str
) -> None:
    monkeypatch.setenv("LEVIERS_HOME", str(tmp_path))
    result = CliRunner().invoke(main, ["refresh", "--offline", "--only", only])
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("at", "known"), [(None, "none was ever accepted"), ("2026-02-03T04:05:06+00:00", "the first is of 2026-02-03")]
)
def test_a_day_before_the_first_snapshot_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str | None, known: str
) -> None:
    monkeypatch.setenv("LEVIERS_HOME", str(tmp_path))
    if at:
        SnapshotStore(tmp_path).save_state("insee_cog", DatasetState(accepted=[{"edition_id": "x", "at": at}]))
    result = CliRunner().invoke(main, ["refresh", "--as-of", "2026-02-02"])
    assert result.exit_code == 2
    assert f"no snapshot up to 2026-02-02: {known}" in " ".join(result.output.replace("│", " ").split())
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_the_catalogue_is_listed_with_what_is_planned_last_and_counted_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEVIERS_HOME", str(tmp_path))
    lines = CliRunner().invoke(main, ["sources"]).output.splitlines()
    statuses = [found[1] for line in lines if (found := re.match(r"\w+ \[(built|retired|planned)\] ", line))]
    assert statuses == sorted(statuses, key=["built", "retired", "planned"].index)
    assert any("; retired since 2026-07-10; not verified on real files" in line for line in lines)
    assert len(statuses) == len(load_catalog())
    counts = [int(number) for number in re.findall(r"\d+", lines[-1])]
    built, _kinds, _verified, planned, retired, shipped, entries = counts
    assert built + shipped + entries == statuses.count("built")
    assert (planned, retired) == (statuses.count("planned"), statuses.count("retired"))
    assert CliRunner().invoke(main, ["sources", "--probe", "--json"]).exit_code == 2
