"""Files to Arrow: finds the layout of a file by its header, and gives each column its declared type.

A file that matches no layout is refused with one clear line. A row with a value that cannot be read is set aside with
its number and the reason: loaded + quarantined = received.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.catalog import Dataset, Table
from ingestion.fault import RefusalError
from ingestion.formats import TextRelation, csv_labels, csv_sql, open_text_relation
from ingestion.header import Header, match_header
from ingestion.received import UnreadableFileError, nul_line
from ingestion.snapshots import Snapshot
from ingestion.state import RowsSetAside
from ingestion.typed_sql import native_types, typed_sql, wide_columns

BATCH_ROWS = 100_000
PLAIN_BYTES = 32 * 1024**2  # below this size, a statement for plain files saves no time
MAX_QUARANTINED_SHARE = 0.05

ARROW_TYPES: dict[str, pa.DataType] = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}


class ReadError(RefusalError):
    """A refused file: one line names the dataset, the file, the content found and the content expected."""


@dataclass
class ReadReport:
    """The rows of one raw table, counted; ``queried``: the warehouse reads the files itself."""

    queried: bool = False
    received: int = 0
    loaded: int = 0
    quarantined: list[RowsSetAside] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def arrow_schema(table: Table) -> pa.Schema:
    """Returns the Arrow schema of the raw table: declared columns, statuses, reference date, snapshot."""
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

    Before a record was checked on a real file, its row floor is a guess: a smaller file is a warning, an empty file is
    refused.

    Raises:
        ReadError: a claimed file matches no layout, cannot be read, or is below the row floor.
    """
    schema = arrow_schema(table)
    with duckdb.connect() as connection:
        for snapshot in _claimed(table, snapshots):
            for batch in _read_file(connection, dataset, table, snapshot, report):
                yield batch.cast(schema)


def _claimed(table: Table, snapshots: list[Snapshot]) -> list[Snapshot]:
    return [snapshot for snapshot in snapshots if fnmatch(snapshot.file_name, table.file_pattern)]


def _refuse_damaged(
    dataset: Dataset, floor: int, snapshot: Snapshot, rows: int, labels: Mapping[str, str], report: ReadReport
) -> None:
    """Refuses a file with too few rows, too many that cannot be read, or one that has its own ``labels`` again."""
    if rows < floor:
        small = f"{rows} rows, expected at least {floor}"
        where = (dataset.dataset_id, snapshot.file_name)
        if dataset.checks_bind or rows == 0:
            raise ReadError(": ".join((*where, f"{small} (truncated?)")))
        report.warnings.append(": ".join((*where, small)))
    bad = [row for row in report.quarantined if row.snapshot_id == snapshot.snapshot_id]
    if again := [row for row in bad if row.value == labels.get(row.column_name)]:
        what = f"row {again[0].row_number} is the header again: the file was put together from several, or is damaged"
        raise ReadError(f"{dataset.dataset_id}: {snapshot.file_name}: {what}")
    if len({row.row_number for row in bad}) > rows * MAX_QUARANTINED_SHARE:
        first = bad[0]
        what = (
            f"{len(bad)} of {rows} rows cannot be read, first row {first.row_number}, column "
            f"{first.column_name}: {first.reason}, found {first.value!r}"
        )
        raise ReadError(f"{dataset.dataset_id}: {snapshot.file_name}: {what}")


