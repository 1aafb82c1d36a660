"""The README's answers are those that its queries give on the published demo file."""

from __future__ import annotations

import re

import pytest

from tests.conftest import COVERAGE, README, Ran, shown_coverage

pytestmark = pytest.mark.xdist_group("demo")
QUESTIONS = re.findall(
    r"\*\*([^\n]+\?)\*\*\n\n```sql\n(.*?)\n```\n\n\|[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)+)", README.read_text(), re.S
)


def test_there_are_six_questions() -> None:
    assert len(QUESTIONS) == 6


@pytest.mark.parametrize(("question", "sql", "answer"), QUESTIONS, ids=[question for question, _, _ in QUESTIONS])
def test_the_answer_is_the_one_shown(demo: Ran, question: str, sql: str, answer: str) -> None:
    shown = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in answer.splitlines()]
    assert [tuple(str(value) for value in row) for row in demo.home.query(sql)] == shown


def test_the_demo_opens_what_is_shown(demo: Ran) -> None:
    assert demo.home.query(COVERAGE) == [shown_coverage("`make demo`")]
