"""How a run ended is told once to each who asks: exit status, record, ``status``, metrics, message; secrets never."""

from __future__ import annotations

import fcntl
import json
import logging
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from socket import gethostname

import duckdb
import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from expectations.drift import ColumnContent, TableContent
from ingestion.fetch import FetchResult, SilentHosts
from ingestion.load import after_load
from ingestion.options import Options, Outcome
from ingestion.snapshots import SnapshotStore
from ingestion.state import AcceptedEdition, DatasetState
from leviers.cli import run
from leviers.cli.main import main
from leviers.text.message import Message
from leviers.warehouse.home import (
    FORMAT_FILE,
    GATE_FILE,
    OUTCOME_FILE,
    RUN_FILE,
    published_file,
    read_run_state,
    refusals,
)
from leviers.warehouse.runs import problems, run_end
from leviers.warehouse.runs.metrics import METRICS
from leviers.warehouse.runs.record import COMMAND_LINE, End, Kind, label, read_record
from leviers.warehouse.runs.run_end import begin, end
from tests.runs.stage import (
    FULL,
    STARTED,
    TOKEN,
    Stage,
    absent_for_40_days,
    clock_set_back,
    damaged,
    failing,
    fill,
    killed,
    kinds_told,
    late,
    little_room,
    locked,
    missing_page,
    no_ground,
    page_gone,
    publication_gone,
    refused,
    stopped,
)


@pytest.mark.parametrize(
    ("happens", "kind", "words"),
    [
        (killed, Kind.INTERRUPTED, "the run that began on 2099-01-01T00:00:00+00:00 ended without a word"),
        (absent_for_40_days, Kind.NO_RUN, "the last run ended on 2099-01-01T00:00:00+00:00, one is expected every 35"),
        (damaged, Kind.DAMAGED, "damaged or gone: leviers.duckdb"),
        (page_gone, Kind.DAMAGED, "damaged or gone: site/a.html"),
        (publication_gone, Kind.DAMAGED, "damaged or gone: leviers.duckdb"),
    ],
)
def test_the_next_start_tells_of_a_run_that_left_no_word(
    stage: Stage, happens: Callable[[Stage], None], kind: Kind, words: str
) -> None:
    """And by ``status`` before, which stays red as long as a run is not done."""
    assert stage.refresh().exit_code == 0
    happens(stage)
    said, light = stage.status()
    assert (said.startswith("red: "), light) == (True, 1)
    [line] = [line for line in said.splitlines() if words in line]
    since = "2099-02-05T00:00:00" if kind == Kind.NO_RUN else "2099-01-01T00:00:00"
    assert line.startswith(f"{label(kind)}, since {since}")
    remedy = "; 'leviers refresh --region 76' makes them again"
    assert line.endswith(remedy) == (kind == Kind.DAMAGED)
    as_json = json.loads(CliRunner().invoke(main, ["status", "--json"]).stdout)
    assert any(each["text"][0].endswith(remedy) for each in as_json["incidents"]) == (kind == Kind.DAMAGED)
    assert stage.refresh().exit_code == 0
    new, over = stage.new_messages()
    assert new.startswith(f"leviers: {label(kind)} (new): {words}")
    assert new.count(remedy) <= 1
    assert new.endswith(remedy) == (kind == Kind.DAMAGED)
    assert over.startswith(f"leviers: {label(kind)} (over): from {since}")
    assert f": {words}" in over
    assert remedy not in over
    assert (stage.status()[1], stage.refresh().exit_code, stage.new_messages()) == (0, 0, [])


def test_a_start_that_cannot_begin_tells_of_a_damaged_publication(stage: Stage) -> None:
    """Under a timer with a wrong option, no other start would."""
    stage.refresh()
    damaged(stage)
    assert stage.refresh("--only", "x").exit_code == 2
    assert sorted(kinds_told(stage)) == ["never started (new", "publication damaged (new"]
    assert (stage.refresh().exit_code, stage.status()[1]) == (0, 0)
    assert sorted(kinds_told(stage)) == ["never started (over", "publication damaged (over"]