def _read_file(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, table: Table, snapshot: Snapshot, report: ReadReport
) -> Iterator[pa.Table]:
    where = (dataset.dataset_id, snapshot.file_name)
    layouts = table.layouts_for(snapshot.file_name)
    if not layouts:
        raise ReadError(": ".join((*where, "no layout is declared for a file of this name")))
    if table.reference_dates and table.reference_dates.of(snapshot.file_name) is None:
        what = "the file carries no date and its record declares none for a file of this name"
        raise ReadError(": ".join((*where, what)))
    problems: list[tuple[int, str]] = []
    for layout in layouts:
        try:
            with open_text_relation(connection, snapshot.path, layout) as relation:
                header = match_header(table, layout, relation.labels)
                if header.problem:
                    problems.append((len(header.missing), header.problem))
                    continue
                _warn_of_extra_columns(where, header, report)
                sql = typed_sql(table, layout, relation, header, snapshot)
                rows_per_line = len(wide_columns(layout, relation)) or 1
                received_before = report.received
                yield from _stream(connection, sql, dataset, table, snapshot, relation, rows_per_line, report)
                floor = min(table.row_floor, layout.row_floor or table.row_floor)
                labels = {name: relation.labels[position] for name, position in header.positions.items()}
                _refuse_damaged(dataset, floor, snapshot, report.received - received_before, labels, report)
                return
        except UnreadableFileError as error:
            what = f"layout {layout.name}: {error.args[0]}"
            problems.append((0 if len(layouts) == 1 else len(table.columns), what))
        except duckdb.Error as error:
            raise ReadError(": ".join((*where, _csv_problem(error)))) from error
    raise ReadError(": ".join((*where, min(problems)[1])))


def plain_queries(dataset: Dataset, table: Table, snapshots: list[Snapshot], report: ReadReport) -> list[str]:
    """Returns a statement per file that reads and types a table of large CSV files; none if a file needs the reader.

    The statements return the rows of ``read_table``, or end with an error at the first value that cannot be read. In
    that case ``read_table`` reads the table and sets single rows aside.
    """
    claimed = _claimed(table, snapshots)
    warned = ReadReport()
    queries = [_plain_query(dataset, table, snapshot, warned) for snapshot in claimed]
    if not claimed or not all(queries):
        return []
    report.warnings += warned.warnings
    report.queried = True
    return [query for query in queries if query]


def _plain_query(dataset: Dataset, table: Table, snapshot: Snapshot, report: ReadReport) -> str | None:
    dated = table.reference_dates is None or table.reference_dates.of(snapshot.file_name) is not None
    if snapshot.bytes < PLAIN_BYTES or snapshot.path.suffix.casefold() != ".csv" or not dated:
        return None
    if nul_line(snapshot.path):
        return None
    for layout in table.layouts_for(snapshot.file_name):
        if layout.format != "csv" or layout.unpivot or layout.padded:
            return None
        try:
            labels = csv_labels(snapshot.path, layout)
        except UnicodeDecodeError:
            return None
        header = match_header(table, layout, labels)
        if header.problem:
            continue
        _warn_of_extra_columns((dataset.dataset_id, snapshot.file_name), header, report)
        types = native_types(table, header.positions)
        relation = TextRelation(csv_sql(snapshot.path, layout, len(labels), types), labels, 0)
        sql = typed_sql(table, layout, relation, header, snapshot, types)
        *columns, last = arrow_schema(table).names
        checked = f"case when _problem is null then {last} else error(_problem) end as {last}"
        return f"select {', '.join([*columns, checked])} from ({sql})"
    return None


def _csv_problem(error: duckdb.Error) -> str:
    """Returns the part of DuckDB's CSV error that a person needs: the line number and the fault."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if "state machine" in lines[0]:
        return "the file is damaged: mixed line ends, with a CR alone or behind a stray quote"
    line = next((text for text in lines if "Line:" in text), lines[0])
    what = next((text for text in lines if "Expected Number" in text or "unterminated" in text.lower()), "")
    return f"the file is damaged or truncated: {line} {what}".strip()


def _warn_of_extra_columns(where: tuple[str, str], header: Header, report: ReadReport) -> None:
    if header.extra:
        labels = ", ".join(repr(label) for label in header.extra)
        what = f"loaded without the undeclared column {labels}"
        report.warnings.append(": ".join((*where, what)))


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
    """Yields the typed rows, and sets aside the rows with a problem."""
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
                        RowsSetAside(
                            dataset_id=dataset.dataset_id,
                            snapshot_id=snapshot.snapshot_id,
                            table_name=dataset.table_name(table),
                            row_number=relation.first_row + (seen + index) // rows_per_line,
                            column_name=column,
                            value=value,
                            reason=reason,
                        )
                    )
            rows = rows.filter(good)
        report.received += len(batch)
        report.loaded += rows.num_rows
        seen += len(batch)
        yield rows
