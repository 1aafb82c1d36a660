"""Opens a file as a text relation in DuckDB: each column as VARCHAR, in the order of the file.

Values are not interpreted here: ``readers.py`` matches the labels and sets the types.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import fastexcel

from ingestion.catalog import Layout
from ingestion.received import (
    UnreadableFileError,
    as_utf8,
    refuse_bomb,
    refuse_nul,
    refuse_other_kind,
    unpacked_member,
    with_one_line_end,
)
from leviers.common.quoting import literal

MAX_JSON_OBJECT_BYTES = 64 * 1024**2
# The notations of a NUL in each format.
_NULS = {"csv": (b"\0",), "sql": (b"\0",), "json": (b"\0", b"\\u0000"), "cubejs": (b"\0", b"\\u0000")}


@dataclass(frozen=True)
class TextRelation:
    """A query with the columns ``c0, c1, ...`` as VARCHAR, and the label of each in the file."""

    sql: str
    labels: list[str]
    first_row: int


def normalised(label: str) -> str:
    """Returns a label without case, accents and punctuation, to compare labels."""
    folded = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "", folded.casefold())


@contextmanager
def open_text_relation(connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout) -> Iterator[TextRelation]:
    """Opens ``path`` as ``layout`` says.

    Raises:
        UnreadableFileError: the file is empty, an HTML page, of another kind than the layout, a broken archive, in a
            wrong encoding, has a NUL byte in a text, lacks the member, or is no JSON.
    """
    with TemporaryDirectory(prefix="leviers-read-") as scratch:
        plain = unpacked_member(path, layout, Path(scratch))
        refuse_other_kind(plain, "json" if layout.format == "cubejs" else layout.format)
        if layout.format in ("csv", "sql"):
            plain = as_utf8(plain, layout, Path(scratch))
        refuse_nul(plain, *_NULS.get(layout.format, ()))
        relation = _open(connection, plain, layout, Path(scratch))
        yield _without_padding(relation) if layout.padded else relation


def _open(connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout, scratch: Path) -> TextRelation:
    match layout.format:
        case "csv":
            return _open_csv(path, layout, scratch)
        case "json":
            return _open_json(connection, path, layout)
        case "cubejs":
            return _open_cubejs(connection, path)
        case "parquet":
            return _open_parquet(connection, path)
        case "sql":
            return _open_sql(path, layout, scratch)
        case "xlsx":
            return _open_xlsx(connection, path, layout)


def _without_padding(relation: TextRelation) -> TextRelation:
    columns = ", ".join(f"c{i}" for i in range(len(relation.labels)))
    return replace(relation, sql=f"select * from ({relation.sql}) where trim(concat({columns})) <> ''")


def _open_csv(path: Path, layout: Layout, scratch: Path) -> TextRelation:
    path = with_one_line_end(path, scratch)
    labels = csv_labels(path, layout)
    return TextRelation(csv_sql(path, layout, len(labels)), labels, layout.skip_rows + 2)


def _open_sql(path: Path, layout: Layout, scratch: Path) -> TextRelation:
    """Returns the rows of an INSERT, each on a line of its own, as the CSV file that they make."""
    statement = path.read_text(encoding="utf-8-sig")
    named = re.search(r"insert\s+into\s+[\w.\"]+\s*\(([^)]*)\)\s*values", statement, re.IGNORECASE)
    if not named:
        raise UnreadableFileError("no INSERT that names its columns (truncated?)")
    lines = statement[named.end() :].rstrip().removesuffix(";").splitlines()
    rows = [line.strip().removesuffix(",") for line in lines if line.strip()]
    if any(not (row.startswith("(") and row.endswith(")")) for row in rows):
        raise UnreadableFileError("a row of the INSERT is not whole (truncated?)")
    with (scratch / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=layout.separator)
        writer.writerow(name.strip() for name in named[1].split(","))
        writer.writerows(csv.reader((row[1:-1] for row in rows), quotechar="'", skipinitialspace=True))
    return _open_csv(scratch / "rows.csv", layout, scratch)


def csv_labels(path: Path, layout: Layout) -> list[str]:
    """Returns the labels of a CSV file in UTF-8."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(layout.skip_rows):
            file.readline()
        labels = next(csv.reader(file, delimiter=layout.separator), [])
    return [label.replace("\ufeff", "").strip() for label in labels]


def csv_sql(path: Path, layout: Layout, width: int, types: Mapping[int, str] | None = None) -> str:
    """Returns a query of the columns ``c0, c1, ...`` of a CSV file in UTF-8; ``types`` has the types other than
    VARCHAR.

    DuckDB fills short lines only in a single thread; otherwise line ends within quotes are an error.
    """
    columns = ", ".join(f"'c{i}': '{(types or {}).get(i, 'VARCHAR')}'" for i in range(width))
    decimal = f"decimal_separator = {literal(layout.decimal)}, " if types else ""
    return (
        f"select * from read_csv({literal(path)}, delim = {literal(layout.separator)}, header = false, "
        f"skip = {layout.skip_rows + 1}, columns = {{{columns}}}, auto_detect = false, "
        f"quote = '\"', escape = '\"', {decimal}strict_mode = true, null_padding = {layout.short_lines}, "
        f"parallel = {not layout.short_lines})"
    )


def _json_rows(path: Path, records: str) -> str:
    """Returns a query of one column ``j``, one JSON object per row."""
    if records in ("$", "lines"):
        kind = "array" if records == "$" else "newline_delimited"
        return (
            f"select json as j from read_json_objects({literal(path)}, format = '{kind}', "
            f"maximum_object_size = {MAX_JSON_OBJECT_BYTES})"
        )
    return (
        f"select unnest(cast(json_extract(content, {literal(records)}) as json[])) as j "
        f"from (select content from read_text({literal(path)}))"
    )


