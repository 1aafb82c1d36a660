"""What is told of single datasets: refused, older, silent, late."""

from __future__ import annotations

import duckdb
import pytest
from click.testing import CliRunner

from expectations.drift import ColumnContent, TableContent
from ingestion.fetch import FetchResult, SilentHosts
from ingestion.load import after_load
from ingestion.options import Outcome
from ingestion.snapshots import SnapshotStore
from ingestion.state import AcceptedEdition, DatasetState
from leviers.cli.main import main
from leviers.text.message import Message
from leviers.warehouse.home import published_file
from leviers.warehouse.runs import problems
from leviers.warehouse.runs.record import COMMAND_LINE, End, Kind
from leviers.warehouse.runs.run_end import begin, end
from tests.runs.stage import Stage, failing, late

NO_ANSWER = "failed, kept last good: h did not answer"
OLDER = "older than the edition before: its newest year is 2023, 2025 there"


def test_a_refused_file_that_was_entered_is_told_with_what_mends_it(stage: Stage) -> None:
    """Where no portal is asked, no probe is advised."""
    stage.know("entered_value", reason="a.csv: no column x", refused="z", refused_files=["z"])
    (stage.home / "inputs" / "entered_value").mkdir(parents=True)
    stage.refresh()
    [message] = stage.new_messages()
    remedy = f"its files lie in {stage.home}/inputs/entered_value: correct the one that is named there, or move it away"
    for text in (message, stage.status()[0]):
        assert f"a.csv: no column x; {remedy} and enter its rows again by 'leviers indicators add FILE'" in text
    probe = CliRunner().invoke(main, ["sources", "--probe", "--only", "entered_value"], env={"COLUMNS": "999"})
    assert probe.exit_code == 2
    assert remedy in probe.output


def edition(last_year: int, month: int) -> AcceptedEdition:
    year = ColumnContent(null_share=0, distinct=9, min=2000, max=last_year)
    contents = {"bnlc": TableContent(rows=9, columns={"year": year}, measures={})}
    at = f"2098-{month:02}-01T00:00:00+00:00"
    return AcceptedEdition(edition_id=str(month), at=at, files=(str(month),), contents=contents)


@pytest.fixture
def older(stage: Stage) -> DatasetState:
    """The state of a dataset whose last edition ends before the one that it replaced.

    Wherever it came from: a file of a mirror has no date but those of its rows.
    """
    state = DatasetState(accepted=[edition(2025, 1), edition(2023, 2)], loaded="2")
    SnapshotStore(stage.home).save_state("bnlc", state)
    return state


def test_the_load_of_an_older_edition_warns(older: DatasetState) -> None:
    loaded = after_load(Outcome("bnlc", "changed", Message("changed: new edition: a.csv")), older)
    assert loaded.message == f"changed: new edition: a.csv; 0 rows; warning: {OLDER}"


@pytest.mark.usefixtures("older")
def test_status_has_a_line_for_an_older_edition(stage: Stage) -> None:
    stage.refresh()
    shown, light = stage.status()
    assert f"; newest observation 2098-12-31; {OLDER}\n" in shown
    assert f": bnlc: {OLDER}; {problems.REMEDIES[Kind.OLDER]}\n" in shown
    assert light == 3
    assert [row["why_older"] for row in stage.status_json()["datasets"]] == [OLDER]


def test_an_older_edition_is_told_until_a_newer_one_comes(stage: Stage, older: DatasetState) -> None:
    assert stage.run() == (0, ["older edition (new)"])
    assert stage.run() == (0, [])
    SnapshotStore(stage.home).save_state("bnlc", DatasetState(accepted=[*older.accepted, edition(2025, 3)], loaded="3"))
    assert stage.run() == (0, ["older edition (over)"])
    shown, light = stage.status()
    assert "older than" not in shown
    assert light == 0


@pytest.mark.parametrize("tries", [0, 1, 2])  # none: a file of the store was altered, and no portal asked for it
def test_a_file_that_was_not_had_has_a_line_and_is_sent_to_nobody(stage: Stage, tries: int) -> None:
    """It is what the exit status and the light are about."""
    failing(stage, NO_ANSWER)
    stage.know(failed_fetches=tries, not_fetched=NO_ANSWER)
    assert stage.run() == (3, [])
    shown, light = stage.status()
    assert f"\nnot fetched: bnlc: {NO_ANSWER}; the next run asks again\n" in shown
    assert light == 3


def test_a_silent_portal_is_not_called_not_fetched(stage: Stage) -> None:
    stage.know(failed_fetches=problems.SILENT_TRIES, not_fetched=NO_ANSWER)
    shown, _ = stage.status()
    assert "\nportal silent: " in shown
    assert "not fetched: " not in shown


def test_a_run_without_any_file_names_the_silent_portals(stage: Stage) -> None:
    outcomes = [Outcome("bnlc", "failed", "failed, absent: h did not answer"), Outcome("insee_cog", "absent", "absent")]
    stage.brought = lambda: FetchResult(outcomes, SilentHosts(), "nothing to build from: no files")
    lines = stage.refresh().stdout.splitlines()
    assert lines[:2] == ["bnlc: failed, absent: h did not answer", "nothing to build from: no files"]


@pytest.fixture
def two_silent(stage: Stage) -> str:
    """The next action of two silent portals."""
    for dataset in ("bnlc", "odre_biomethane_monthly"):  # their hosts differ
        stage.know(dataset, failed_fetches=3, not_fetched=NO_ANSWER)
    failing(stage, NO_ANSWER)
    stage.refresh()
    return problems.REMEDIES[Kind.SILENT]


def test_the_message_of_several_incidents_has_the_next_action_once(stage: Stage, two_silent: str) -> None:
    [message] = stage.new_messages()
    assert (message.count("in a row"), message.count(two_silent)) == (2, 1)
    assert message.endswith(two_silent)


def test_the_last_line_of_several_incidents_has_the_next_action(stage: Stage, two_silent: str) -> None:
    first, last = (line for line in stage.status()[0].splitlines() if "in a row" in line)
    assert not first.endswith(two_silent)
    assert last.endswith(two_silent)


def test_a_dataset_that_the_run_brings_up_to_date_is_not_told_as_late(stage: Stage) -> None:
    """The day of the next observation may have passed since the run before."""
    late(stage)
    begun = begin(stage.home, COMMAND_LINE)
    stage.publish()
    end(stage.home, begun, End.PUBLISHED)
    assert (stage.light(), stage.new_messages()) == (0, [])


def test_a_late_dataset_stays_late_while_the_file_is_locked(stage: Stage) -> None:
    stage.publish(is_late=True)
    assert stage.run() == (0, ["dataset late (new)"])
    with duckdb.connect(str(published_file(stage.home))):  # another configuration than that of a reader
        end(stage.home, begin(stage.home, COMMAND_LINE), End.UNCHANGED)
    assert stage.new_messages() == []


def test_figures_that_ship_with_the_project_are_late_nowhere(stage: Stage) -> None:
    """Neither in the light nor in the list beside it, nor for a collector."""
    stage.know("bundled_bnlc")
    stage.publish(is_late=True, dataset="bundled_bnlc")
    assert stage.run() == (0, [])
    shown, light = stage.status()
    assert "bundled_bnlc: " in shown
    assert "late" not in shown
    assert light == 0
    assert not [line for line in stage.metrics() if line.startswith("leviers_dataset_late") and line.endswith(" 1")]
