"""Bytes to Arrow: finds the layout of a file by its header, gives every column its declared type.

A file that matches no layout is refused with one clear line. A row with a value that cannot be read is set
aside with its number and the reason: loaded + quarantined = received.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import chain

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.catalog import Column, Dataset, Layout, Table
from ingestion.formats import TextRelation, UnreadableFileError, open_text_relation
from ingestion.snapshots import Snapshot

BATCH_ROWS = 100_000
_BLANKS = ("' '", "chr(9)", "chr(10)", "chr(13)", "chr(160)")
MAX_QUARANTINED_SHARE = 0.05

ARROW_TYPES: dict[str, pa.DataType] = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}


class ReadError(Exception):
    """A file that is refused: one line naming dataset, file, what was found and what was expected."""


@dataclass(frozen=True)
class QuarantinedRow:
    """A row set aside by a reader."""

    dataset_id: str
    snapshot_id: str
    table_name: str
    row_number: int
    column_name: str
    value: str
    reason: str


@dataclass
class ReadReport:
    """What happened to the rows of one raw table."""

    received: int = 0
    loaded: int = 0
    quarantined: list[QuarantinedRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of the raw table: declared columns, statuses, reference date, snapshot."""
    fields: list[pa.Field] = []
    for name, column in table.columns.items():
        fields.append(pa.field(name, ARROW_TYPES.get(column.type, pa.string()), nullable=name not in table.primary_key))
        if column.masked:
            fields.append(pa.field(f"{name}_status", pa.string()))
    if table.reference_dates:
        fields.append(pa.field("reference_date", pa.date32()))
    fields.append(pa.field("snapshot_id", pa.string()))
    return pa.schema(fields)


def read_table(dataset: Dataset, table: Table, snapshots: list[Snapshot], report: ReadReport) -> Iterator[pa.Table]:
    """Yields the rows of all files of one raw table, and fills ``report``.

    Raises:
        ReadError: a claimed file matches no layout, cannot be read, or is below the row floor.
    """
    schema = arrow_schema(table)
    for snapshot in snapshots:
        if not fnmatch(snapshot.file_name, table.file_pattern):
            continue
        received_before = report.received
        for batch in _read_file(dataset, table, snapshot, report):
            yield batch.cast(schema)
        rows = report.received - received_before
        if rows < table.row_floor:
            where = f"{dataset.dataset_id}: {snapshot.file_name}"
            raise ReadError(f"{where}: {rows} rows, expected at least {table.row_floor} (truncated?)")
        bad = [row for row in report.quarantined if row.snapshot_id == snapshot.snapshot_id]
        if len({row.row_number for row in bad}) > rows * MAX_QUARANTINED_SHARE:
            first = bad[0]
            raise ReadError(
                f"{dataset.dataset_id}: {snapshot.file_name}: {len(bad)} of {rows} rows cannot be read, first row "
                f"{first.row_number}, column {first.column_name}: {first.reason}, found {first.value!r}"
            )


def normalised(label: str) -> str:
    """A header label without case, accents, punctuation and stray marks, to compare labels."""
    folded = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "", folded.casefold())


def _read_file(dataset: Dataset, table: Table, snapshot: Snapshot, report: ReadReport) -> Iterator[pa.Table]:
    where = f"{dataset.dataset_id}: {snapshot.file_name}"
    layouts = table.layouts_for(snapshot.file_name)
    if not layouts:
        raise ReadError(f"{where}: no layout is declared for a file of this name")
    if table.reference_dates and table.reference_dates.of(snapshot.file_name) is None:
        raise ReadError(f"{where}: the file carries no date and its record declares none for a file of this name")
    problems: list[tuple[int, str]] = []
    for layout in layouts:
        connection = duckdb.connect()
        try:
            with open_text_relation(connection, snapshot.path, layout) as relation:
                positions, missing = _match(table, layout, relation.labels)
                if missing:
                    problems.append((len(missing), f"layout {layout.name}: missing column {', '.join(missing)}"))
                    continue
                _warn_of_extra_columns(where, table, layout, relation.labels, positions, report)
                sql = _typed_sql(table, layout, relation, positions, snapshot)
                rows_per_line = len(_wide_columns(layout, relation)) or 1
                yield from _stream(connection, sql, dataset, table, snapshot, relation, rows_per_line, report)
                return
        except UnreadableFileError as error:
            problems.append((0 if len(layouts) == 1 else len(table.columns), f"layout {layout.name}: {error}"))
        except duckdb.Error as error:
            raise ReadError(f"{where}: {_csv_problem(error)}") from error
        finally:
            connection.close()
    raise ReadError(f"{where}: {min(problems)[1]}")


