"""The same query on DuckDB and on Spark: the forms that differ there without a word, and those that are refused."""

# ruff: noqa: E501 - a query is a line
from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from leviers.spark.build import session_of
from leviers.spark.rules import NotPortableError
from leviers.spark.transpile import of_contract, transpile

pytestmark = pytest.mark.spark
ROWS = """
    select * from (values
        (1, 'b', 'x', 0.285::double, 7, ['p', 'q'], date '2024-01-31'),
        (1, 'a', null, 2.5::double, 2, ['r'], date '2024-03-01'),
        (2, 'a', 'y', -3.5::double, null, [], date '2023-12-31'),
        (2, 'c', 'y', null, 4, null, null)
    ) as t (grp, name, text, number, whole, texts, day)
"""
SAME = {
    "parallel unnest goes in step": "select unnest(['a', 'b']) as k, unnest([grp, whole]) as v from t",
    "unnest within a term": "select cast(unnest(generate_series(grp, 3)) as integer) as n, name from t",
    "a list counts from 1": "select ['p', 'q'][grp], texts[1], texts[9] from t",
    "a key of a map": "select map_from_entries([('a', name), ('x', text)])['x'] from t",
    "a place in an ordered list": "select grp, list(day order by day)[cast(floor(count(day) / 2) + 1 as integer)] from t group by grp",
    "a place in a list": "select list_position(['a', 'b'], name) from t",
    "whole by whole is a fraction": "select whole / 2, whole / nullif(grp, 0), sum(whole) / count(*) over () from t group by all",
    "decimal by decimal is a double": "select cast(whole as decimal(18, 6)) / 3.0 from t",
    "a cast to whole rounds": "select cast(number as integer), cast(number as bigint) from t",
    "a double is rounded as it is": "select round(number, 2), round(number), round(2.675::double, 2), round(0.125::double * grp, 2) from t",
    "the mean of decimals is a double": "select avg(cast(whole as decimal(18, 6))) from t",
    "log is that of ten": "select log(whole), log10(whole), log(2, whole), ln(whole) from t",
    "patterns of numbers": """
        select format('{:,.0f}', 1234567.5 * whole), format('{:,.0f}', number), format('{:.7f}', number / 1000),
            format('{:.4g}', abs(number)), format('{:.4g}', 999.96 / grp) from t where number is not null
    """,
    "texts are joined in an order": """
        select grp, string_agg(distinct text, ', ' order by text) as texts, string_agg(name, ' ' order by name desc),
            string_agg(distinct name, ' ' order by name) from t group by grp
    """,
    "no text joined is no text": "select string_agg(distinct text, ', ' order by text) from t where text is null",
    "the value of the largest, where there is one": "select grp, arg_max(text, whole), arg_min(name, (-whole, name)) from t group by grp",
    "the first in an order": "select grp, first(name order by whole desc, name) from t group by grp",
    "any value is one": "select grp, any_value(text) from t group by grp",
    "an order within a sum": "select grp, sum(number order by number), max(day order by day) from t group by grp",
    "NULL comes last": "select name, row_number() over (order by number, name), row_number() over (order by number desc, name) from t",
    "a window that is added to": """
        select name, sum(whole) over (w rows between 1 preceding and current row) from t
        window w as (partition by grp order by name)
    """,
    "different values of a window": "select name, count(distinct text) over (partition by grp), count(distinct if(whole > 3, text, null)) over (partition by grp) from t",
    "ranges of numbers": "select grp, quantile_cont(whole, 0.25), median(number) from t group by grp",
    "concat_ws leaves NULL out": "select concat_ws(' ', name, text), concat(name, text), name || text from t",
    "a hash of parts": "select left(md5(concat_ws('/', name, text, grp)), 12) from t",
    "columns by their names": "select grp, name from t union all by name select text, 'z' as name from t",
    "columns by their names, in a query of others": """
        with u as (select name, text from t), v as (select * from u union all by name select grp, name from t),
        w as (select * from v union all by name select * from u union all by name select whole from t)
        select * from w
    """,
    "rows of terms": "select t.name, l.a, l.b from t, lateral (values (t.grp, 'g'), (t.whole, 'w')) as l (a, b)",
    "the latest that is not beyond": """
        select t.name, s.of from t asof left join (select * from (values (1, 2, 'low'), (1, 5, 'high')) as v (grp, least, of)) as s
        on t.grp = s.grp and t.whole >= s.least
    """,
    "QUALIFY of rows": "select name, lag(name) over w as before from t window w as (order by name, grp) qualify lag(name) over w is not null",
    "QUALIFY of groups": "select grp, name, count(*) as n from t group by grp, name qualify row_number() over (partition by grp order by max(whole) desc) = 1",
    "a value of another query": "select name, (select max(o.whole) from t as o where o.name = t.name) from t",
    "pairs among pairs": "select name from t where (grp, name) in (select (o.grp, o.name) from t as o where o.whole > 3)",
    "days between": "select date_diff('day', day, date '2024-03-01'), strftime(day, '%d/%m/%Y'), make_date(2020 + grp, 12, 31) from t",
    "equal, NULL to NULL too": "select name, text is not distinct from name, text is distinct from null from t",
    "columns that become rows": "select name, n, v from (select name, grp, whole from t) unpivot (v for n in (grp, whole))",
    "a text is cut as it is": "select left(text, 1), substr(name, 2), split_part('a|b', '|', 2), string_split('a.b', '.'), starts_with(name, 'a') from t",
}  # fmt: skip
REFUSED = {
    "a function that is not known": "select list_reverse(texts) from t",
    "a regular expression": "select regexp_replace(name, 'a', 'b') from t",
    "a cast that may fail": "select try_cast(text as integer) from t",
    "a percentile that sqlglot would make an approximate one": "select percentile_cont(0.25) within group (order by whole) from t",
    "a walk": "with recursive w as (select 1 as n union all select n + 1 from w where n < 3) select n from w",
    "all but the row": "select sum(whole) over (rows between unbounded preceding and unbounded following exclude current row) from t",
    "columns that are replaced": "select * replace (1 as grp) from t",
    "another pattern": "select format('{:e}', number) from t",
    "a list of no order": "select list(name) from t",
    "texts in another order": "select string_agg(distinct name, ' ' order by grp) from t",
    "rows side by side": "select * from t positional join t as u",
}


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("spark")
    session = session_of(folder)
    duckdb.sql(f"copy ({ROWS}) to '{folder}/t.parquet'")
    session.read.parquet(f"{folder}/t.parquet").createOrReplaceTempView("t")
    yield session
    session.stop()


