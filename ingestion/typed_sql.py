"""SQL that converts the columns of a text relation to their declared types, and reports values that cannot be read.

The cheap conversion is tried first; the others are evaluated only for the values that it cannot read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import cast

from ingestion.catalog import Column, Layout, Table
from ingestion.formats import TextRelation
from ingestion.header import Header
from ingestion.snapshots import Snapshot
from leviers.common.quoting import literal

_PLAIN_TYPES = {"number": "double", "integer": "double", "date": "timestamp", "timestamp": "timestamp"}
_BLANKS = ("' '", "chr(9)", "chr(10)", "chr(13)", "chr(160)")


def _sql_texts(texts: Iterable[str]) -> str:
    return ", ".join(map(literal, texts))


def _sql_list(texts: list[str]) -> str:
    return f"({_sql_texts(text.casefold() for text in texts)})"


def _is_one_of(text: str, texts: list[str]) -> str:
    blank = f"coalesce({text}, '') = ''" if "" in texts else "false"
    named = [marker for marker in texts if marker]
    return f"({blank} or lower({text}) in {_sql_list(named)})" if named else f"({blank})"


def _trimmed(raw: str) -> str:
    return f"coalesce(trim({raw}, {' || '.join(_BLANKS)}), '')"


def _clean(raw: str) -> str:
    """Returns the text without blanks at its ends, NULL if it is empty. Texts without such blanks are not copied."""
    padded = f"{raw}[-1] <= ' ' or {raw}[-1] = chr(160) or {raw} < '!' or ({raw} >= chr(160) and {raw} < chr(161))"
    return f"case when {padded} then nullif(trim({raw}, {' || '.join(_BLANKS)}), '') else {raw} end"


def _has_plain_notation(column: Column, table: Table) -> bool:
    """Returns whether no marker of secrecy or absence looks like a number or date."""
    markers = [*table.secret, *table.below_threshold, *table.missing]
    return column.type in _PLAIN_TYPES and not any(re.search(r"\d", marker) for marker in markers)


def native_types(table: Table, positions: dict[str, int]) -> dict[int, str]:
    """Returns the types that DuckDB's CSV reader may set, by position in the file; other columns stay text.

    Empty if the record has words such as ``ND`` for absent numbers.
    """
    if set(table.missing) - {"", "NA"}:
        return {}
    used = Counter(positions.values())
    return {
        position: _PLAIN_TYPES[column.type]
        for name, position in positions.items()
        if used[position] == 1 and not (column := table.columns[name]).masked and _has_plain_notation(column, table)
    }


def _plain_sql(column: Column, raw: str) -> str:
    """Returns SQL that reads the common notation of a number or date; NULL for any other notation."""
    return f"try_cast({raw} as {_PLAIN_TYPES[column.type]})"


def _typed_plain(column: Column, plain: str) -> str:
    """Returns SQL that converts the value of ``_plain_sql`` to the declared type, NULL if that is impossible."""
    match column.type:
        case "integer":
            return f"case when isfinite({plain}) and {plain} = floor({plain}) then try_cast({plain} as bigint) end"
        case "date":
            return f"case when isfinite({plain}) then cast({plain} as date) end"
        case _:
            return f"case when isfinite({plain}) then {plain} end"


def _value_sql(column: Column, layout: Layout, text: str) -> str:
    """Returns SQL that converts ``text`` (trimmed) to its declared type, NULL if it cannot be read."""
    match column.type:
        case "number" | "integer":
            number = f"replace(replace(replace({text}, ' ', ''), chr(160), ''), chr(8239), '')"
            if layout.decimal == ",":
                number = f"replace({number}, ',', '.')"
            return _typed_plain(column, f"try_cast({number} as double)")
        case "boolean":
            truths, lies = (
                _sql_list(["true", "1", "t", "vrai", "oui", "yes"]),
                _sql_list(["false", "0", "f", "faux", "non", "no"]),
            )
            return f"case when lower({text}) in {truths} then true when lower({text}) in {lies} then false end"
        case "date":
            return _typed_plain(
                column, f"coalesce(try_cast(rtrim({text}, 'Z') as timestamp), try_strptime({text}, '%d/%m/%Y'))"
            )
        case "timestamp":
            return _typed_plain(
                column, f"coalesce(try_cast({text} as timestamp), try_strptime({text}, '%d/%m/%Y %H:%M'))"
            )
        case "commune":
            lost_zero = f"strlen({text}) = 4 and regexp_full_match({text}, '\\d{{4}}')"
            overseas = f"strlen({text}) = 6 and regexp_full_match({text}, '97\\d{{4}}')"
            return (
                f"case when {lost_zero} then '0' || {text} when {overseas} then '97' || right({text}, 3) "
                f"else upper({text}) end"
            )
        case "departement" | "region":
            lost_zero = f"strlen({text}) = 1 and regexp_full_match({text}, '\\d')"
            return f"case when {lost_zero} then '0' || {text} else upper({text}) end"
        case "epci":
            whole = f"nullif(regexp_replace({text}, '\\.0+$', ''), '')"
            return f"case when contains({text}, '.') then {whole} else {text} end"
        case _:
            return text


EXPECTED = {
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "date": "a date",
    "timestamp": "a date and time",
}


class _ColumnSql:
    def __init__(
        self, name: str, column: Column, table: Table, layout: Layout, raw: str | None, native: bool = False
    ) -> None:
        self.name = name
        self.text_name = f"{name}__text"
        self.problems: list[str] = []
        if native:
            self._check_native(column, table, cast(str, raw))
        else:
            self._read_text(column, table, layout, raw or "cast(null as varchar)")

    def _check_native(self, column: Column, table: Table, raw: str) -> None:
        """Checks only for invalid values of the type, which the CSV reader has set."""
        native = self.text_name
        self.texts = [f"{raw} as {native}"]
        self.selected = [self.name]
        match column.type:
            case "integer":
                self.value, self.suspect = f"try_cast({native} as bigint)", f"{self.name} is distinct from {native}"
            case "date":
                self.value, self.suspect = f"cast({native} as date)", f"not isfinite({native})"
            case _:
                self.value, self.suspect = native, f"not isfinite({native})"
        if self.name in table.primary_key:
            self.suspect += f" or {self.name} is null"
        self.problems = [f"case when {self.suspect} then '{self.name}: expected {EXPECTED[column.type]}' end"]

    def _read_text(self, column: Column, table: Table, layout: Layout, raw: str) -> None:
        name = self.name
        markers = [*table.secret, *table.below_threshold]
        typed = column.type in EXPECTED
        plain = _plain_sql(column, raw) if _has_plain_notation(column, table) else None
        is_text = column.masked or not typed
        self.texts = [f"{_clean(raw) if is_text else raw} as {self.text_name}"]
        text = self.text_name if is_text else _trimmed(self.text_name)
        absent = _is_one_of(text, ["", *table.missing])
        hidden = _is_one_of(text, markers) if column.masked else "false"
        self.value = _value_sql(column, layout, text)
        if typed:
            self.value = f"case when not {absent} and not {hidden} then {self.value} end"
            if plain:
                self.texts.append(f"{plain} as {name}__plain")
                self.value = f"coalesce({_typed_plain(column, f'{name}__plain')}, {self.value})"
            self.value = f"case when {self.text_name} is not null then {self.value} end"
        self.selected = [name]
        if column.masked:
            observed = f"when {name} is not null then 'observed' " if typed else ""
            self.selected.append(
                f"case {observed}when {_is_one_of(text, table.secret)} then 'secret' "
                f"when {_is_one_of(text, table.below_threshold)} then 'below_threshold' "
                f"when {absent} then 'missing' else 'observed' end as {name}_status"
            )
        is_key = name in table.primary_key
        unread = f"{name} is null and {self.text_name} is not null"
        self.suspect = f"({name} is null)" if typed and is_key else f"({unread if typed else absent})"
        if typed:
            self.problems.append(
                f"case when {unread} and not {absent} and not {hidden} "
                f"then '{name}' || chr(31) || {text} || chr(31) || 'expected {EXPECTED[column.type]}' end"
            )
        if is_key:
            self.problems.append(f"case when {absent} then '{name}' || chr(31) || chr(31) || 'expected a key' end")


def wide_columns(layout: Layout, relation: TextRelation) -> dict[int, tuple[str, ...]]:
    """Returns the position of each column that becomes a row, with its keys."""
    if layout.unpivot is None:
        return {}
    matches = [(i, re.fullmatch(layout.unpivot.pattern, label)) for i, label in enumerate(relation.labels)]
    return {position: match.groups() for position, match in matches if match}


def typed_sql(
    table: Table,
    layout: Layout,
    relation: TextRelation,
    header: Header,
    snapshot: Snapshot,
    native: Collection[int] = (),
) -> str:
    """Returns the query that types each column; its column ``_problem`` has the values of a row that cannot be read.

    The columns at the positions ``native`` have their types already.
    """
    source, raw_of = relation.sql, {name: f"c{position}" for name, position in header.positions.items()}
    if header.joined:
        parts = {name: ", ".join(f"c{position}" for position in made) for name, made in header.joined.items()}
        joined = ", ".join(f"concat({columns}) as joined_{name}" for name, columns in parts.items())
        source = f"select *, {joined} from ({source})"
        raw_of |= {name: f"joined_{name}" for name in parts}
    if layout.unpivot:
        wide = wide_columns(layout, relation)
        lists = {f"unpivot_key_{i}": _sql_texts(keys) for i, keys in enumerate(zip(*wide.values(), strict=True))}
        lists["unpivot_value"] = ", ".join(f"c{position}" for position in wide)
        carried = "".join(f"{c}, " for c in dict.fromkeys(raw_of.values()))
        unnested = ", ".join(f"unnest([{items}]) as {name}" for name, items in lists.items())
        source = f"select {carried}{unnested} from ({source})"
        raw_of |= dict(zip([*layout.unpivot.keys, layout.unpivot.value], lists, strict=True))
    for name, constant in layout.constants.items():
        raw_of[name] = _sql_texts([constant])

    columns = [
        _ColumnSql(name, column, table, layout, raw_of.get(name), header.positions.get(name) in native)
        for name, column in table.columns.items()
    ]
    selected = [name for column in columns for name in column.selected]
    if table.reference_dates:
        selected.append(f"cast('{table.reference_dates.of(snapshot.file_name)}' as date) as reference_date")
    selected.append(f"'{snapshot.snapshot_id}' as snapshot_id")
    suspects = [column.suspect for column in columns if column.problems]
    problems = [problem for column in columns for problem in column.problems]
    problem = (
        f"case when {' or '.join(suspects)} then nullif(concat_ws(chr(30), {', '.join(problems)}), '') end"
        if problems
        else "cast(null as varchar)"
    )
    texts = ", ".join(text for column in columns for text in column.texts)
    values = ", ".join(f"{column.text_name}, {column.value} as {column.name}" for column in columns)
    return (
        f"select {', '.join(selected)}, {problem} as _problem "
        f"from (select {values} from (select {texts} from ({source})))"
    )