def _csv_problem(error: duckdb.Error) -> str:
    """The one line of DuckDB's CSV error that a person needs: the line number and what is wrong there."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    line = next((text for text in lines if "Line:" in text or "line" in text.lower()), lines[0])
    what = next((text for text in lines if "Expected Number" in text or "unterminated" in text.lower()), "")
    return f"the file is damaged or truncated: {line} {what}".strip()


def _labels_of(name: str, column: Column, layout: Layout) -> list[str]:
    if name in layout.names:
        return [layout.names[name]]
    return [*column.aliases, name]


def _match(table: Table, layout: Layout, labels: list[str]) -> tuple[dict[str, int], list[str]]:
    """Position in the file of each declared column, and the required ones that are not there."""
    by_label = {normalised(label): position for position, label in reversed(list(enumerate(labels)))}
    made = {*layout.constants, *layout.joined}
    if layout.unpivot:
        made |= {*layout.unpivot.keys, layout.unpivot.value}
    positions: dict[str, int] = {}
    missing = [label for parts in layout.joined.values() for label in parts if normalised(label) not in by_label]
    for name, column in table.columns.items():
        if name in made:
            continue
        for label in _labels_of(name, column, layout):
            if label.startswith("re:"):
                found = [p for p, text in enumerate(labels) if re.fullmatch(label[3:], text)]
            else:
                found = [by_label[normalised(label)]] if normalised(label) in by_label else []
            if found:
                positions[name] = found[0]
                break
        else:
            if column.required:
                missing.append(_labels_of(name, column, layout)[0])
    if layout.unpivot and not any(re.fullmatch(layout.unpivot.pattern, label) for label in labels):
        missing.append(layout.unpivot.pattern)
    return positions, missing


def _warn_of_extra_columns(
    where: str, table: Table, layout: Layout, labels: list[str], positions: dict[str, int], report: ReadReport
) -> None:
    used = set(positions.values())
    known = [pattern.casefold() for pattern in [*layout.ignore, *table.drop, *chain(*layout.joined.values())]]
    extra = [
        label
        for position, label in enumerate(labels)
        if position not in used
        and not any(fnmatch(label.casefold(), pattern) for pattern in known)
        and not (layout.unpivot and re.fullmatch(layout.unpivot.pattern, label))
    ]
    if extra:
        report.warnings.append(
            f"{where}: loaded without the undeclared column {', '.join(repr(label) for label in extra)}"
        )


def _sql_texts(texts: Iterable[str]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)


def _sql_list(texts: list[str]) -> str:
    return f"({_sql_texts(text.casefold() for text in texts)})"


def _is_one_of(text: str, texts: list[str]) -> str:
    blank = f"{text} = ''" if "" in texts else "false"
    named = [marker for marker in texts if marker]
    return f"({blank} or lower({text}) in {_sql_list(named)})" if named else f"({blank})"


def _trimmed(raw: str) -> str:
    return f"coalesce(trim({raw}, {' || '.join(_BLANKS)}), '')"


def _plain_sql(column: Column, raw: str) -> str | None:
    """SQL that reads the common notation of a number or date at little cost, NULL where more work is needed."""
    match column.type:
        case "number" | "integer":
            return f"try_cast({raw} as double)"
        case "date" | "timestamp":
            return f"try_cast({raw} as timestamp)"
        case _:
            return None


def _typed_plain(column: Column, plain: str) -> str:
    """SQL that gives the value of ``_plain_sql`` the declared type, NULL when it has none."""
    match column.type:
        case "number":
            return f"case when isfinite({plain}) then {plain} end"
        case "integer":
            return f"case when isfinite({plain}) and {plain} = floor({plain}) then try_cast({plain} as bigint) end"
        case "date":
            return f"cast({plain} as date)"
        case _:
            return plain


def _value_sql(column: Column, layout: Layout, text: str) -> str:
    """SQL that gives ``text`` (trimmed) its declared type, NULL when it cannot be read so."""
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
            return (
                f"coalesce(cast(try_cast(rtrim({text}, 'Z') as timestamp) as date), "
                f"cast(try_strptime({text}, '%d/%m/%Y') as date))"
            )
        case "timestamp":
            return f"coalesce(try_cast({text} as timestamp), try_strptime({text}, '%d/%m/%Y %H:%M'))"
        case "commune":
            lost_zero = f"length({text}) = 4 and regexp_full_match({text}, '\\d{{4}}')"
            overseas = f"length({text}) = 6 and regexp_full_match({text}, '97\\d{{4}}')"
            return (
                f"case when {lost_zero} then '0' || {text} when {overseas} then '97' || right({text}, 3) "
                f"else nullif(upper({text}), '') end"
            )
        case "departement" | "region":
            lost_zero = f"length({text}) = 1 and regexp_full_match({text}, '\\d')"
            return f"case when {lost_zero} then '0' || {text} else nullif(upper({text}), '') end"
        case "epci":
            return (
                f"nullif(case when contains({text}, '.') then regexp_replace({text}, '\\.0+$', '') else {text} end, '')"
            )
        case _:
            return f"nullif({text}, '')"


_EXPECTED = {
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "date": "a date",
    "timestamp": "a date and time",
}


class _ColumnSql:
    """The SQL of one column: what most values need costs little, the rest is evaluated for the values left over."""

    def __init__(self, name: str, column: Column, table: Table, layout: Layout, raw: str | None) -> None:
        self.name = name
        self.text_name = f"{name}__text"
        raw = raw or "cast(null as varchar)"
        markers = [*table.secret, *table.below_threshold]
        typed = column.type in _EXPECTED
        plain = _plain_sql(column, raw) if not any(re.search(r"\d", m) for m in [*markers, *table.missing]) else None
        blanks = f"({', '.join(_BLANKS)})"
        padded = f"{raw}[1] in {blanks} or {raw}[-1] in {blanks}"
        clean = f"case when {padded} then {_trimmed(raw)} else coalesce({raw}, '') end"
        self.texts = [f"{raw if typed else clean} as {self.text_name}"]
        text = _trimmed(self.text_name) if typed else self.text_name
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
        self.problems: list[str] = []
        if typed:
            self.problems.append(
                f"case when {unread} and not {absent} and not {hidden} "
                f"then '{name}' || chr(31) || {text} || chr(31) || 'expected {_EXPECTED[column.type]}' end"
            )
        if is_key:
            self.problems.append(f"case when {absent} then '{name}' || chr(31) || chr(31) || 'expected a key' end")


def _wide_columns(layout: Layout, relation: TextRelation) -> dict[int, tuple[str, ...]]:
    """Position and keys of each column that becomes a row."""
    if layout.unpivot is None:
        return {}
    matches = [(i, re.fullmatch(layout.unpivot.pattern, label)) for i, label in enumerate(relation.labels)]
    return {position: match.groups() for position, match in matches if match}


def _typed_sql(
    table: Table, layout: Layout, relation: TextRelation, positions: dict[str, int], snapshot: Snapshot
) -> str:
    """The query that types every column; its ``_problem`` column says what cannot be read in a row."""
    source, raw_of = relation.sql, {name: f"c{position}" for name, position in positions.items()}
    if layout.joined:
        by_label = {normalised(label): position for position, label in enumerate(relation.labels)}
        parts = {name: [f"c{by_label[normalised(label)]}" for label in made] for name, made in layout.joined.items()}
        joined = ", ".join(f"concat({', '.join(columns)}) as joined_{name}" for name, columns in parts.items())
        source = f"select *, {joined} from ({source})"
        raw_of |= {name: f"joined_{name}" for name in parts}
    if layout.unpivot:
        wide = _wide_columns(layout, relation)
        lists = {f"unpivot_key_{i}": _sql_texts(keys) for i, keys in enumerate(zip(*wide.values(), strict=True))}
        lists["unpivot_value"] = ", ".join(f"c{position}" for position in wide)
        kept = "".join(f"{c}, " for c in dict.fromkeys(raw_of.values()))
        unnested = ", ".join(f"unnest([{items}]) as {name}" for name, items in lists.items())
        source = f"select {kept}{unnested} from ({source})"
        raw_of |= dict(zip([*layout.unpivot.keys, layout.unpivot.value], lists, strict=True))
    for name, constant in layout.constants.items():
        raw_of[name] = _sql_texts([constant])

    columns = [_ColumnSql(n, column, table, layout, raw_of.get(n)) for n, column in table.columns.items()]
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


def _stream(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    dataset: Dataset,
    table: Table,
    snapshot: Snapshot,
    relation: TextRelation,
    rows_per_line: int,
    report: ReadReport,
) -> Iterator[pa.Table]:
    """Streams the typed rows, setting aside those with a problem."""
    seen = 0
    for batch in connection.sql(sql).to_arrow_reader(BATCH_ROWS):
        problem = batch.column("_problem")
        rows = pa.Table.from_batches([batch]).drop_columns(["_problem"])
        if problem.null_count != len(problem):
            good = pc.is_null(problem)
            for index in pc.indices_nonzero(pc.invert(good)).to_pylist():
                for part in problem[index].as_py().split("\x1e"):
                    column, value, reason = part.split("\x1f")
                    report.quarantined.append(
                        QuarantinedRow(
                            dataset.dataset_id, snapshot.snapshot_id, dataset.table_name(table),
                            relation.first_row + (seen + index) // rows_per_line, column, value, reason,
                        )
                    )  # fmt: skip
            rows = rows.filter(good)
        report.received += len(batch)
        report.loaded += rows.num_rows
        seen += len(batch)
        yield rows