def test_a_first_run_that_cannot_begin_is_told_once(stage: Stage) -> None:
    """In a folder that holds other things nothing is noted, and nobody is sent what would come again each time."""
    new, other = stage.home / "new", stage.home / "other"
    stage.patch.setenv("LEVIERS_HOME", str(new))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEVIERS_KEEP", "0")
        assert (stage.refresh().exit_code, len(stage.new_messages())) == (2, 1)
    assert (stage.refresh("--region", "99").exit_code, stage.new_messages()) == (2, [])
    said, light = stage.status()
    assert (said.startswith("red: the last run: never started, "), "'99' is not one of" in said, light) == (
        True,
        True,
        1,
    )
    assert 'leviers_run_end{end="never_started"} 1' in (new / METRICS).read_text()
    other.mkdir()
    (other / "a.txt").touch()
    stage.patch.setenv("LEVIERS_HOME", str(other))
    for command in ("refresh", "demo"):
        done = CliRunner().invoke(main, [command], env={"COLUMNS": "999"})
        assert (done.exit_code, f"{other} holds a.txt and is no home: set LEVIERS_HOME" in done.output) == (2, True)
    assert ([path.name for path in other.iterdir()], stage.new_messages()) == (["a.txt"], [])
    said, light = stage.status()
    why = f"never started: {other} holds a.txt and is no home: set LEVIERS_HOME to a folder that is empty or new"
    assert (said.splitlines()[:2], light) == (["red: no run is on record", why], 1)


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
def test_a_folder_that_holds_other_things_does_not_become_a_home(
    tmp_path: Path, held: tuple[str, ...], is_home: bool
) -> None:
    for name in held:
        (tmp_path / name).mkdir()
    assert (refusals(Options(tmp_path)) == []) == is_home


def test_a_disk_that_is_full_to_the_last_byte_is_told_once(stage: Stage) -> None:
    """The record has a place of its own: ``status``, messages and metrics are as on any disk."""
    assert stage.refresh().exit_code == 0
    well = stage.brought
    fill(stage)
    stopped(FULL)(stage)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "check_room", lambda _: None)  # it was enough when the run began
        assert stage.refresh().exit_code == 1
    assert kinds_told(stage) == ["disk below what a run needs (new"], "one cause, one message"
    said, light = stage.status()
    assert (said.startswith("red: the last run: not published, "), said.count(" MB are free, "), light) == (True, 1, 1)
    assert {"leviers_run_success 0", "leviers_run_exit_status 1"} < set(stage.metrics())
    for _ in range(3):
        assert (stage.refresh().exit_code, stage.new_messages()) == (1, [])
    stage.brought = well
    stage.undo()
    first, *others = stage.status()[0].splitlines()
    assert first.endswith("; exit status 1; the disk was full, and there is room again: start the run again")
    assert not [line for line in others if ", since " in line]
    assert stage.refresh("--only", "x").exit_code == 2
    assert sorted(kinds_told(stage)) == ["disk below what a run needs (over", "never started (new"]
    assert (stage.refresh().exit_code, stage.status()[1]) == (0, 0)
    assert kinds_told(stage) == ["never started (over"]
    assert (stage.home / run_end.RESERVE).stat().st_size == run_end.RESERVED


def test_a_start_that_can_note_nothing_is_told_on_the_terminal_alone(stage: Stage) -> None:
    """As in a home of an older version, without the reserve: each start would send the same, and none its end."""
    stage.refresh()
    (stage.home / run_end.RESERVE).unlink()
    fill(stage)
    for _ in range(2):
        done = stage.refresh()
        assert (done.exit_code, " MB are free, a run needs 300 MB" in done.output, stage.new_messages()) == (
            1,
            True,
            [],
        )
    stage.undo()
    assert (stage.refresh().exit_code, stage.new_messages()) == (0, [])


def test_a_damaged_record_is_set_aside_and_tells_once_more(stage: Stage) -> None:
    refused(stage)
    missing_page(stage)
    stage.refresh()
    before = sorted(kinds_told(stage))
    record, built = stage.home / OUTCOME_FILE, read_run_state(stage.home)
    record.write_text('{"runs": [{"why": [[')
    done = stage.refresh()
    line = (
        f"damaged: {record} lies in {record}.damaged, this run is to make it again: Invalid JSON: EOF while parsing a"
    )
    assert (line in done.stdout, "pydantic" in done.stdout) == (True, False)
    assert (done.exit_code, sorted(kinds_told(stage))) == (3, [*before, "record damaged (over"])
    assert read_run_state(stage.home) == built, "no model has to be built again for it"
    assert (stage.refresh().exit_code, stage.new_messages()) == (3, [])


def test_a_wrong_option_on_a_full_disk_is_told_beside_it(stage: Stage) -> None:
    stage.refresh()
    little_room(stage)
    assert (stage.refresh().exit_code, kinds_told(stage)) == (1, ["disk below what a run needs (new"])
    assert (stage.refresh("--only", "x").exit_code, kinds_told(stage)) == (2, ["never started (new"])
    assert "\nnever started, since " in stage.status()[0]


def test_a_failed_run_is_told_beside_a_disk_with_little_room(stage: Stage) -> None:
    stage.refresh()
    little_room(stage)
    stopped(ValueError("a model failed"))(stage)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "check_room", lambda _: None)
        assert stage.refresh().exit_code == 1
    assert sorted(kinds_told(stage)) == ["disk below what a run needs (new", "not published (new"]


