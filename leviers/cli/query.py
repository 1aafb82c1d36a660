"""The command that queries the published file: a question of the book, or a SELECT."""

from __future__ import annotations

import csv
import json
import os
import resource
import signal
import sys
from collections import Counter
from decimal import Decimal
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any

import click
import duckdb

from leviers.cli.commands import set_encoding
from leviers.cli.site import opened_or_refuse, published_or_refuse
from leviers.common.words import without_formula
from leviers.warehouse.publication.answers import Answer, NoAnswerError, NoSelectError, cell, opened_answer, questions

MOST_ROWS = 40  # in a table for a person
MEMORY = 2  # GB, of the whole process that answers
SECONDS = 60
TOO_LONG = f"no answer in {SECONDS} seconds"
TOO_MUCH = f"no answer within {MEMORY} GB of memory"


@click.command("query", context_settings={"ignore_unknown_options": True})  # SQL may begin with a comment
@click.argument("question", required=False, metavar="[NUMBER_OR_SELECT]")
@click.option("--format", "format_", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--sql", "only_sql", is_flag=True, help="Print the query of the question, without asking it.")
@click.option("--file", type=click.Path(exists=True, path_type=Path), help="Another published DuckDB file.")
def query_command(question: str | None, format_: str, only_sql: bool, file: Path | None) -> None:
    """Answer a question of docs/analyste.md by its number, or one SELECT; list the questions where none is given.

    The file is only read, within 60 seconds and 2 GB. A table shows the first rows, csv and json have all, in UTF-8.
    The answer names its edition, in csv in the first column. Ends with 2 for what is no question and
    no SELECT, with 1 for a query without an answer.

    \b
    leviers query
    leviers query 9
    leviers query 9 --sql
    leviers query "select * from vues.fait_part where levier_id = 'sols_haies'" --format csv
    """
    book = {str(entry.number): entry for entry in questions()}
    if question is None:
        for entry in book.values():
            click.echo(f"{entry.number:>3}. {entry.title}")
        return
    question = question.encode(errors="surrogateescape").decode(errors="replace")  # the machine may not be set to UTF-8
    if question.startswith("-") and len(question.split()) == 1:
        raise click.NoSuchOption(question)
    book_entry = book.get(question.strip())
    if book_entry is None and question.strip().isdecimal():
        raise click.UsageError(f"{question}: no such question, there are {len(book)}")
    sql = book_entry.sql if book_entry else question
    if only_sql:
        click.echo(sql)
        return
    if book_entry and format_ == "table":
        click.echo(f"{book_entry.number}. {book_entry.title}\n\n{sql}\n")
    if format_ != "table":
        set_encoding("utf-8")
    _go_on_within_bounds()
    try:
        with opened_answer(opened_or_refuse(file) if file else published_or_refuse(), sql) as answer:
            PRINTERS[format_](answer)
    except NoSelectError as error:
        raise click.UsageError(error.args[0]) from error
    except NoAnswerError as error:
        if isinstance(error.__cause__, duckdb.OutOfMemoryException):
            raise NoAnswerError(TOO_MUCH) from error
        raise
    except MemoryError:
        os.kill(os.getpid(), signal.SIGKILL)  # there may be no memory for a message


def _go_on_within_bounds() -> None:
    """Continues in a child process with limits on time and memory. This process ends with the child's exit status."""
    sys.stdout.flush()
    if (child := os.fork()) == 0:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY * 10**9, MEMORY * 10**9))
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # DuckDB reacts at the end of a query only, the parent at once
        return
    try:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except KeyboardInterrupt:
        os.kill(child, signal.SIGKILL)
        raise
    if status == -signal.SIGALRM:
        raise NoAnswerError(TOO_LONG)
    if status < 0:
        raise NoAnswerError(TOO_MUCH)
    sys.exit(status)


def _edition(answer: Answer) -> str:
    moment, name, version = answer.edition
    return f"edition of {moment.isoformat(timespec='seconds')} (UTC), contract {version}, {name}"


def _table(answer: Answer) -> None:
    labels = [cell(label) for label in answer.columns]
    rows = [[cell(value) for value in row] for row in islice(answer.rows, MOST_ROWS)]
    widths = [max(map(len, column)) for column in zip(labels, *rows, strict=True)]
    for row in (labels, ["-" * width for width in widths], *rows):
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
    if next(answer.rows, None):
        click.echo(f"the first {MOST_ROWS} rows: --format csv has all")
    click.echo(_edition(answer))


def _csv(answer: Answer) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["edition", *(without_formula(name) for name in answer.columns)])
    edition = _edition(answer)
    for row in answer.rows:
        writer.writerow([edition, *(without_formula(value) if isinstance(value, str) else value for value in row)])


def _json(answer: Answer) -> None:
    if twice := [name for name, count in Counter(answer.columns).items() if count > 1]:
        raise NoAnswerError(f"json has one value of a name: several columns are named {twice[0]}")
    edition = dict(zip(("published_at", "publication_id", "contract_version"), map(str, answer.edition), strict=True))
    click.echo(f'{{"edition": {json.dumps(edition)}, "rows": [')
    for number, row in enumerate(answer.rows):
        values = _plain(dict(zip(answer.columns, row, strict=True)))
        click.echo(f"{',' if number else ' '}{json.dumps(values, ensure_ascii=False)}")
    click.echo("]}")


def _plain(value: object) -> Any:
    """Returns the value for JSON; a date, or a number that is not finite, becomes text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float | Decimal) and isfinite(value):
        return float(value)
    return value if value is None or isinstance(value, bool | int) else str(value)


PRINTERS = {"table": _table, "csv": _csv, "json": _json}
