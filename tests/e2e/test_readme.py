"""The README and a page give the answers of their queries on the published demo file."""

from __future__ import annotations

import re

import pytest

from tests.conftest import COVERAGE, DOCS, README, FinishedRun, shown_coverage

pytestmark = pytest.mark.xdist_group("demo")
PAGES = (README, DOCS / "emissions.md")
QUESTION = r"\*\*([^\n]+\?)\*\*\n\n```sql\n(.*?)\n```\n\n\|[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)+)"
BY_PAGE = {page.name: re.findall(QUESTION, page.read_text("utf-8"), re.S) for page in PAGES}
QUESTIONS = [question for questions in BY_PAGE.values() for question in questions]


def test_each_page_has_its_questions() -> None:
    assert {page: len(questions) for page, questions in BY_PAGE.items()} == {"README.md": 1, "emissions.md": 1}


@pytest.mark.parametrize(("question", "sql", "answer"), QUESTIONS, ids=[question for question, _, _ in QUESTIONS])
def test_the_answer_is_the_one_shown(demo: FinishedRun, question: str, sql: str, answer: str) -> None:
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in answer.splitlines()]
    assert [tuple(str(value) for value in row) for row in demo.home.query(sql)] == rows


def test_the_demo_opens_what_is_shown(demo: FinishedRun) -> None:
    assert demo.home.query(COVERAGE) == [shown_coverage("`make demo`")]