def test_a_refused_file_that_was_entered_is_told_with_what_mends_it(stage: Stage) -> None:
    """Where no portal is asked, no probe is advised."""
    stage.know("entered_value", reason="a.csv: no column x", refused="z", refused_files=["z"])
    (stage.home / "inputs" / "entered_value").mkdir(parents=True)
    stage.refresh()
    [message] = stage.new_messages()
    remedy = f"its files lie in {stage.home}/inputs/entered_value: correct the one that is named there, or move it away"
    for said in (message, stage.status()[0]):
        assert f"a.csv: no column x; {remedy} and enter its rows again by 'leviers indicators add FILE'" in said
    probe = CliRunner().invoke(main, ["sources", "--probe", "--only", "entered_value"], env={"COLUMNS": "999"})
    assert (probe.exit_code, remedy in probe.output) == (2, True)


def test_an_edition_older_than_the_last_is_told_while_it_stands(stage: Stage) -> None:
    """Wherever it came from: a file of a mirror has no date but those of its rows."""

    def edition(last_year: int, month: int) -> AcceptedEdition:
        year = ColumnContent(null_share=0, distinct=9, min=2000, max=last_year)
        contents = {"bnlc": TableContent(rows=9, columns={"year": year}, measures={})}
        at = f"2098-{month:02}-01T00:00:00+00:00"
        return AcceptedEdition(edition_id=str(month), at=at, files=(str(month),), contents=contents)

    state = DatasetState(accepted=[edition(2025, 1), edition(2023, 2)], loaded="2")
    SnapshotStore(stage.home).save_state("bnlc", state)
    why = "older than the edition before: its newest year is 2023, 2025 there"
    loaded = after_load(Outcome("bnlc", "changed", Message("changed: new edition: a.csv")), state)
    assert loaded.message == f"changed: new edition: a.csv; 0 rows; warning: {why}"
    assert (stage.refresh().exit_code, kinds_told(stage)) == (0, ["older edition (new"])
    assert (stage.refresh().exit_code, stage.new_messages()) == (0, [])
    said, light = stage.status()
    assert (f"; newest observation 2098-12-31; {why}\n" in said, light) == (True, 3)
    assert f": bnlc: {why}; {run_end.REMEDIES[Kind.OLDER]}\n" in said
    told = json.loads(CliRunner().invoke(main, ["status", "--json"]).stdout)
    assert [row["why_older"] for row in told["datasets"]] == [why]
    SnapshotStore(stage.home).save_state("bnlc", DatasetState(accepted=[*state.accepted, edition(2025, 3)], loaded="3"))
    assert (stage.refresh().exit_code, kinds_told(stage)) == (0, ["older edition (over"])
    assert ("older than" in stage.status()[0], stage.status()[1]) == (False, 0)


def test_a_file_that_was_not_had_once_has_a_line_and_is_sent_to_nobody(stage: Stage) -> None:
    """It is what the exit status and the light are about."""
    why = "failed, kept last good: h did not answer"
    failing(stage, why)
    for tries in (0, 1, 2):  # none: a file of the store was altered, and no portal asked for it
        stage.know(failed_fetches=tries, not_fetched=why)
        assert (stage.refresh().exit_code, stage.new_messages()) == (3, [])
        said, light = stage.status()
        assert (f"\nnot fetched: bnlc: {why}; the next run asks again\n" in said, light) == (True, 3)
    stage.know(failed_fetches=problems.SILENT_TRIES, not_fetched=why)
    said, _ = stage.status()
    assert ("\nportal silent: " in said, "not fetched: " in said) == (True, False)


def test_a_run_without_any_file_names_the_silent_portals(stage: Stage) -> None:
    outcomes = [Outcome("bnlc", "failed", "failed, absent: h did not answer"), Outcome("insee_cog", "absent", "absent")]
    stage.brought = lambda: FetchResult(outcomes, SilentHosts(), "nothing to build from: no files")
    lines = stage.refresh().stdout.splitlines()
    assert lines[:2] == ["bnlc: failed, absent: h did not answer", "nothing to build from: no files"]


def test_the_next_action_of_several_incidents_is_named_once(stage: Stage) -> None:
    for dataset in ("bnlc", "odre_biomethane_monthly"):  # their hosts differ
        stage.know(dataset, failed_fetches=3, not_fetched="failed, kept last good: h did not answer")
    failing(stage, "failed, kept last good: h did not answer")
    assert stage.refresh().exit_code == 3
    [message] = stage.new_messages()
    said, _ = stage.status()
    remedy = run_end.REMEDIES[Kind.SILENT]
    assert (message.count("in a row"), message.count(remedy), message.endswith(remedy)) == (2, 1, True)
    lines = [line for line in said.splitlines() if "in a row" in line]
    assert [line.endswith(remedy) for line in lines] == [False, True]


