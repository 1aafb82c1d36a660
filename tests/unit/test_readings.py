"""The rule of readings on drawn series, by the SQL of the models: it is monotone, and rarely wrong by chance."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from benchmarks.chance import CHAIN, draw, judge, shares

COMPARED, JUDGED = CHAIN[-2:]
RANKED = "create or replace table {name} as select lever_id, territory_code, case reading when 'on_line' then 3 " + (
    "when 'behind' then 1 when 'opposite' then 0 else 2 end as rank, decided_by from int_verdict_lines_judged"
)
WORSE = """
select lever_id, territory_code, better.decided_by, worse.decided_by
from better inner join worse using (lever_id, territory_code) where better.rank < worse.rank
"""


def test_a_territory_on_its_path_concludes_in_one_case_in_ten() -> None:
    rows = shares(400)
    assert len(rows) > 50
    assert [row for row in rows if row[4] > 0.13] == []  # 0.1, and two deviations of 400 draws


@pytest.fixture(scope="module")
def lines() -> Iterator[duckdb.DuckDBPyConnection]:
    """Lines of which a part is not known, or not surely asked, of series that count the same or something else."""
    with duckdb.connect(config={"threads": 1}) as connection:
        draw(connection, 60)
        connection.execute("update int_verdict_series_weighed set known_pct = 95 where territory_code::integer % 3 = 0")
        covers = "['same', 'part', 'wider', 'other'][1 + (hash(lever_id) % 4)::integer]"
        connection.execute(f"update verdict_rules set covers = {covers}")
        judge(connection, *CHAIN[:-2])
        connection.execute(
            "update int_verdict_lines_listed set certain_share = 0.8 where territory_code::integer % 5 = 0"
        )
        yield connection


@pytest.fixture
def drawn(lines: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    lines.execute("begin")
    yield lines
    lines.execute("rollback")


def readings(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    judge(connection, COMPARED, JUDGED)
    connection.execute(RANKED.format(name=name))


@pytest.mark.parametrize("stricter", [1, 4, 10, 30])
def test_a_stricter_demand_never_makes_a_reading_better(drawn: duckdb.DuckDBPyConnection, stricter: int) -> None:
    """With the margin held fixed; a path falls from 100 to 50."""
    readings(drawn, "better")
    drawn.execute(f"""update int_verdict_lines_listed set target_level = target_level - {stricter},
        target_change = target_change - {stricter}, target_ratio = target_ratio - {stricter} / 100""")
    readings(drawn, "worse")
    assert drawn.execute("select count(distinct decided_by) >= 6 from better").fetchall() == [(True,)]
    assert drawn.execute(WORSE).fetchall() == []


@pytest.mark.parametrize("lower", [1, 4, 10, 30])
def test_a_better_value_never_makes_a_reading_worse(drawn: duckdb.DuckDBPyConnection, lower: int) -> None:
    """With the margin held fixed; the last value, raw and mean, falls."""
    readings(drawn, "worse")
    drawn.execute(f"""update int_verdict_observations set usable_value = usable_value - {lower},
        mean_value = mean_value - {lower}, value = value - {lower} where year = end_year""")
    drawn.execute(f"update int_verdict_series_selected set latest_value = latest_value - {lower}")
    readings(drawn, "better")
    assert drawn.execute(WORSE).fetchall() == []
