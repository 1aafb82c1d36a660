"""The book of the analyst: each question is answered by its query, with the answer that the page shows."""

from __future__ import annotations

import re

import duckdb
import pytest

from leviers.warehouse.publication.answers import Question, questions
from tests.conftest import FinishedRun
from tools.book import BOOK, with_answers

ON_THE_DEMO = pytest.mark.xdist_group("demo")
PAGE = BOOK.read_text(encoding="utf-8")
QUESTIONS = [pytest.param(question, id=str(question.number)) for question in questions()]
READ = re.compile(r"\b(?:from|join)\s+(\w+\.\w+|\w+\(\))")
MOST_JOINS = 2
# The parts that differ between publications of the same files.
OF_A_PUBLICATION = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}|^Réponses : .*$", re.M)


def test_the_page_has_the_questions() -> None:
    """Each question has its query and what is said of it; `python -m tools.book` writes them."""
    words = " ".join(PAGE.split())
    for number, question in enumerate(questions(), start=1):
        assert question.number == number
        assert f"\n## {number}. {question.title}\n\n```sql\n{question.sql}\n```\n\n| " in PAGE
        assert f"**Ce que dit la réponse.** {question.answer} **Le piège évité.** {question.trap}" in words
    assert PAGE.count("\n## ") == number == 30


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_needs_the_star_alone(question: Question) -> None:
    """A query reads views of the star (or DuckDB's list of columns), with two joins at most and no row to drop."""
    tables = set(READ.findall(question.sql))
    assert {name for name in tables if not name.startswith("vues.")} <= {"duckdb_columns()"}
    assert len(re.findall(r"\bjoin\b", question.sql)) <= MOST_JOINS
    assert "distinct" not in question.sql


@ON_THE_DEMO
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_query_answers_with_the_columns_shown(demo: FinishedRun, question: Question) -> None:
    with duckdb.connect(str(demo.home.published), read_only=True) as connection:
        answer = connection.execute(question.sql)
        header = PAGE.split(f"{question.sql}\n```\n\n")[1].partition("\n")[0]
        assert f"| {' | '.join(name for name, *_ in answer.description or [])} |" == header
        assert answer.fetchone() is not None


@pytest.mark.xdist_group("real")
def test_the_answers_shown_are_those_of_the_real_files(real: FinishedRun) -> None:
    """`python -m tools.book` writes the answers."""
    page = with_answers(PAGE, real.home.published)
    assert OF_A_PUBLICATION.sub("", page).splitlines() == OF_A_PUBLICATION.sub("", PAGE).splitlines()
