"""The command ``query``: one SELECT is answered from the file and its edition named; nothing else is."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from leviers.cli import query as command
from leviers.cli.main import main
from leviers.warehouse.publication import answers
from tests.cases import cases

CASES = cases(__file__)

EDITION = "20991201T080000-0a1b2c3d"


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A published file of an impossible territory."""
    monkeypatch.setattr(command, "_go_on_within_bounds", lambda: None)  # the child that goes on would be this test
    file = tmp_path / "published" / "leviers.duckdb"
    publish(file, EDITION, 1.5)
    return file


def publish(file: Path, edition: str, value: float) -> None:
    """Publishes a file as a refresh does: in the place of the last one, which who has it open keeps."""
    building = file.with_name(edition)
    file.parent.mkdir(exist_ok=True)
    with duckdb.connect(str(building)) as connection:
        connection.execute(
            f"""
            create schema vues;
            create table vues.fait_publication as
            select timestamp '2099-12-01 08:00:00' as publie_le, '{edition}' as publication_id,
                '9.9.9' as version_du_contrat;
            create table vues.fait_observation as
            select 'epci:000000009' as territoire_id, '09' as code, {value} as valeur, null as motif
            """
        )
    building.replace(file)


def query(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["query", *arguments])


def query_as_a_process(*arguments: str, before: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, which runs some Python ``before``."""
    code = f"from leviers.cli import main, query\n{before}\nmain.main()"
    command = [sys.executable, "-c", code, "query", *arguments]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, check=False, start_new_session=True
    )


def test_an_answer_is_a_table_csv_or_json_and_names_its_edition(published: Path) -> None:
    sql = "select code, valeur, motif from vues.fait_observation"
    table = query(sql)
    assert (table.exit_code, table.output.splitlines()[2].split()) == (0, ["09", "1.5"])
    assert EDITION in table.output.splitlines()[-1]
    rows = query(sql, "--format", "csv")
    [names, [edition, *values]] = csv.reader(StringIO(rows.stdout))
    assert (names, values) == (["edition", "code", "valeur", "motif"], ["09", "1.5", ""])
    assert EDITION in edition
    whole = json.loads(query(sql, "--format", "json").output)
    assert whole["edition"]["publication_id"] == EDITION
    assert whole["rows"] == [{"code": "09", "valeur": 1.5, "motif": None}]


def test_a_text_is_no_formula_in_csv_and_no_command_of_a_terminal(published: Path) -> None:
    sql = "select '=HYPERLINK(\"x\")' as f, chr(27) || '[31m' as e, -1.5 as n, '09' as c"
    rows = [row[1:] for row in csv.reader(StringIO(query(sql, "--format", "csv").stdout))]
    assert [rows[1][0], *rows[1][2:]] == ['\'=HYPERLINK("x")', "-1.5", "09"]
    table = query(f'{sql}, 1 as "\x1b[2J"').output
    assert "\\x1b[31m" in table
    assert "\\x1b[2J" in table
    assert "\x1b" not in table


def test_json_has_what_json_can_have(published: Path) -> None:
    """A number that JSON lacks is a text, at any depth, and no column takes the place of another."""
    sql = "select 'nan'::double a, [-'inf'::double, 1.5] b, {'c': 2.5::decimal(4, 2)} c, map {date '2020-01-02': 1} d"
    [row] = json.loads(query(sql, "--format", "json").output, parse_constant=pytest.fail)["rows"]
    assert row == {"a": "nan", "b": ["-inf", 1.5], "c": {"c": 2.5}, "d": {"2020-01-02": 1}}
    twice = query("select 1 as a, 2 as a", "--format", "json")
    assert (twice.exit_code, "several columns are named a" in twice.stderr) == (1, True)


@pytest.mark.parametrize(
    ("stop", "ctrl_c"), [("SIGINT", "default_int_handler"), ("SIGTERM", "default_int_handler"), ("SIGTERM", "SIG_IGN")]
)
def test_ctrl_c_and_a_machine_that_goes_down_end_a_command_that_runs(published: Path, stop: str, ctrl_c: str) -> None:
    """This holds in the background of a shell too, whose jobs ignore Ctrl-C."""
    press = f"import os, signal, threading; signal.signal(signal.SIGINT, signal.{ctrl_c})\n"
    press += f"threading.Timer(2, os.killpg, (0, signal.{stop})).start()"
    stopped = query_as_a_process("select count(*) from range(1000000000000)", before=press)
    assert (stopped.returncode, stopped.stderr.partition(b":")[0]) == (130, b"interrupted")


def test_a_question_is_listed_shown_and_known_by_its_number(published: Path) -> None:
    first, *_, last = answers.questions()
    assert query().output.splitlines()[0].endswith(first.title)
    assert query(str(last.number), "--sql").output == f"{last.sql}\n"
    unknown = query(str(last.number + 1))
    assert (unknown.exit_code, "no such question" in unknown.output) == (2, True)


@pytest.mark.parametrize("asked", CASES["a_question_is_one_select"])
def test_a_question_is_one_select(published: Path, asked: str) -> None:
    refused = query(asked.format(there=published.parent))
    assert (refused.exit_code, "only one SELECT" in refused.output) == (2, True)
    assert [path.name for path in published.parent.iterdir()] == [published.name]


@pytest.mark.parametrize(("asked", "reason"), CASES["a_query_that_reaches_out_has_no_answer"])
def test_a_query_that_reaches_out_has_no_answer(published: Path, asked: str, reason: str) -> None:
    refused = query(asked, "--format", "csv")
    assert (refused.exit_code, reason in refused.stderr) == (1, True), refused.stderr[-500:]


@pytest.mark.parametrize(
    ("asked", "before", "reason"),
    [
        ("select repeat('a', 100000000) || range from range(30)", "", b"no answer within 2 GB of memory\n"),
        ("select * from range(1000000000000)", "query.SECONDS = 1", b"no answer in 60 seconds\n"),
    ],
)
def test_a_process_that_takes_too_much_or_too_long_is_ended(
    published: Path, asked: str, before: str, reason: bytes
) -> None:
    """The memory of Python for an answer counts too, which DuckDB does not know."""
    ended = query_as_a_process(asked, "--format", "csv", before=before)
    assert (ended.returncode, ended.stderr) == (1, b"Error: " + reason)


def test_an_answer_is_all_of_the_edition_it_names(published: Path) -> None:
    """The five readers of an edition: whoever has the file open reads it to its end."""
    sql = "select valeur from vues.fait_observation"
    with answers.opened_answer(published, sql) as answer:
        publish(published, "20991202T080000-00000000", 2.5)
        assert (answer.edition[1], list(answer.rows)) == (EDITION, [(1.5,)])
    with answers.opened_answer(published, sql) as answer:
        assert (answer.edition[1], list(answer.rows)) == ("20991202T080000-00000000", [(2.5,)])