def test_a_dataset_that_the_run_brings_up_to_date_is_not_told_as_late(stage: Stage) -> None:
    """The day of the next observation may have passed since the run before."""
    late(stage)
    begun = begin(stage.home, COMMAND_LINE)
    stage.publish()
    run_end.end(stage.home, begun, End.PUBLISHED)
    assert (stage.status()[1], stage.new_messages()) == (0, [])


def test_a_late_dataset_stays_late_while_the_file_is_locked(stage: Stage) -> None:
    stage.publish(is_late=True)
    assert stage.refresh().exit_code == 0
    [late] = stage.new_messages()
    with duckdb.connect(str(published_file(stage.home))):  # another configuration than that of a reader
        run_end.end(stage.home, begin(stage.home, COMMAND_LINE), End.UNCHANGED)
    assert (stage.new_messages(), "dataset late (new)" in late) == ([], True)


def test_figures_that_ship_with_the_project_are_late_nowhere(stage: Stage) -> None:
    """Neither in the light nor in the list beside it, nor for a collector."""
    stage.know("bundled_bnlc")
    stage.publish(is_late=True, dataset="bundled_bnlc")
    assert (stage.refresh().exit_code, stage.new_messages()) == (0, [])
    said, light = stage.status()
    assert ("bundled_bnlc: " in said, "late" in said, light) == (True, False, 0)
    assert not [line for line in stage.metrics() if line.startswith("leviers_dataset_late") and line.endswith(" 1")]


