"""The questions of an analyst in ``questions/``, and the answer of a published file to a SELECT."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from ingestion.fault import RefusalError
from leviers.common.words import without_controls

QUESTIONS = Path(__file__).with_name("questions")
QUESTION = re.compile(
    r"-- (?P<title>.+?)\n-- Réponse : (?P<answer>.+?)\n-- Piège : (?P<trap>.+?)\n(?P<sql>[^-].*)\n", re.S
)
NEXT_LINE = "\n--   "
# A query reads this file only and writes nothing; it cannot change these settings.
QUERY_SETTINGS: dict[str, Any] = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "memory_limit": "2GB",
    "lock_configuration": "true",
}
EDITION_QUERY = (
    "select publie_le, publication_id, version_du_contrat from vues.fait_publication order by publie_le desc limit 1"
)
ROWS_AT_ONCE = 1000
LONGEST_CELL = 60


@dataclass(frozen=True)
class Question:
    """A question of the book with its query, the meaning of the answer, and the mistake that the query avoids."""

    number: int
    title: str
    answer: str
    trap: str
    sql: str


@dataclass(frozen=True)
class Answer:
    """The columns and rows of an answer, and the edition that it is from: its moment, id and contract."""

    edition: tuple[datetime, str, str]
    columns: Sequence[str]
    rows: Iterator[tuple[Any, ...]]


class NoSelectError(RefusalError):
    """The question is not exactly one SELECT."""


class NoAnswerError(RefusalError):
    """DuckDB refuses the query, or it takes too much time or memory."""


def questions() -> list[Question]:
    """Returns the questions of the book in its order."""
    return [_question(file) for file in sorted(QUESTIONS.glob("*.sql"))]


def _question(file: Path) -> Question:
    """Reads the head of a file, which is a comment, and its query.

    Raises:
        ValueError: it has no such head.
    """
    parts = QUESTION.fullmatch(file.read_text(encoding="utf-8"))
    if parts is None:
        raise ValueError(f"{file}: no head with a title, Réponse and Piège")
    return Question(int(file.stem), **{name: text.replace(NEXT_LINE, " ") for name, text in parts.groupdict().items()})


@contextmanager
def opened_answer(file: Path, sql: str) -> Iterator[Answer]:
    """Yields the answer of a DuckDB file to a single SELECT. The rows must be read within the context.

    The query cannot read other files or the network, and has 2 GB of memory.

    Raises:
        NoSelectError: the text is not a single SELECT.
        NoAnswerError: DuckDB refuses the query, or it takes too much memory.
    """
    with duckdb.connect(str(file), read_only=True, config=QUERY_SETTINGS) as connection:
        try:
            [edition] = connection.execute(EDITION_QUERY).fetchall()
            statements = connection.extract_statements(sql)
            if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
                raise NoSelectError("only one SELECT is answered, and nothing else")
            result = connection.execute(statements[0])
            rows = chain.from_iterable(iter(lambda: result.fetchmany(ROWS_AT_ONCE), []))
            yield Answer(edition, [name for name, *_ in result.description or ()], rows)
        except duckdb.Error as error:
            raise NoAnswerError(f"no answer: {error}") from error


def cell(value: Any) -> str:
    """Returns a value as text for a table: NULL is empty, a long text is cut, a control character is spelt out."""
    is_real = isinstance(value, float | Decimal)
    text = "" if value is None else f"{value:.12g}" if is_real else without_controls(" ".join(str(value).split()))
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