def plain(value: Any) -> Any:
    """Decimals and doubles as numbers, lists as tuples."""
    if isinstance(value, float | Decimal):
        return float(f"{float(value):.12g}")
    return tuple(plain(item) for item in value) if isinstance(value, list | tuple) else value


def in_order(rows: list[Any]) -> list[Any]:
    return sorted((tuple(plain(value) for value in row) for row in rows), key=repr)


@pytest.mark.parametrize("query", SAME.values(), ids=SAME)
def test_both_engines_say_the_same(spark: Any, query: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table t as {ROWS}")
        expected = connection.execute(query).fetchall()
    written = transpile(query, lambda part: list(spark.sql(part).columns))
    assert in_order(spark.sql(written).collect()) == in_order(expected), written


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED)
def test_an_unknown_form_is_refused(query: str) -> None:
    with pytest.raises(NotPortableError):
        transpile(query, lambda _: [])


def test_a_division_by_zero_is_no_silence(spark: Any) -> None:
    """DuckDB says infinity, which no check lets pass; Spark without ANSI would say NULL."""
    with pytest.raises(Exception, match="DIVIDE_BY_ZERO"):
        spark.sql(transpile("select 1 / 0", lambda _: [])).collect()


def test_a_contract_names_the_columns_and_their_types(spark: Any) -> None:
    written = of_contract("select 1 as a, 'x' as b", {"b": "varchar", "a": "decimal(18, 6)"}, ["a", "b"])
    assert [field.dataType.simpleString() for field in spark.sql(written).schema] == ["decimal(18,6)", "string"]
    with pytest.raises(NotPortableError, match="c"):
        of_contract("select 1 as a", {"a": "integer", "c": "varchar"}, ["a"])


def test_dbt_looks_for_the_macros_by_the_name_of_their_project() -> None:
    """Otherwise the macros of dbt-spark run in their place, without a word."""
    from dbt.adapters.leviersspark import Plugin

    project = yaml.safe_load((Path(Plugin.include_path) / "dbt_project.yml").read_text(encoding="utf-8"))
    assert Plugin.project_name == project["name"]
