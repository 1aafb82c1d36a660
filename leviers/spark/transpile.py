"""The SQL of the models, which is DuckDB's, in that of Spark; what is not known to mean the same there is refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import Any

from sqlglot import ErrorLevel, exp, parse_one, transforms
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.spark import Spark

# What a query may be made of: each was held against DuckDB (tests/spark), as it is or by a rule below.
KNOWN = """
    add alias and anyvalue argmax argmin array between boolean bracket case cast coalesce column concat concatws cte
    datatype datatypeparam distinct div dpipe eq exists filter from group gt gte having identifier if ignorenulls in
    interval is join lambda lateral like literal lt lte mul neg neq not null nullsafeeq nullsafeneq or order ordered
    paren pivot qualify select star sub subquery table tablealias tuple union unpivotcolumns values var where window
    windowspec with
    abs arraycontains arraytostring avg ceil chr contains count currentdate datediff datefromparts dayofyear denserank
    endswith exp explode first firstvalue floor format generateseries greatest groupconcat lag lead least left length
    list list_position ln log logicaland logicalor lower mapfromentries max median min nullif percentilecont pow replace
    round regr_sxx regr_sxy regr_syy rownumber split splitpart sqrt substring sum timetostr transform trim upper year
"""
FORMS = set(KNOWN.split())
IN_ANY_ORDER = (exp.Sum, exp.Avg, exp.Max, exp.Min, exp.Count, exp.LogicalOr, exp.LogicalAnd, exp.Anonymous)
WHOLE = {exp.DataType.Type.INT, exp.DataType.Type.BIGINT}
# Where a query stands for rows; elsewhere it is a value, of which Spark has to see that it is one.
OF_ROWS = (exp.From, exp.Join, exp.In, exp.Lateral, exp.Union, exp.Subquery, exp.CTE)


class NotPortableError(Exception):
    """A query has a function or a form that is not known to mean the same on Spark."""


class Models(DuckDB):
    """The SQL of the models as dbt-spark writes it: that of DuckDB, with the names of tables in backquotes."""

    INDEX_OFFSET = 0  # sqlglot leaves places in lists as they are

    class Tokenizer(DuckDB.Tokenizer):
        """Both quotes of names."""

        IDENTIFIERS = ['"', "`"]  # noqa: RUF012


class Spark4(Spark):
    """Spark of 4.3 on, which has QUALIFY: sqlglot would write it as a query around, without the names of windows."""

    class Generator(Spark.Generator):
        """As that of Spark."""

        TRANSFORMS = Spark.Generator.TRANSFORMS | {
            exp.Select: transforms.preprocess([transforms.unnest_to_explode]),
        }


def transpile(sql: str, columns_of: Callable[[str], list[str]]) -> str:
    """A query of Spark with the rows of a query of a model; ``columns_of`` names the columns of a query of Spark.

    Raises:
        NotPortableError: it has a function or a form that is not known.
    """
    tree = parse_one(sql, dialect=Models)
    for node in tree.walk():
        _refuse_unknown(node)
        if isinstance(node, exp.Table):
            node.set("catalog", None)
    for select in list(tree.find_all(exp.Select)):
        _unnest_in_step(select)
        _write_out_windows(select)
    for node in reversed(list(tree.walk())):
        replaced = _rule(node)
        if node is tree:
            tree = replaced
        elif replaced is not node:
            node.replace(replaced)
    for query in (*tree.find_all(exp.CTE), tree):  # in their order: one reads those before
        for union in reversed(list(query.find_all(exp.Union))):
            if union.args.get("by_name"):
                _align(union, columns_of)
    return _written(tree)


def _refuse_unknown(node: exp.Expression) -> None:
    name = node.name.lower() if isinstance(node, exp.Anonymous) else node.key
    beyond = (
        (isinstance(node, exp.Join) and node.args.get("method") and not _is_asof(node))
        or (isinstance(node, exp.WindowSpec) and node.args.get("exclude"))
        or (isinstance(node, exp.With) and node.args.get("recursive"))
        or (isinstance(node, exp.Star) and (node.args.get("replace") or node.args.get("rename")))
    )
    if name not in FORMS or beyond:
        raise NotPortableError(node.sql("duckdb")[:200])


def _written(tree: exp.Expression) -> str:
    return tree.sql(Spark4, comments=False, unsupported_level=ErrorLevel.RAISE)


def _call(name: str, *arguments: Any) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=[exp.convert(argument, copy=True) for argument in arguments])


def _double(node: exp.Expression) -> exp.Expression:
    return exp.cast(node.copy(), "double")


def _if(condition: exp.Expression, value: exp.Expression) -> exp.Expression:
    return _call("if", condition, value, exp.null())


def _is_null(node: exp.Expression) -> exp.Expression:
    return exp.Is(this=node.copy(), expression=exp.null())


def _unnest_in_step(select: exp.Select) -> None:
    """Lists that are unnested side by side go in step, where Spark would pair each with each; so does one in a term."""
    unnested = [
        node for column in select.expressions for node in column.find_all(exp.Explode) if node.parent_select is select
    ]
    if len(unnested) < 2 and all(isinstance(node.parent, exp.Select | exp.Alias) for node in unnested):
        return
    names = [f"unnested_{place}" for place in range(len(unnested))]
    rows = _call("inline", _call("arrays_zip", *(node.this for node in unnested)))
    for node, name in zip(unnested, names, strict=True):
        node.replace(exp.column(name))
    alias = exp.TableAlias(this=exp.to_identifier("unnested"), columns=[exp.to_identifier(name) for name in names])
    select.append("laterals", exp.Lateral(this=rows, view=True, alias=alias))


def _write_out_windows(select: exp.Select) -> None:
    """A named window that is added to where it is used, which Spark has not."""
    named = {window.name: window for window in select.args.get("windows") or ()}
    for window in list(select.find_all(exp.Window)):
        base = named.get(window.alias)
        if base and (window.args.get("order") or window.args.get("spec")):
            window.set("alias", None)
            for part in ("partition_by", "order"):
                if not window.args.get(part) and base.args.get(part):
                    window.set(part, base.copy().args[part])


def _align(union: exp.Union, columns_of: Callable[[str], list[str]]) -> None:
    """The columns of UNION BY NAME, in one order on both sides; NULL where a side has not a column."""
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


def _rule(node: exp.Expression) -> exp.Expression:
    match node:
        case exp.Div():  # also of whole and decimal numbers; of nothing by zero, Spark raises
            node.set("this", _double(node.this))
        case exp.Avg():
            node.set("this", _double(node.this))
        case exp.Cast() if node.to.this in WHOLE:  # DuckDB rounds, Spark cuts
            node.set("this", _call("rint", node.this))
        case exp.Round() if node.args.get("decimals"):
            return _rounded(_double(node.this), int(node.args["decimals"].name))
        case exp.Log():
            return _call("log10", node.this)
        case exp.Format():
            return _formatted(node)
        case exp.Chr():
            return exp.Literal.string(chr(int(node.expressions[0].name)))
        case exp.ConcatWs():
            return _call("concat_ws", *node.expressions)
        case exp.Bracket():  # a place in a list, from 1 on, or a key of a map
            place = node.expressions[0]
            return _call(
                "try_element_at", node.this, exp.cast(place, "int") if isinstance(node.this, exp.Array) else place
            )
        case exp.MapFromEntries():
            return _call("map", *(part for pair in node.this.expressions for part in pair.expressions))
        case exp.Anonymous() if node.name.lower() == "list_position":
            return _call("nullif", _call("array_position", *node.expressions), 0)
        case exp.In() if isinstance(node.this, exp.Tuple) and node.args.get("query"):
            query = node.args["query"].this
            if isinstance(query.expressions[0], exp.Tuple):
                query.set("expressions", query.expressions[0].expressions)
        case exp.Values() if isinstance(node.find_ancestor(exp.Lateral, exp.Select), exp.Lateral):
            return _rows_of(node)
        case exp.Window() if isinstance(node.this, exp.RowNumber) and not (node.args.get("order") or node.alias):
            node.set("order", exp.Order(expressions=[exp.Ordered(this=exp.null())]))
        case exp.Window(this=exp.Count(this=exp.Distinct() as values)):
            node.set("this", _call("collect_set", values.expressions[0]))
            return _call("size", node)
        case exp.Window(this=exp.Filter(this=exp.Count(this=exp.Distinct() as values), expression=chosen)):
            node.set("this", _call("collect_set", _if(chosen.this, values.expressions[0])))
            return _call("size", node)
        case exp.PercentileCont():
            order = exp.Order(expressions=[exp.Ordered(this=node.this)])
            return exp.WithinGroup(this=_call("percentile_cont", node.expression), expression=order)
        case exp.IgnoreNulls(this=exp.AnyValue()):
            return _call("any_value", node.this.this, True)
        case exp.ArgMax() | exp.ArgMin():  # DuckDB leaves out the rows of no value
            name = "max_by" if isinstance(node, exp.ArgMax) else "min_by"
            key = node.expression
            if isinstance(key, exp.Tuple):  # NULL comes last
                key = _call("struct", *(part for each in key.expressions for part in (_is_null(each), each)))
            return _call(name, node.this, _if(_is_null(node.this).not_(), key))
        case exp.First(this=exp.Order()):
            return _first(node.this)
        case exp.List():
            return _listed(node.expressions[0])
        case exp.Filter(this=exp.Anonymous(this="array_join") as joined):  # of _joined, which has the condition in it
            return joined
        case exp.GroupConcat() if node.find(exp.Distinct):
            return _joined(node)
        case exp.Subquery(this=exp.Select(expressions=[exp.Column() as column])) if not isinstance(
            node.parent, OF_ROWS
        ):
            node.this.set("expressions", [_call("max", column)])
        case exp.Select() if node.args.get("qualify") and node.args.get("group"):
            return _qualified(node)
        case exp.Join() if _is_asof(node):
            return _latest(node)
        case exp.GenerateSeries() if isinstance(node.parent, exp.Table):
            return _call("explode", node)
        case exp.Order(this=exp.Expression() as value) if isinstance(node.parent, IN_ANY_ORDER):
            return value  # the order is there so that DuckDB adds up the same each time
    return node


def _rows_of(values: exp.Values) -> exp.Expression:
    """Rows of expressions, which Spark takes from queries alone."""
    rows = [exp.select(*row.expressions) for row in values.expressions]
    return exp.union(*rows, distinct=False) if len(rows) > 1 else rows[0]


def _formatted(node: exp.Format) -> exp.Expression:
    """A number as text: of Spark's functions, ``format_number`` alone rounds the double itself, as DuckDB does."""
    pattern, number = node.this.name, _double(node.expressions[0])
    if pattern == "{:,.0f}":
        return _call("format_number", number, 0)
    if pattern == "{:.7f}":
        return _fixed(number, exp.Literal.number(7))
    if pattern == "{:.4g}":  # of a number from 0.001 to 1000
        digits = exp.cast(_call("floor", _call("log10", _call("abs", number))), "int")
        return _call("regexp_replace", _fixed(number, exp.Literal.number(3) - digits), r"\.?0*$", "")
    raise NotPortableError(node.sql("duckdb"))


