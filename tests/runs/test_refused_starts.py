"""Starts that cannot begin: they are told as runs are, and take nothing from what is on record."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from ingestion.state import DatasetState
from leviers.cli.main import main
from leviers.warehouse.home import OUTCOME_FILE, RUN_FILE, refusals
from leviers.warehouse.runs.metrics import METRICS
from leviers.warehouse.runs.record import COMMAND_LINE, End, Kind, read_record
from leviers.warehouse.runs.run_end import begin, end
from tests.runs.stage import Stage, held, newer_version, refused

NEW, OVER = "never started (new)", "never started (over)"


def open_kinds(stage: Stage) -> list[Kind]:
    return sorted(each.kind for each in read_record(stage.home).open_incidents)


def test_a_first_run_that_cannot_begin_is_told_once(stage: Stage) -> None:
    """The home is not there yet."""
    stage.patch.setenv("LEVIERS_HOME", str(stage.home / "new"))
    assert stage.run("--region", "98") == (2, [NEW])
    assert stage.run("--region", "99") == (2, [])
    assert stage.status()[0].startswith("red: the last run: never started, ")
    assert 'leviers_run_end{end="never_started"} 1' in (stage.home / "new" / METRICS).read_text()


def test_in_a_folder_of_other_things_nothing_is_noted_or_sent(stage: Stage) -> None:
    """A message would come again at each start."""
    folder = stage.home / "other"
    folder.mkdir()
    (folder / "a.txt").touch()
    stage.patch.setenv("LEVIERS_HOME", str(folder))
    result = CliRunner().invoke(main, ["refresh"], env={"COLUMNS": "999"})
    assert result.exit_code == 2
    assert f"{folder} holds a.txt and is no home: set LEVIERS_HOME" in result.output
    assert [path.name for path in folder.iterdir()] == ["a.txt"]
    assert stage.new_messages() == []
    assert stage.light() == 1


@pytest.mark.parametrize(
    ("held", "is_home"),
    [
        ((), True),
        ((".bash_history", "lost+found"), True),  # the home of a user, a disk of its own
        (("a.txt", "raw"), True),  # a version before 0.9 notes no format
        (("a.txt", "logs"), True),  # left by a first run in Dagster that is refused
        (("a.txt", "mirror"), True),  # where files are put by hand, docs/operate.md
        (("a.txt", "inputs"), True),
        (("a.txt",), False),
        (("a.txt", ".lock"), False),
    ],
)
def test_a_folder_of_other_things_becomes_no_home(tmp_path: Path, held: tuple[str, ...], is_home: bool) -> None:
    for name in held:
        (tmp_path / name).mkdir()
    assert (refusals(Options(tmp_path)) == []) == is_home


def test_a_run_that_was_interrupted_had_begun(stage: Stage) -> None:
    """It ends the incident of a start that could not begin; the next such start is told anew."""
    stage.refresh("--nope")
    stage.new_messages()
    end(stage.home, begin(stage.home, COMMAND_LINE), End.INTERRUPTED)
    assert stage.kinds_told() == ["interrupted (new)", OVER]
    assert stage.run("--nope") == (2, [NEW])


def test_a_start_beside_a_run_leaves_the_data_to_its_end(stage: Stage) -> None:
    refused(stage)
    stage.refresh()
    stage.new_messages()
    begin(stage.home, COMMAND_LINE)
    SnapshotStore(stage.home).save_state("bnlc", DatasetState())  # the run has another edition
    with held(stage.home / ".run.lock"):
        assert stage.run("--nope") == (2, [NEW])
    assert Kind.REFUSED in open_kinds(stage)


def test_a_home_of_a_newer_version_is_left_alone_and_not_called_damaged(stage: Stage) -> None:
    """This version cannot judge the files of a newer one; the incidents on record stand."""
    refused(stage)
    stage.refresh()
    stage.new_messages()
    newer_version(stage)
    for file in (stage.home / RUN_FILE, stage.home / "raw" / "bnlc" / "state.json"):
        file.write_text('{"of_a_newer_version": 1}')
    assert stage.run() == (1, [NEW])
    assert open_kinds(stage) == [Kind.REFUSED, Kind.NEVER_STARTED]
    (stage.home / OUTCOME_FILE).write_text('{"of_a_newer_version": 1}')
    assert stage.run() == (1, [])
    for file in (stage.home / OUTCOME_FILE, stage.home / RUN_FILE):
        assert file.read_text() == '{"of_a_newer_version": 1}'
