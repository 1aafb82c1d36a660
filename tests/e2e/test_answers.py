"""Questions asked of the published file in SQL, with their answers: what no test of dbt knows, which knows no file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from leviers.warehouse.project import DBT_DIR
from tests.conftest import MIRROR, FinishedRun

ANSWERS = Path(__file__).with_name("answers")
QUESTIONS = [
    pytest.param(home, question, id=question["rule"], marks=pytest.mark.xdist_group(home))
    for name, home in (("demo", "demo"), ("real", "real"), ("analyst", "real"))
    for question in yaml.safe_load((ANSWERS / f"{name}.yml").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("home", "question"), QUESTIONS)
def test_the_file_answers(home: str, question: dict[str, Any], request: pytest.FixtureRequest) -> None:
    ran: FinishedRun = request.getfixturevalue(home)
    sql = question["sql"].replace("{mirror}", str(MIRROR)).replace("{seeds}", str(DBT_DIR / "seeds"))
    path = ran.home.path / question["file"] if "file" in question else ran.home.published
    with duckdb.connect(str(path), read_only=True) as connection:
        if "fails" in question:
            with pytest.raises(duckdb.Error, match=question["fails"]):
                connection.execute(sql)
        else:
            assert [list(row) for row in connection.execute(sql).fetchall()] == question.get("rows", [])
