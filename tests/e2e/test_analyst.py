"""The questions of the analyst: each is answered by its query, from the star alone."""

from __future__ import annotations

import re

import duckdb
import pytest

from leviers.warehouse.publication.answers import Question, questions
from tests.conftest import FinishedRun

QUESTIONS = [pytest.param(question, id=str(question.number)) for question in questions()]
READ = re.compile(r"\b(?:from|join)\s+(\w+\.\w+|\w+\(\))")
MOST_JOINS = 2


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_needs_the_star_alone(question: Question) -> None:
    """A query reads views of the star (or DuckDB's list of columns), with two joins at most and no row to drop."""
    tables = set(READ.findall(question.sql))
    assert {name for name in tables if not name.startswith("vues.")} <= {"duckdb_columns()"}
    assert len(re.findall(r"\bjoin\b", question.sql)) <= MOST_JOINS
    assert "distinct" not in question.sql


@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_demo_answers(demo: FinishedRun, question: Question) -> None:
    with duckdb.connect(str(demo.home.published), read_only=True) as connection:
        assert connection.execute(question.sql).fetchone() is not None