def _json_keys(connection: duckdb.DuckDBPyConnection, rows: str, column: str) -> list[str]:
    keys = f"select distinct unnest(json_keys({column})) as k from ({rows})"
    query = f"{keys} where json_type({column}) = 'OBJECT' order by k"
    return [key for (key,) in connection.execute(query).fetchall()]


def _open_json(connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout) -> TextRelation:
    rows = _json_rows(path, layout.records)
    try:
        inside = layout.explode or layout.flatten
        keys = [key for key in _json_keys(connection, rows, "j") if key != inside]
        sources, labels, columns = [f's."{key}"' for key in keys], list(keys), "s"
        shape: dict[str, Any] = dict.fromkeys(keys, "VARCHAR")  # each object is parsed once, with its values as text
        if inside:
            member = f"json_extract(j, {literal('$.' + inside)})"
            elements = f"unnest(cast({member} as json[]))" if layout.explode else member
            inner = _json_keys(connection, f"select {elements} as m from ({rows})", "m")
            # a list of texts or numbers has no keys: its elements get the key of the list
            sources += [f't."{key}"' for key in inner] or ["t"]
            labels += [f"{inside}.{key}" for key in inner] or [inside]
            element = dict.fromkeys(inner, "VARCHAR") or "VARCHAR"
            shape[inside] = [element] if layout.explode else element
            held = f's."{inside}"'
            # an object with an empty list is kept as a row without an element
            columns = f"s, {f'unnest(coalesce(nullif({held}, []), [null]))' if layout.explode else held} as t"
    except duckdb.Error as error:
        raise UnreadableFileError(
            f"no list of JSON objects at {layout.records} (truncated?): {_first_line(error)}"
        ) from error
    if not sources:
        raise UnreadableFileError(f"no JSON object at {layout.records}")
    objects = f"select json_transform(j, {literal(json.dumps(shape))}) as s from ({rows})"
    selected = ", ".join(f"{source} as c{i}" for i, source in enumerate(sources))
    return TextRelation(f"select {selected} from (select {columns} from ({objects}))", labels, 1)


def _open_cubejs(connection: duckdb.DuckDBPyConnection, path: Path) -> TextRelation:
    """Returns the answer of a Cube.js API for one measure: rows with ``cube.member`` keys. Other members are axes."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        cube, measure = document["measureName"].split(".")
        meta, rows = document["measureMeta"], document["data"]
        members = {key.split(".")[1] for row in rows for key in row}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        message = f"no Cube.js answer with measureName, measureMeta and data: {error!r}"
        raise UnreadableFileError(message) from error
    axes = sorted(m for m in members - {measure, "date_mesure"} if not m.startswith(("geocode_", "libelle_")))

    def member(name: str) -> str:
        path = literal(f'$."{cube}.{name}"')
        return f"json_extract_string(j, {path})"

    geo = next((m for m in sorted(members) if m.startswith("geocode_")), "geocode_region")
    values = {
        "cube": literal(cube),
        "hub_id": literal(measure.removeprefix("id_")),
        "label_fr": literal(str(meta.get("libelle_indicateur") or "")),
        "unit_label": literal(str(meta.get("unite") or "")),
        geo: member(geo),
        geo.replace("geocode", "libelle"): member(geo.replace("geocode", "libelle")),
        "date_mesure": member("date_mesure"),
        "axis": literal(" | ".join(axes)),
        "axis_value": f"concat_ws(' | ', {', '.join(member(axis) for axis in axes)})" if axes else "''",
        "value": member(measure),
    }
    columns = ", ".join(f"{expression} as c{i}" for i, expression in enumerate(values.values()))
    return TextRelation(f"select {columns} from ({_json_rows(path, '$.data')})", list(values), 1)


def _open_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> TextRelation:
    source = f"read_parquet({literal(path)})"
    try:
        labels = [row[0] for row in connection.execute(f"describe select * from {source}").fetchall()]
    except duckdb.Error as error:
        message = f"no readable Parquet file: {_first_line(error)}"
        raise UnreadableFileError(message) from error
    columns = ", ".join(f'cast("{label}" as varchar) as c{i}' for i, label in enumerate(labels))
    return TextRelation(f"select {columns} from {source}", labels, 1)


def _open_xlsx(connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout) -> TextRelation:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            refuse_bomb(sum(entry.file_size for entry in archive.infolist()), path.stat().st_size)
    try:
        workbook = fastexcel.read_excel(path)
        sheets = [s for s in workbook.sheet_names if re.fullmatch(layout.sheet or ".*", s)]
        if not sheets:
            raise UnreadableFileError(f"no sheet {layout.sheet!r}, found {workbook.sheet_names}")
        table = workbook.load_sheet(sheets[0], header_row=None, skip_rows=layout.skip_rows, dtypes="string").to_arrow()
    except fastexcel.FastExcelError as error:
        message = f"no readable workbook (truncated?): {_first_line(error)}"
        raise UnreadableFileError(message) from error
    if table.num_rows == 0:
        raise UnreadableFileError("the sheet is empty")
    labels = [str(value or "").strip() for value in table.slice(0, 1).to_pylist()[0].values()]
    body = table.slice(1).rename_columns([f"c{i}" for i in range(len(labels))])
    connection.register("xlsx_sheet", body)
    return TextRelation("select * from xlsx_sheet", labels, layout.skip_rows + 2)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