def test_a_run_that_is_under_way_did_not_die(stage: Stage) -> None:
    """Whoever cannot begin beside it takes nothing from its record."""
    begun = begin(stage.home, COMMAND_LINE)
    locked(stage)
    with (stage.home / ".run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert stage.refresh().exit_code == 1
        assert "a run is under way since 2099-01-01" in stage.status()[0]
        run_end.end(stage.home, begun, End.PUBLISHED)
    stage.undo()
    assert stage.status()[1] == 0


def test_status_takes_no_lock_that_a_run_wants(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be it that a run died, of which it then looks whether it is under way."""
    killed(stage)
    locks: list[str] = []
    acquire = FileLock.acquire
    monkeypatch.setattr(FileLock, "acquire", lambda lock, *_: locks.append(Path(lock.lock_file).name) or acquire(lock))
    assert (stage.status()[1], set(locks)) == (1, {".run.lock"})


RUN_OF_THREE_WORDS = '{"runs": [{"started_at": "2099-01-01T00:00:00Z", "by": "Dagster", "why": [["a", "b", "c"]]}]}'


@pytest.mark.parametrize("content", ['{"runs": 3', '{"version": 2}', RUN_OF_THREE_WORDS])
def test_a_start_that_cannot_begin_sets_a_damaged_record_aside(stage: Stage, content: str) -> None:
    """It is told as ever, once, and that what was told before may be over."""
    assert stage.refresh().exit_code == 0
    (stage.home / OUTCOME_FILE).write_text(content)
    assert stage.refresh("--only", "x").exit_code == 2
    new, over = stage.new_messages()
    assert new.startswith("leviers: never started (new): ")
    damaged = stage.home / f"{OUTCOME_FILE}.damaged"
    aside = f"{OUTCOME_FILE} could not be read and lies in {damaged}: what was told before is told again"
    assert over.startswith("leviers: record damaged (over): from ")
    assert aside in over
    assert damaged.read_text() == content
    assert {"leviers_run_success 0", "leviers_run_exit_status 2"} < set(stage.metrics())
    assert (stage.refresh("--only", "x").exit_code, stage.new_messages()) == (2, [])
    assert (stage.refresh().exit_code, stage.status()[1], kinds_told(stage)) == (0, 0, ["never started (over"])


def test_a_start_that_cannot_begin_tells_of_a_damaged_state(stage: Stage) -> None:
    """The dataset keeps what is on record until a run sets its state aside."""
    refused(stage)
    stage.refresh()
    assert kinds_told(stage) == ["edition refused (new"]
    state = stage.home / "raw" / "bnlc" / "state.json"
    state.write_text("{")
    said, light = stage.status()
    line = f"record damaged: {state} cannot be read: the next refresh sets it aside and makes it again; type: leviers"
    assert (f"\n{line} refresh --offline --region 76\n" in said, light) == (True, 1)
    assert "\nedition refused, since " in said
    assert stage.refresh("--only", "x").exit_code == 2
    assert sorted(kinds_told(stage)) == ["never started (new", "record damaged (new"]
    assert 'kind="record_damaged",subject="bnlc"' in "".join(stage.metrics())
    assert (stage.refresh("--only", "x").exit_code, stage.new_messages()) == (2, [])
    stage.know()
    stage.brought = lambda: FetchResult([], SilentHosts(), None)
    assert (stage.refresh().exit_code, stage.status()[1]) == (0, 0)
    assert sorted(kinds_told(stage)) == ["edition refused (over", "never started (over", "record damaged (over"]


def test_a_home_of_a_newer_version_is_told_once(stage: Stage) -> None:
    assert stage.refresh().exit_code == 0
    (stage.home / FORMAT_FILE).write_text('{"format": 99, "version": "99.1.0"}')
    for messages in (1, 0):
        assert (stage.refresh().exit_code, len(stage.new_messages())) == (1, messages)
    last = read_record(stage.home).last_run
    assert last
    assert (last.end, "leviers 99.1.0" in last.why[0]) == (End.NEVER_STARTED, True)


def test_a_home_of_a_newer_version_is_not_called_damaged(stage: Stage) -> None:
    """This version cannot judge the files of a newer one; the incidents on record stand."""
    refused(stage)
    assert (stage.refresh().exit_code, len(stage.new_messages())) == (3, 1)
    (stage.home / FORMAT_FILE).write_text('{"format": 99, "version": "99.1.0"}')
    for file in (stage.home / RUN_FILE, stage.home / "raw" / "bnlc" / "state.json"):
        file.write_text('{"of_a_newer_version": 1}')
    assert (stage.refresh().exit_code, kinds_told(stage)) == (1, ["never started (new"])
    kinds = [each.kind for each in read_record(stage.home).open_incidents]
    assert sorted(kinds) == [Kind.REFUSED, Kind.NEVER_STARTED]


def test_the_record_of_a_newer_version_stays(stage: Stage) -> None:
    assert stage.refresh().exit_code == 0
    (stage.home / FORMAT_FILE).write_text('{"format": 99, "version": "99.1.0"}')
    (stage.home / OUTCOME_FILE).write_text('{"of_a_newer_version": 1}')
    assert (stage.refresh().exit_code, stage.refresh().exit_code, stage.new_messages()) == (1, 1, [])
    assert (stage.home / OUTCOME_FILE).read_text() == '{"of_a_newer_version": 1}'


@pytest.mark.parametrize("kept", [OUTCOME_FILE, RUN_FILE, GATE_FILE])
def test_a_damaged_kept_file_is_red_and_names_the_command(stage: Stage, kept: str) -> None:
    """Beside all else that is wrong."""
    late(stage)
    assert (stage.refresh().exit_code, len(stage.new_messages())) == (0, 1)
    file = stage.home / kept
    file.write_text('{"runs": [{"why": [[')
    said, light = stage.status()
    command = "leviers refresh" + " --offline --region 76" * (kept != RUN_FILE)
    why = f"{file} cannot be read: the next refresh sets it aside and makes it again; type: {command}"
    assert (f"\nrecord damaged: {why}\n" in said, "\ndataset late" in said, light) == (True, True, 1)
    told = json.loads(CliRunner().invoke(main, ["status", "--json"]).stdout)
    assert [each["kind"] for each in told["incidents"]] == [Kind.LATE, Kind.RECORD]
    assert told["incidents"][1]["text"][0] == why


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_command_of_a_home_whose_state_is_damaged_has_its_region(stage: Stage, is_demo: bool) -> None:
    with duckdb.connect(str(published_file(stage.home))) as connection:
        connection.execute("""
            create schema marts;
            create table marts.fct_publication as
            select * from (values (date '2026-01-02', '84'), (date '2026-01-01', '76')) as t (published_at, region)
        """)
    SnapshotStore(stage.home).save_state("bundled_bnlc", DatasetState())
    (stage.home / "raw" / f"{'bundled_' * is_demo}bnlc" / "0123").mkdir()
    (stage.home / RUN_FILE).write_text("{")
    command = "leviers demo" if is_demo else "leviers refresh --offline --region 84"
    assert f"; type: {command}\n" in stage.status()[0]


def test_a_home_whose_state_is_gone_is_not_built(stage: Stage) -> None:
    assert stage.refresh().exit_code == 0
    (stage.home / RUN_FILE).unlink()
    said, light = stage.status()
    line = "the working file or run.json is not there; 'leviers refresh' builds all"
    assert (f"\nnot built: {line}\n" in said, light) == (True, 3), "nobody knows since when"
    assert (stage.refresh("--only", "x").exit_code, kinds_told(stage)) == (2, ["never started (new"])
    assert (stage.status()[0].count("\nnot built, since "), "not_built" in "".join(stage.metrics())) == (1, True)


@pytest.mark.parametrize("is_newer", [True, False])
def test_a_home_that_cannot_be_looked_at_has_a_red_light(stage: Stage, is_newer: bool) -> None:
    """With the keys of any other, for a probe; one that is quiet prints nothing."""
    keys = json.loads(CliRunner().invoke(main, ["status", "--json"]).stdout).keys()
    why = "LEVIERS_RUN_EVERY must be a number of at least 1, found 'x'"
    if is_newer:
        (stage.home / FORMAT_FILE).write_text('{"format": 99, "version": "99.1.0"}')
        why = f"{stage.home} was written by leviers 99.1.0, "
    else:
        stage.patch.setenv("LEVIERS_RUN_EVERY", "x")
    said, light = stage.status()
    assert (said.startswith("red: no run is on record\n"), f"\nnever started: {why}" in said, light) == (True, True, 1)
    told = json.loads(CliRunner().invoke(main, ["status", "--json"]).stdout)
    assert (told.keys(), told["light"]) == (keys, "red")
    [incident] = told["incidents"]
    assert (incident["kind"], incident["text"][0].startswith(why)) == (Kind.NEVER_STARTED, True)
    assert stage.refresh().exit_code == 2 - is_newer
    [incident] = json.loads(CliRunner().invoke(main, ["status", "--json"]).stdout)["incidents"]
    assert (incident["since"][:4], incident["told_at"][:4]) == ("2099", "2099"), "a look knows what is on record"


def test_a_wrong_variable_is_red_after_a_good_run(stage: Stage) -> None:
    assert (stage.refresh().exit_code, stage.status()[1]) == (0, 0)
    stage.patch.setenv("LEVIERS_RUN_EVERY", "x")
    said, light = stage.status()
    assert ("found 'x'; correct the command that starts the run, or its variables\n" in said, light) == (True, 1)


def test_an_interrupted_run_had_begun(stage: Stage) -> None:
    """A start that could not begin before it is over; the next one is told anew."""
    assert (stage.refresh("--nope").exit_code, kinds_told(stage)) == (2, ["never started (new"])
    end(stage.home, begin(stage.home, COMMAND_LINE), End.INTERRUPTED)
    assert sorted(kinds_told(stage)) == ["interrupted (new", "never started (over"]
    assert (stage.refresh("--nope").exit_code, kinds_told(stage)) == (2, ["never started (new"])


def test_a_start_beside_a_run_leaves_the_data_to_its_end(stage: Stage) -> None:
    refused(stage)
    assert (stage.refresh().exit_code, len(stage.new_messages())) == (3, 1)
    begin(stage.home, COMMAND_LINE)
    SnapshotStore(stage.home).save_state("bnlc", DatasetState())  # the run has another edition
    stage.patch.setattr("leviers.warehouse.runs.run_end._is_busy", lambda home: True)
    assert (stage.refresh("--nope").exit_code, kinds_told(stage)) == (2, ["never started (new"])
    assert Kind.REFUSED in {each.kind for each in read_record(stage.home).open_incidents}


@pytest.mark.parametrize(
    ("happens", "since"),
    [
        (killed, "2099-01-01T00:00:00.001000Z"),  # the begin of the run
        (clock_set_back, None),
        (little_room, None),
        (lambda stage: stage.patch.setenv("LEVIERS_RUN_EVERY", "x"), None),
        (lambda stage: (stage.home / FORMAT_FILE).write_text('{"format": 99, "version": "99.1.0"}'), None),
        (lambda stage: (stage.home / OUTCOME_FILE).write_text("{"), None),
    ],
)
def test_a_look_makes_no_time_up(stage: Stage, happens: Callable[[Stage], object], since: str | None) -> None:
    """An incident that is not on record began at a time of its own, or at one that nobody knows."""
    happens(stage)
    looks = [json.loads(CliRunner().invoke(main, ["status", "--json"]).stdout) for _ in range(2)]
    assert looks[0]["runs"] == looks[1]["runs"]
    assert [[incident["since"] for incident in look["incidents"]] for look in looks] == [[since], [since]]


def test_an_open_incident_is_told_again_each_week(stage: Stage) -> None:
    missing_page(stage)
    messages = []
    for days in (0, 6, 6.9, 8, 13.8):  # the run of the same hour does not end at the same second
        stage.now = STARTED + timedelta(days=days)
        stage.refresh()
        messages.append([message.partition(" (")[2][:8] for message in stage.new_messages()])
    assert messages == [["new): a."], [], ["still so"], [], ["still so"]]


def test_a_clock_that_was_set_back_is_told_once(stage: Stage) -> None:
    """A time noted ahead of the clock is not held against the next runs, and a reminder does not wait for it.

    A run that cannot begin meanwhile is told too, and is no success.
    """
    well, stage.now = stage.brought, STARTED + timedelta(days=30)
    assert stage.refresh().exit_code == 0
    missing_page(stage)
    no_ground(stage)
    assert (stage.refresh().exit_code, len(stage.new_messages())) == (1, 2)
    stage.now, stage.brought = STARTED, well
    said, light = stage.status()
    assert ("the last run ended on 2099-01-31T00:00:00+00:00: the clock was set back since" in said, light) == (True, 1)
    success = [line for line in stage.metrics() if line.startswith("leviers_last_success")]
    assert [stage.refresh("--only", "x").exit_code for _ in range(2)] == [2, 2]
    begun, still = ["clock set back (new", "never started (new"], ["not published (still so", "page not made (still so"]
    assert sorted(kinds_told(stage)) == [*begun, *still]
    assert [line for line in stage.metrics() if line.startswith("leviers_last_success")] == success
    assert (stage.refresh().exit_code, stage.status()[1]) == (3, 3)
    [latest] = [line for line in stage.metrics() if line.startswith("leviers_last_success")]
    assert latest.startswith(f"leviers_last_success_time_seconds {STARTED.timestamp():.0f}.")
    assert sorted(kinds_told(stage)) == ["clock set back (over", "never started (over", "not published (over"]
    assert (stage.refresh().exit_code, stage.new_messages()) == (3, [])
    stage.now = STARTED + timedelta(days=7)
    assert (stage.refresh().exit_code, len(stage.new_messages())) == (3, 1)


def test_an_address_whose_service_raises_took_no_alert(stage: Stage) -> None:
    def notify(*_: object, **__: object) -> bool:
        raise RuntimeError("could not reach the secret address")

    late(stage)
    stage.patch.setattr("apprise.plugins.custom_json.NotifyJSON.notify", notify)
    done = stage.refresh()
    assert (done.exit_code, "did not take an alert" in done.output, "secret" in done.output) == (3, True, False)


def test_a_failed_alert_is_in_the_record_and_the_exit_status(stage: Stage) -> None:
    """It is sent as soon as it can be; what an unsound address is, nobody is shown."""
    late(stage)
    stage.answers["/alert"] = 500
    done = stage.refresh()
    assert (done.exit_code, stage.new_messages()) == (3, [])
    assert "alerts: address 1, json://127.0.0.1, did not take an alert" in done.output
    assert "alerts: address 1, json://127.0.0.1, did not take an alert" in stage.status()[0]
    assert "leviers_run_exit_status 3" in stage.metrics()
    stage.answers |= {"/alert": 200, "/ping": 302}
    done = stage.refresh()
    assert (done.exit_code, len(stage.new_messages())) == (3, 1)
    assert "alerts: the address of LEVIERS_PING_URL was not reached: HTTP 302" in done.output
    stage.answers["/ping"] = 200
    assert (stage.refresh().exit_code, stage.new_messages()) == (0, [])
    stage.answers["/alert"] = 500
    assert (stage.refresh("--only", "x").exit_code, stage.refresh().exit_code, stage.new_messages()) == (2, 3, [])
    stage.answers["/alert"] = 200
    assert stage.refresh().exit_code == 0
    [message] = stage.new_messages()
    assert message.startswith("leviers: never started (over): from 2099-01-01"), "begun and over while nobody took it"


def test_a_run_that_cannot_begin_for_its_environment_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.refresh()
    monkeypatch.setenv("LEVIERS_RUN_EVERY", "x")
    done = stage.refresh()
    assert (done.exit_code, "LEVIERS_RUN_EVERY must be a number of at least 1, found 'x'" in done.output) == (2, True)
    [message] = stage.new_messages()
    assert message.startswith("leviers: never started (new): LEVIERS_RUN_EVERY must be a number")
    stage.refresh()
    assert stage.new_messages() == [], "it is told once"
    monkeypatch.delenv("LEVIERS_RUN_EVERY")
    stage.refresh()
    [message] = stage.new_messages()
    assert message.startswith("leviers: never started (over): ")
    assert message.endswith(": no run could begin"), "there may have been several reasons"


def test_a_message_joins_the_next_action_without_a_full_stop(stage: Stage) -> None:
    stage.refresh("--nope")
    [message] = stage.new_messages()
    assert message.endswith(": No such option '--nope'; correct the command that starts the run, or its variables")


def verify_alerts() -> tuple[list[str], int]:
    done = CliRunner().invoke(main, ["verify-alerts"])
    return done.stdout.splitlines(), done.exit_code


def test_the_addresses_can_be_tried_before_anything_goes_wrong(stage: Stage) -> None:
    """Nothing is noted, nor pinged: there need not be a home."""
    stage.patch.setenv("LEVIERS_HOME", str(stage.home / "new"))
    took, no_address = (
        "address 1, json://127.0.0.1, took an alert",
        "address 2 of LEVIERS_ALERT_URLS is no address of one of the services ",
    )
    assert verify_alerts() == ([took], 0)
    [message] = stage.new_messages()
    assert message.startswith("leviers: a test: nothing is wrong")
    assert stage.places == {f"{gethostname()}:{stage.home / 'new'}"}
    stage.patch.setenv("LEVIERS_ALERT_URLS", f"json://{stage.url}/alert slack://{TOKEN} json://127.0.0.1:1/{TOKEN}")
    lines, status = verify_alerts()
    assert (lines[0], lines[1].startswith(no_address), lines[2], status) == (
        took, True, "address 3, json://127.0.0.1, did not take an alert: look whether its service answers, and whether "
        "the address is still right", 1,
    )  # fmt: skip
    assert not any(TOKEN in line for line in lines)
    stage.patch.delenv("LEVIERS_ALERT_URLS")
    assert verify_alerts() == (["LEVIERS_ALERT_URLS names no address"], 1)
    assert (stage.pings, (stage.home / "new").exists()) == (0, False)


@pytest.mark.parametrize(
    ("variable", "url", "line"),
    [
        (
            "LEVIERS_ALERT_URLS",
            f"slack://{TOKEN}",
            "address 1 of LEVIERS_ALERT_URLS is no address of one of the services ",
        ),
        (
            "LEVIERS_PING_URL",
            f"http://example.org/{TOKEN}",
            "the address of LEVIERS_PING_URL does not begin with https:",
        ),
    ],
)
def test_an_address_that_cannot_be_one_is_told_by_each_run(stage: Stage, variable: str, url: str, line: str) -> None:
    """Be nothing wrong that one would be told."""
    stage.patch.setenv(variable, url)
    for _ in range(2):
        done = stage.refresh()
        assert (done.exit_code, f"\nalerts: {line}" in done.output, no_token_in(stage, done)) == (3, True, True)
        said, light = stage.status()
        assert (f"\nalerts: {line}" in said, light) == (True, 3)


@pytest.mark.parametrize(
    "url",
    [
        f"file:///tmp/{TOKEN}", f"json://example.org/{TOKEN}", f"slack://{TOKEN}", f"https://127.0.0.1/{TOKEN}",
        f"json://127.0.0.1:0/{TOKEN}", f"jsons://[{TOKEN}", f"syslog://{TOKEN}", f"config+http://{TOKEN}", "ntfys://",
    ],
)  # fmt: skip
def test_no_address_is_shown_that_cannot_be_told(stage: Stage, url: str) -> None:
    late(stage)
    stage.patch.setenv("LEVIERS_ALERT_URLS", url)
    done = stage.refresh()
    assert done.exit_code == 3
    assert ("address 1 of LEVIERS_ALERT_URLS is no address of" in done.output) == (":0/" not in url)
    assert no_token_in(stage, done)


def no_token_in(stage: Stage, done: Result) -> bool:
    kept = [path.read_bytes() for path in stage.home.rglob("*") if path.is_file()]
    trace = "".join(traceback.format_exception(done.exception)) if done.exception else ""
    return not any(TOKEN.encode() in text for text in [*kept, done.output.encode(), trace.encode()])


def test_a_secret_is_in_no_log_record_metric_or_traceback(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Be it that the service fails with words that hold its address, or that the run does in the middle of it."""
    caplog.set_level(logging.NOTSET)
    for name in ("apprise", "urllib3"):
        caplog.set_level(logging.NOTSET, name)
    late(stage)
    assert no_token_in(stage, stage.refresh())
    assert len(stage.new_messages()) == 1

    def broken(*_: object, **__: object) -> bool:
        raise RuntimeError(TOKEN)

    stage.publish(missing="a.html")
    stage.answers["/ping"] = 500
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("apprise.plugins.custom_json.NotifyJSON.notify", broken)
        done = stage.refresh()
    assert (done.exit_code, no_token_in(stage, done)) == (3, True)
    stage.patch.setenv("LEVIERS_PING_URL", f"http://127.0.0.1:1/{TOKEN}")
    done = stage.refresh()
    assert "the address of LEVIERS_PING_URL was not reached: ConnectionError" in done.output
    assert no_token_in(stage, done)
    stopped(RuntimeError("a defect"))(stage)
    done = stage.refresh()
    assert isinstance(done.exception, RuntimeError)
    assert no_token_in(stage, done)
    assert TOKEN not in caplog.text
    assert logging.root.manager.disable == 0


def test_a_trial_tells_nobody(stage: Stage) -> None:
    run.refresh(Options(home=stage.home, offline=True, demo=True, tried="bnlc"), "76", lambda _: None)
    assert not (stage.home / OUTCOME_FILE).exists()
