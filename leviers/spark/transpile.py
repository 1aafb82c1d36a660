"""Translation of the models' SQL from DuckDB to Spark; a form that is not known to mean the same is refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

from sqlglot import ErrorLevel, exp, parse_one, transforms
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.spark import Spark

from leviers.spark.rules import NotPortableError, is_asof, rule, unnest_in_step, write_out_windows

# The allowed parts of a query: each was compared with DuckDB (tests/spark), as it is or by a rule below.
KNOWN = """
    add alias and anyvalue argmax argmin array between boolean bracket case cast coalesce column concat concatws cte
    datatype datatypeparam distinct div dpipe eq exists filter from group gt gte having identifier if ignorenulls in
    interval is join lambda lateral like literal lt lte mul neg neq not null nullsafeeq nullsafeneq or order ordered
    paren pivot qualify select star sub subquery table tablealias tuple union values var where window windowspec with
    abs arraycontains arraytostring avg ceil chr contains count currentdate datediff datefromparts dayofyear denserank
    endswith exp explode first firstvalue floor format generateseries greatest groupconcat lag lead least left length
    list list_position ln log logicaland logicalor lower mapfromentries max md5 median min nullif percentilecont pow
    replace round regr_sxx regr_sxy regr_syy rownumber split splitpart sqrt startswith substring sum timetostr transform
    trim upper year
"""
FORMS = set(KNOWN.split())


class Models(DuckDB):
    """The SQL of the models as dbt-spark writes it: DuckDB's SQL, with the names of tables in backquotes."""

    INDEX_OFFSET = 0  # sqlglot then leaves the index into a list as it is

    class Tokenizer(DuckDB.Tokenizer):
        """Both quotes of names."""

        IDENTIFIERS = ['"', "`"]  # noqa: RUF012


class Spark4(Spark):
    """Spark of 4.3 on, which has QUALIFY: sqlglot would write it as a query around, without the names of windows."""

    class Generator(Spark.Generator):
        """The same as Spark's."""

        TRANSFORMS = Spark.Generator.TRANSFORMS | {
            exp.Select: transforms.preprocess([transforms.unnest_to_explode]),
        }


def transpile(sql: str, columns_of: Callable[[str], list[str]]) -> str:
    """Returns a query of Spark with the rows of a query of a model; ``columns_of`` names the columns of a query of
    Spark.

    Raises:
        NotPortableError: it has a function or a form that is not known.
    """
    tree = parse_one(sql, dialect=Models)
    for node in tree.walk():
        _refuse_unknown(node)
        if isinstance(node, exp.Table):
            node.set("catalog", None)
    for select in list(tree.find_all(exp.Select)):
        unnest_in_step(select)
        write_out_windows(select)
    for node in reversed(list(tree.walk())):
        replaced = rule(node)
        if node is tree:
            tree = replaced
        elif replaced is not node:
            node.replace(replaced)
    for query in (*tree.find_all(exp.CTE), tree):  # in order, since each may read earlier ones
        for union in reversed(list(query.find_all(exp.Union))):
            if union.args.get("by_name"):
                _align(union, columns_of)
    return _written(tree)


def _refuse_unknown(node: exp.Expression) -> None:
    name = node.name.lower() if isinstance(node, exp.Anonymous) else node.key
    beyond = (
        (isinstance(node, exp.Join) and node.args.get("method") and not is_asof(node))
        or (isinstance(node, exp.WindowSpec) and node.args.get("exclude"))
        or (isinstance(node, exp.With) and node.args.get("recursive"))
        or (isinstance(node, exp.Star) and (node.args.get("replace") or node.args.get("rename")))
    )
    if name not in FORMS or beyond:
        raise NotPortableError(node.sql("duckdb")[:200])


def _written(tree: exp.Expression) -> str:
    return tree.sql(Spark4, comments=False, unsupported_level=ErrorLevel.RAISE)


def _align(union: exp.Union, columns_of: Callable[[str], list[str]]) -> None:
    """Puts the columns of UNION BY NAME into one order on both sides; NULL where a side lacks a column."""
    within, every_cte = union.find_ancestor(exp.CTE), union.root().ctes  # type: ignore[attr-defined]
    before = list(takewhile(lambda cte: cte is not within, every_cte))
    columns = {}
    for side in ("this", "expression"):
        query = exp.select("*").from_(union.args[side].copy().subquery("side"))
        if before:
            query.set("with_", exp.With(expressions=[cte.copy() for cte in before]))
        columns[side] = columns_of(_written(query))
    every = list(dict.fromkeys(columns["this"] + columns["expression"]))
    for side, known in columns.items():
        names = [exp.column(name) if name in known else exp.alias_(exp.null(), name) for name in every]
        union.set(side, exp.select(*names).from_(union.args[side].copy().subquery("side")))
    union.set("by_name", None)


def of_contract(query: str, types: dict[str, str], columns: list[str]) -> str:
    """Returns a query of Spark with the columns of a contract, in the types that it names as DuckDB does.

    Raises:
        NotPortableError: the query has other columns.
    """
    if sorted(columns) != sorted(types):
        raise NotPortableError(f"columns {sorted(set(columns) ^ set(types))}")
    built = {name: exp.DataType.build(type_, dialect=DuckDB).sql(Spark4) for name, type_ in types.items()}
    return f"select {', '.join(f'cast(`{name}` as {built[name]}) as `{name}`' for name in columns)} from ({query})"
