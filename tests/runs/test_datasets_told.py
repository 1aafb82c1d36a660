"""What is told of single datasets: older, silent, late."""

from __future__ import annotations

import duckdb
import pytest

from ingestion.load import after_load
from ingestion.options import Outcome
from ingestion.snapshots import SnapshotStore
from leviers.warehouse.home import published_file
from leviers.warehouse.runs import problems
from leviers.warehouse.runs.record import COMMAND_LINE, End, Kind
from leviers.warehouse.runs.run_end import begin, end
from tests.runs.stage import Stage, failing, late, older

NO_ANSWER = "failed, kept last good: h did not answer"


def test_an_older_edition_is_told_by_its_load_and_beside_its_dataset(stage: Stage) -> None:
    why = "older than the edition before: its newest year is 2023, 2025 there"
    older(stage)
    loaded = after_load(Outcome("bnlc", "changed", "changed: a.csv"), SnapshotStore(stage.home).state("bnlc"))
    assert loaded.message.endswith(f"; warning: {why}")
    stage.refresh()
    assert f"; newest observation 2098-12-31; {why}\n" in stage.status()[0]
    assert [dataset["why_older"] for dataset in stage.status_json()["datasets"]] == [why]


@pytest.mark.parametrize("tries", [0, 1, 2])  # none: a file of the store was altered, and no portal asked for it
def test_a_file_that_was_not_had_has_a_line_and_is_sent_to_nobody(stage: Stage, tries: int) -> None:
    """The exit status and the light tell of the missing file."""
    failing(stage, NO_ANSWER)
    stage.know(failed_fetches=tries, not_fetched=NO_ANSWER)
    assert stage.run() == (3, [])
    text, light = stage.status()
    assert f"\nnot fetched: bnlc: {NO_ANSWER}; the next run asks again\n" in text
    assert light == 3


def test_the_message_on_several_silent_portals_has_the_next_action_once(stage: Stage) -> None:
    for dataset in ("bnlc", "odre_biomethane_monthly"):  # their hosts differ
        stage.know(dataset, failed_fetches=problems.SILENT_TRIES, not_fetched=NO_ANSWER)
    failing(stage, NO_ANSWER)
    stage.refresh()
    [message] = stage.new_messages()
    assert (message.count("in a row"), message.count(problems.REMEDIES[Kind.SILENT])) == (2, 1)
    assert "not fetched: " not in stage.status()[0]


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
    """They are late neither in the light nor in the list beside it, nor for a collector of metrics."""
    stage.know("bundled_bnlc")
    stage.publish(is_late=True, dataset="bundled_bnlc")
    assert stage.run() == (0, [])
    text, light = stage.status()
    assert "bundled_bnlc: " in text
    assert ("late" in text, light) == (False, 0)
    assert not [line for line in stage.metrics() if line.startswith("leviers_dataset_late") and line.endswith(" 1")]
