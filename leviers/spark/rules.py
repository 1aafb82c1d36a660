"""The rules by which a form of DuckDB becomes one of Spark with the same answer; tests/spark/test_forms.py has each."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

IN_ANY_ORDER = (exp.Sum, exp.Avg, exp.Max, exp.Min, exp.Count, exp.LogicalOr, exp.LogicalAnd, exp.Anonymous)
WHOLE = {exp.DataType.Type.INT, exp.DataType.Type.BIGINT}
# Where a query stands for rows; elsewhere it is a value, and Spark has to see that it has a single row.
OF_ROWS = (exp.From, exp.Join, exp.In, exp.Lateral, exp.Union, exp.Subquery, exp.CTE)


class NotPortableError(Exception):
    """A query has a function or a form that is not known to mean the same on Spark."""


def unnest_in_step(select: exp.Select) -> None:
    """Unnests lists side by side in step, where Spark would pair each with each; also one within a term."""
    terms = [node for column in select.expressions for node in column.find_all(exp.Explode)]
    unnested = [node for node in terms if node.parent_select is select]
    if len(unnested) < 2 and all(isinstance(node.parent, exp.Select | exp.Alias) for node in unnested):
        return
    names = [exp.to_identifier(f"unnested_{place}") for place in range(len(unnested))]
    rows = _call("inline", _call("arrays_zip", *(node.this for node in unnested)))
    for node, name in zip(unnested, names, strict=True):
        node.replace(exp.column(name))
    alias = exp.TableAlias(this=exp.to_identifier("unnested"), columns=names)
    select.append("laterals", exp.Lateral(this=rows, view=True, alias=alias))


def write_out_windows(select: exp.Select) -> None:
    """Writes out a named window that a query extends in place, which Spark does not have."""
    named = {window.name: window for window in select.args.get("windows") or ()}
    for window in list(select.find_all(exp.Window)):
        base = named.get(window.alias)
        if base and (window.args.get("order") or window.args.get("spec")):
            window.set("alias", None)
            for part in ("partition_by", "order"):
                window.set(part, window.args.get(part) or base.copy().args.get(part))


def is_asof(join: exp.Join) -> bool:
    """Returns whether the join is an ASOF LEFT JOIN."""
    return str(join.args.get("method")).upper() == "ASOF" and join.side == "LEFT"


def rule(node: exp.Expression) -> exp.Expression:
    """Returns the node for Spark: the same node, changed or not, or another one.

    Raises:
        NotPortableError: the form is known, but not with these arguments.
    """
    match node:
        case exp.Div() | exp.Avg():  # DuckDB divides and averages as doubles; Spark still raises at a division by zero
            node.set("this", _double(node.this))
        case exp.Cast() if node.to.this in WHOLE:  # DuckDB rounds, Spark cuts
            node.set("this", _call("rint", node.this))
        case exp.Round() if node.args.get("decimals"):
            return _rounded(_double(node.this), int(node.args["decimals"].name))
        case exp.Log(this=base, expression=value) if value is None or base.name == "10":
            return _call("log10", value or base)
        case exp.Format():
            return _formatted(node.this.name, _double(node.expressions[0]))
        case exp.Chr():
            return exp.Literal.string(chr(int(node.expressions[0].name)))
        case exp.ConcatWs():
            return _call("concat_ws", *node.expressions)
        case exp.Bracket(this=values, expressions=[place]):  # a place in a list, from 1 on, or a key of a map
            return _call("try_element_at", values, exp.cast(place, "int") if isinstance(values, exp.Array) else place)
        case exp.MapFromEntries():
            return _call("map", *(part for pair in node.this.expressions for part in pair.expressions))
        case exp.Anonymous() if node.name.lower() == "list_position":
            return _call("nullif", _call("array_position", *node.expressions), 0)
        case exp.In(this=exp.Tuple()) if node.args.get("query"):
            query = node.args["query"].this
            if isinstance(query.expressions[0], exp.Tuple):
                query.set("expressions", query.expressions[0].expressions)
        case exp.Values() if isinstance(node.find_ancestor(exp.Lateral, exp.Select), exp.Lateral):
            return exp.union(*(exp.select(*row.expressions) for row in node.expressions), distinct=False)
        case exp.Window(this=exp.Count(this=exp.Distinct() as values)):
            node.set("this", _call("collect_set", values.expressions[0]))
            return _call("size", node)
        case exp.PercentileCont():
            order = exp.Order(expressions=[exp.Ordered(this=node.this)])
            return exp.WithinGroup(this=_call("percentile_cont", node.expression), expression=order)
        case exp.IgnoreNulls(this=exp.AnyValue()):
            return _call("any_value", node.this.this, True)
        case exp.ArgMax() | exp.ArgMin():  # DuckDB leaves out the rows of no value
            key = node.expression
            if isinstance(key, exp.Tuple):  # NULL comes last
                key = _call("struct", *(part for term in key.expressions for part in (_is_null(term), term)))
            name = "max_by" if isinstance(node, exp.ArgMax) else "min_by"
            return _call(name, node.this, _call("if", _is_null(node.this), exp.null(), key))
        case exp.First(this=exp.Order()):
            return _first(node.this)
        case exp.List(expressions=[exp.Distinct() as values]):  # a set, in no known order
            return _call("collect_set", values.expressions[0])
        case exp.List(expressions=[values]):
            return _call("array_sort", _call("collect_list", _in_its_order(values)))
        case exp.GroupConcat() if node.find(exp.Distinct):  # Spark 4.3 fails at some plans of LISTAGG(DISTINCT)
            texts = _call("array_sort", _call("collect_set", _in_its_order(node.this).expressions[0]))
            return _call("array_join", _call("nullif", texts, _call("array")), node.args["separator"])
        case exp.Subquery(this=exp.Select(expressions=[exp.Column() as column])):
            if not isinstance(node.parent, OF_ROWS):
                node.this.set("expressions", [_call("max", column)])
        case exp.Select() if node.args.get("qualify") and node.args.get("group"):  # Spark has it of rows alone
            return _qualified(node)
        case exp.Join() if is_asof(node):
            return _latest(node)
        case exp.GenerateSeries() if isinstance(node.parent, exp.Table):
            return _call("explode", node)
        case exp.Order(this=exp.Expression() as value) if isinstance(node.parent, IN_ANY_ORDER):
            return value  # the order is there so that DuckDB adds up the same each time
    return node


def _call(name: str, *arguments: Any) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=[exp.convert(argument, copy=True) for argument in arguments])


def _double(node: exp.Expression) -> exp.Expression:
    return exp.cast(node.copy(), "double")


def _is_null(node: exp.Expression) -> exp.Expression:
    return exp.Is(this=node.copy(), expression=exp.null())


def _formatted(pattern: str, number: exp.Expression) -> exp.Expression:
    """Returns a number as text. Only ``format_number`` of Spark rounds the double itself, as DuckDB does."""
    if pattern == "{:,.0f}":
        return _call("format_number", number, 0)
    if pattern == "{:.7f}":
        return _fixed(number, exp.Literal.number(7))
    if pattern == "{:.4g}":  # for a number from 0.001 to 1000
        digits = exp.cast(_call("floor", _call("log10", _call("abs", number))), "int")
        return _call("regexp_replace", _fixed(number, exp.Literal.number(3) - digits), r"\.?0*$", "")
    raise NotPortableError(pattern)


def _fixed(number: exp.Expression, decimals: exp.Expression) -> exp.Expression:
    return _call("replace", _call("format_number", number, decimals), ",", "")


def _rounded(number: exp.Expression, decimals: int) -> exp.Expression:
    """Returns a double rounded half away from zero, as DuckDB does: Spark rounds its decimal text."""
    parts = exp.paren(number * exp.Literal.number(2 ** (decimals + 1)))
    near = exp.cast(_fixed(number, exp.Literal.number(decimals)), "double")
    return _call("if", parts.eq(_call("rint", parts)), _call("round", number, decimals), near)


def _first(order: exp.Order) -> exp.Expression:
    """Returns the value of the first row; a key that falls is a number."""
    keys: list[exp.Expression] = []
    for key in order.expressions:
        keys += [_is_null(key.this), exp.Neg(this=exp.paren(key.this)) if key.args.get("desc") else key.this]
    return _call("min_by", order.this, _call("struct", *keys))


def _in_its_order(values: exp.Expression) -> exp.Expression:
    """Returns an aggregate ordered by its own argument, without the order."""
    if not isinstance(values, exp.Order) or [key.this for key in values.expressions] != (
        values.this.expressions if isinstance(values.this, exp.Distinct) else [values.this]
    ):
        raise NotPortableError(values.sql("duckdb"))
    ordered: exp.Expression = values.this
    return ordered


def _qualified(select: exp.Select) -> exp.Expression:
    names = [exp.column(name, quoted=True) for name in select.named_selects]
    groups = select.copy().select(exp.alias_(select.args["qualify"].this.copy(), "qualifies"))
    groups.set("qualify", None)
    return exp.select(*names).from_(groups.subquery("groups_made")).where(exp.column("qualifies"))


def _latest(join: exp.Join) -> exp.Expression:
    """Returns an ASOF LEFT JOIN as a lateral one: of the rows that meet the condition, that with the highest bound."""
    least = join.args["on"].find(exp.GTE).expression.copy()
    rows = exp.select("*").from_(join.this.copy()).where(join.args["on"].copy())
    rows = rows.order_by(exp.Ordered(this=least, desc=True)).limit(1)
    lateral = exp.Lateral(this=rows.subquery(), alias=exp.TableAlias(this=exp.to_identifier(join.alias_or_name)))
    return exp.Join(this=lateral, side="LEFT", on=exp.true())