def _fixed(number: exp.Expression, decimals: exp.Expression) -> exp.Expression:
    return _call("replace", _call("format_number", number, decimals), ",", "")


def _rounded(number: exp.Expression, decimals: int) -> exp.Expression:
    """A double rounded as it is, a half away from zero: Spark rounds what is written of it, and the halves in full."""
    parts = exp.paren(number * exp.Literal.number(2 ** (decimals + 1)))
    near = exp.cast(_fixed(number, exp.Literal.number(decimals)), "double")
    return _call("if", parts.eq(_call("rint", parts)), _call("round", number, decimals), near)


def _first(order: exp.Order) -> exp.Expression:
    """The value of the first row; a key that falls is a number."""
    keys: list[exp.Expression] = []
    for key in order.expressions:
        keys += [_is_null(key.this), exp.Neg(this=exp.paren(key.this)) if key.args.get("desc") else key.this]
    return _call("min_by", order.this, _call("struct", *keys))


def _qualified(select: exp.Select) -> exp.Expression:
    """QUALIFY of groups, which Spark has of rows alone."""
    names = [exp.column(name, quoted=True) for name in select.named_selects]
    condition = select.args["qualify"].this.copy()
    groups = select.copy().select(exp.alias_(condition, "qualifies"))
    groups.set("qualify", None)
    return exp.select(*names).from_(groups.subquery("groups_made")).where(exp.column("qualifies"))


