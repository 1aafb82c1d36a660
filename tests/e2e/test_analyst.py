"""Each question of the analyst is answered by its query on the published file, with the columns that the page names."""

from __future__ import annotations

import re

import duckdb
import pytest

from leviers.warehouse.project import REPOSITORY
from tests.conftest import Ran

pytestmark = pytest.mark.xdist_group("demo")
PAGE = (REPOSITORY / "docs" / "analyste.md").read_text(encoding="utf-8")
QUESTION = (
    r"## (\d+)\. [^\n]+\?\n\n```sql\n(.*?)\n```\n\nColonnes :(.*?)\.\n\n"
    r"\*\*Ce que dit la réponse\.\*\*.*?\*\*Limites\.\*\*"
)
QUESTIONS = re.findall(QUESTION, PAGE, re.S)
SQL = [pytest.param(sql, id=number) for number, sql, _ in QUESTIONS]
READ = re.compile(r"\b(?:from|join)\s+(\w+\.\w+|\w+\(\))")
MOST_JOINS = 2


def test_all_questions_of_the_page_are_found() -> None:
    assert [int(number) for number, *_ in QUESTIONS] == list(range(1, PAGE.count("```sql") + 1))
    assert len(QUESTIONS) >= 20


@pytest.mark.parametrize("sql", SQL)
def test_a_question_needs_the_star_alone(sql: str) -> None:
    """The views of the star (or the list of columns of DuckDB), two joins, and no row to drop."""
    assert {name for name in READ.findall(sql) if not name.startswith("vues.")} <= {"duckdb_columns()"}
    assert len(re.findall(r"\bjoin\b", sql)) <= MOST_JOINS
    assert "distinct" not in sql


@pytest.mark.parametrize(("sql", "columns"), [question[1:] for question in QUESTIONS], ids=[q[0] for q in QUESTIONS])
def test_the_query_answers_with_the_columns_shown(demo: Ran, sql: str, columns: str) -> None:
    with duckdb.connect(str(demo.home.published), read_only=True) as connection:
        answer = connection.execute(sql)
        assert [name for name, *_ in answer.description or []] == re.findall(r"`(\w+)`", columns)
        assert answer.fetchone() is not None
