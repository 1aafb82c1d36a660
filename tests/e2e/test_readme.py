"""The README and a page give the answers of their queries on the published demo file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import DOCS, README, FinishedRun

pytestmark = pytest.mark.xdist_group("demo")
QUESTION = r"\*\*[^\n]+\?\*\*\n\n```sql\n(.*?)\n```\n\n\|[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)+)"


@pytest.mark.parametrize("page", [README, DOCS / "emissions.md"], ids=lambda page: page.name)
def test_the_answers_of_a_page_are_those_of_the_file(demo: FinishedRun, page: Path) -> None:
    questions = re.findall(QUESTION, page.read_text("utf-8"), re.S)
    assert questions
    for sql, answer in questions:
        rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in answer.splitlines()]
        assert [tuple(str(value) for value in row) for row in demo.home.query(sql)] == rows, sql