def _is_asof(join: exp.Join) -> bool:
    return str(join.args.get("method")).upper() == "ASOF" and join.side == "LEFT"


def _latest(join: exp.Join) -> exp.Expression:
    """ASOF LEFT JOIN: of the rows that meet the condition, the one that is highest by what it is at least."""
    least = join.args["on"].find(exp.GTE)
    rows = exp.select("*").from_(join.this.copy()).where(join.args["on"].copy())
    rows = rows.order_by(exp.Ordered(this=least.expression.copy(), desc=True)).limit(1)
    lateral = exp.Lateral(this=rows.subquery(), alias=exp.TableAlias(this=exp.to_identifier(join.alias_or_name)))
    return exp.Join(this=lateral, side="LEFT", on=exp.true())


def _listed(values: exp.Expression) -> exp.Expression:
    """A list in the order of its values, or a set, of which no order is known."""
    if isinstance(values, exp.Distinct):
        return _call("collect_set", values.expressions[0])
    if isinstance(values, exp.Order) and [key.this for key in values.expressions] == [values.this]:
        return _call("array_sort", _call("collect_list", values.this))
    raise NotPortableError(values.sql("duckdb"))


def _joined(node: exp.GroupConcat) -> exp.Expression:
    """Different texts in their order: of LISTAGG(DISTINCT), Spark 4.3 fails at some plans."""
    order = node.this
    text = order.this.expressions[0]
    if [key.this for key in order.expressions] != [text]:
        raise NotPortableError(node.sql("duckdb"))
    if isinstance(node.parent, exp.Filter):
        text = _if(node.parent.expression.this, text)
    texts = _call("array_sort", _call("collect_set", text))
    return _call("array_join", _call("nullif", texts, _call("array")), node.args["separator"])


def of_contract(query: str, types: dict[str, str], columns: list[str]) -> str:
    """A query of Spark with the columns of a contract, in the types that it names as DuckDB does.

    Raises:
        NotPortableError: the query has other columns.
    """
    if sorted(columns) != sorted(types):
        raise NotPortableError(f"columns {sorted(set(columns) ^ set(types))}")
    built = {name: exp.DataType.build(type_, dialect=DuckDB).sql(Spark4) for name, type_ in types.items()}
    return f"select {', '.join(f'cast(`{name}` as {built[name]}) as `{name}`' for name in columns)} from ({query})"
