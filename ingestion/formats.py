"""Opens a file as a text relation in DuckDB: every source column as VARCHAR, in the order of the file.

Nothing is interpreted here; ``readers.py`` matches the labels and gives the types.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import json
import re
import shutil
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, cast

import duckdb
import fastexcel

from ingestion.catalog import Layout
from leviers.common.quoting import literal
from leviers.text.message import Message, detail

MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_COMPRESSION_RATIO = 200
MAX_JSON_OBJECT_BYTES = 64 * 1024**2
UNPACKED = "unpacked"  # what an archive calls a file is no path here
_CHUNK = 1 << 20
_ENCRYPTED = 1  # bit of a zip member's flags
_GZIP = b"\x1f\x8b"
_SCANNED = 1 << 16
_NULS = {"csv": (b"\0",), "json": (b"\0", b"\\u0000"), "cubejs": (b"\0", b"\\u0000")}  # as such a text writes it
_MAGIC = {b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "xls", b"PAR1": "parquet", _GZIP: "gzip", b"%PDF": "pdf"}
_READ_AS = {"csv": {"text"}, "xlsx": {"xlsx", "xls", "zip"}}  # a cut workbook is reported as a broken archive
_IN_WORDS = {
    "csv": Message("a CSV file"),
    "text": Message("a text or CSV file"),
    "xlsx": Message("an Excel workbook"),
    "xls": Message("an Excel workbook of the old kind (.xls)"),
    "json": Message("a JSON document"),
    "parquet": Message("a Parquet file"),
    "zip": Message("a zip archive"),
    "gzip": Message("a gzip archive"),
    "pdf": Message("a PDF document"),
}


class UnreadableFileError(Exception):
    """The file is not what the layout says; the message tells what was found and what was expected."""


@dataclass(frozen=True)
class TextRelation:
    """A SQL query giving columns ``c0, c1, ...`` as VARCHAR, and the source's label of each."""

    sql: str
    labels: list[str]
    first_row: int


def normalised(label: str) -> str:
    """A header label without case, accents, punctuation and stray marks, to compare labels."""
    folded = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "", folded.casefold())


@contextmanager
def open_text_relation(connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout) -> Iterator[TextRelation]:
    """Opens ``path`` as ``layout`` says.

    Raises:
        UnreadableFileError: empty file, HTML page, file of another kind than the layout's, broken archive, wrong
            encoding, a NUL byte in a text, no such member, no JSON.
    """
    with TemporaryDirectory(prefix="leviers-read-") as scratch:
        plain = _unpacked(path, layout, Path(scratch))
        _refuse_other_kind(plain, "json" if layout.format == "cubejs" else layout.format)
        if layout.format == "csv":
            plain = _as_utf8(plain, layout, Path(scratch))
        _refuse_nul(plain, *_NULS.get(layout.format, ()))
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
        case "xlsx":
            return _open_xlsx(connection, path, layout)


def _without_padding(relation: TextRelation) -> TextRelation:
    columns = ", ".join(f"c{i}" for i in range(len(relation.labels)))
    return replace(relation, sql=f"select * from ({relation.sql}) where trim(concat({columns})) <> ''")


def kind_of(path: Path) -> str:
    """What a file is by its content, whatever its name: a kind that a layout may have, or another in words.

    Raises:
        UnreadableFileError: the file is empty or an HTML page.
    """
    with path.open("rb") as file:
        head = file.read(2048)
    if not head.strip():
        raise UnreadableFileError(Message("the file is empty"))
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise UnreadableFileError(Message("an HTML page where data was expected"))
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(path)
    kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    return kind or ("json" if start.startswith((b"{", b"[")) else "text")


def _kind_of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return "zip"
    return "xlsx" if any(name.startswith("xl/") for name in names) else "zip"


def _refuse_other_kind(path: Path, due: str) -> None:
    """Looks whether a file is of the kind that is due, the format of a layout.

    Raises:
        UnreadableFileError: it is of another kind, which the message names.
    """
    kind = kind_of(path)
    if kind in _READ_AS.get(due, {due}):
        return
    raise UnreadableFileError(Message("{found} where {due} was due", found=_IN_WORDS[kind], due=_IN_WORDS[due]))


def _unpacked(path: Path, layout: Layout, scratch: Path) -> Path:
    """The file itself, or the one member of the archive that the layout names, checked against zip bombs."""
    suffixes, size = path.suffixes[-2:], path.stat().st_size
    try:
        if path.suffix == ".tgz" or suffixes == [".tar", ".gz"]:
            with tarfile.open(path) as tar:
                names = [entry.name for entry in tar if entry.isfile()]
                member = _member(names, layout)
                entry = tar.getmember(member)
                _refuse_bomb(entry.size, size)
                with cast(IO[bytes], tar.extractfile(entry)) as content:
                    return _copy(content, scratch / UNPACKED, size)
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                member = _member([name for name in archive.namelist() if not name.endswith("/")], layout)
                info = archive.getinfo(member)
                if info.flag_bits & _ENCRYPTED:
                    raise UnreadableFileError(
                        Message("{member!r} is protected by a password in the archive", member=member)
                    )
                _refuse_bomb(info.file_size, info.compress_size)
                with archive.open(info) as content:
                    return _copy(content, scratch / UNPACKED, info.compress_size)
        if path.suffix == ".gz":
            # a server that calls the compression an encoding of the transfer has it undone on the way
            with gzip.open(path) if _is_gzip(path) else path.open("rb") as unzipped:
                return _copy(unzipped, scratch / UNPACKED, size)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        message = Message("the archive cannot be unpacked (truncated or damaged): {error}", error=detail(str(error)))
        raise UnreadableFileError(message) from error
    return path


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP


def _member(names: list[str], layout: Layout) -> str:
    for name in names:
        if name.startswith("/") or ".." in PurePosixPath(name).parts:
            raise UnreadableFileError(Message("the archive holds the unsafe path {name!r}", name=name))
    if layout.member is None:
        if len(names) == 1:
            return names[0]
        raise UnreadableFileError(
            Message("the archive holds {count} files and the layout names none", count=len(names))
        )
    wanted = layout.member.casefold()
    matching = [name for name in names if PurePosixPath(name.casefold()).match(wanted)]
    if len(matching) != 1:
        raise UnreadableFileError(
            Message(
                "expected one file {member!r} in the archive, found {found}",
                member=layout.member,
                found=matching or names[:10],
            )
        )
    return matching[0]


def _refuse_bomb(unpacked: int, packed: int) -> None:
    if unpacked > MAX_UNPACKED_BYTES or unpacked > max(packed, 1024) * MAX_COMPRESSION_RATIO:
        raise UnreadableFileError(
            Message(
                "the archive unpacks to {unpacked} bytes or more from {packed}: refused as a zip bomb",
                unpacked=unpacked,
                packed=packed,
            )
        )


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, packed: int) -> Path:
    """Unpacks; a gzip file announces no size, and what a header announces need not be true."""
    written = 0
    with target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            _refuse_bomb(written, packed)
            file.write(chunk)
    return target


def _is_utf8(path: Path) -> str | None:
    """None if the whole file is UTF-8, else the place where it stops being so."""
    with path.open("rb") as file:
        for lines in _whole_lines(file):
            try:
                lines.decode()
            except UnicodeDecodeError as error:
                position = file.tell() - len(lines) + error.start
                file.seek(0)
                line = 1 + file.read(position).count(b"\n")
                return Message("byte {byte} at line {line}", byte=f"0x{lines[error.start]:02x}", line=line)
    return None


def _as_utf8(path: Path, layout: Layout, scratch: Path) -> Path:
    """The file in UTF-8: as it is, or transcoded from the encoding that the layout declares."""
    problem = _is_utf8(path)
    if problem is None:
        return path
    if layout.encoding == "utf-8":
        raise UnreadableFileError(Message("wrong encoding: expected UTF-8, found {problem}", problem=problem))
    target = scratch / f"utf8-{path.name}"
    try:
        with (
            path.open(encoding=layout.encoding, newline="") as source,
            target.open("w", encoding="utf-8", newline="") as copy,
        ):
            shutil.copyfileobj(source, copy, _CHUNK)
    except UnicodeDecodeError as error:
        message = Message(
            "wrong encoding: neither UTF-8 ({problem}) nor {encoding}", problem=problem, encoding=layout.encoding
        )
        raise UnreadableFileError(message) from error
    return target


def nul_line(path: Path, nul: bytes = b"\0") -> int | None:
    """The line of the first NUL of a text in UTF-8; None where there is none."""
    line = 1
    with path.open("rb") as file:
        for lines in _whole_lines(file):
            if (place := lines.find(nul)) >= 0:
                return line + lines.count(b"\n", 0, place)
            line += lines.count(b"\n")
    return None


def _refuse_nul(path: Path, *nuls: bytes) -> None:
    """Looks through a text.

    Raises:
        UnreadableFileError: it holds a NUL, by one of the ways in which it may be written.
    """
    for nul in nuls:
        if line := nul_line(path, nul):
            raise UnreadableFileError(Message("line {line}: expected text, found a NUL byte", line=line))


def _open_csv(path: Path, layout: Layout, scratch: Path) -> TextRelation:
    path = _with_one_line_end(path, scratch)
    labels = csv_labels(path, layout)
    return TextRelation(csv_sql(path, layout, len(labels)), labels, layout.skip_rows + 1 + layout.skip_after_header + 1)


def _with_one_line_end(path: Path, scratch: Path) -> Path:
    """The file, or where lines end with LF and CRLF by turns, which DuckDB does not read, a copy with LF alone.

    Line ends inside quotes are part of a value: they count for nothing and stay.
    """
    with path.open("rb") as file:
        if len({end for lines in _whole_lines(file) for end in _line_ends(lines)}) < 2:
            return path
        file.seek(0)
        ends = {end for parts, first in _at_quotes(file) for end in _line_ends(b'"'.join(parts[first::2]))}
        if not ends >= {"LF", "CRLF"}:
            return path
        file.seek(0)
        target = scratch / f"lf-{path.name}"
        with target.open("wb") as copy:
            for parts, first in _at_quotes(file):
                parts[first::2] = [part.replace(b"\r\n", b"\n") for part in parts[first::2]]
                copy.write(b'"'.join(parts))
    return target


def _whole_lines(file: IO[bytes]) -> Iterator[bytes]:
    while lines := file.read(_SCANNED) + file.readline():
        yield lines


def _at_quotes(file: IO[bytes]) -> Iterator[tuple[list[bytes], int]]:
    """The content cut at its quotes: every other part, from that number on, is outside of them."""
    first = 0
    for lines in _whole_lines(file):
        parts = lines.split(b'"')
        yield parts, first
        first = (first + len(parts) - 1) % 2


def _line_ends(content: bytes) -> set[str]:
    both = content.count(b"\r\n")
    counts = {"CRLF": both, "LF": content.count(b"\n") - both, "CR": content.count(b"\r") - both}
    return {end for end, count in counts.items() if count}


def csv_labels(path: Path, layout: Layout) -> list[str]:
    """The labels of a CSV file in UTF-8."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(layout.skip_rows):
            file.readline()
        labels = next(csv.reader(file, delimiter=layout.separator), [])
    return [label.replace("\ufeff", "").strip() for label in labels]


def csv_sql(path: Path, layout: Layout, width: int, types: Mapping[int, str] | None = None) -> str:
    """A query of the columns ``c0, c1, ...`` of a CSV file in UTF-8; ``types`` gives those that are not VARCHAR.

    DuckDB fills short lines only where one thread reads them: line ends inside quotes are an error otherwise.
    """
    columns = ", ".join(f"'c{i}': '{(types or {}).get(i, 'VARCHAR')}'" for i in range(width))
    decimal = f"decimal_separator = {literal(layout.decimal)}, " if types else ""
    return (
        f"select * from read_csv({literal(path)}, delim = {literal(layout.separator)}, header = false, "
        f"skip = {layout.skip_rows + 1 + layout.skip_after_header}, columns = {{{columns}}}, auto_detect = false, "
        f"quote = '\"', escape = '\"', {decimal}strict_mode = true, null_padding = {layout.short_lines}, "
        f"parallel = {not layout.short_lines})"
    )


def _json_rows(path: Path, records: str) -> str:
    """A query of one column ``j``, one JSON object per row."""
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


def _as_struct(column: str, keys: list[str]) -> str:
    """Every key of the JSON objects as text, parsed once."""
    return f"json_transform({column}, {literal(json.dumps(dict.fromkeys(keys, 'VARCHAR')))})"


def _open_json(connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout) -> TextRelation:
    rows = _json_rows(path, layout.records)
    try:
        inside = layout.explode or layout.flatten
        keys = [key for key in _json_keys(connection, rows, "j") if key != inside]
        sources, labels = [f's."{key}"' for key in keys], list(keys)
        columns = f"{_as_struct('j', keys)} as s"
        if inside:
            member = f"json_extract(j, {literal('$.' + inside)})"
            # an object whose list is empty stays, without an element
            elements = f"unnest(coalesce(nullif(cast({member} as json[]), []), [null]))"
            rows = f"select j, {elements if layout.explode else member} as m from ({rows})"
            inner = _json_keys(connection, rows, "m")
            # a list of texts and numbers has no keys: its elements bear its own
            sources += [f't."{key}"' for key in inner] or ["t"]
            labels += [f"{inside}.{key}" for key in inner] or [inside]
            element = _as_struct("m", inner) if inner else "m ->> '$'"
            columns += f", {element} as t"
    except duckdb.Error as error:
        raise UnreadableFileError(
            Message(
                "no list of JSON objects at {place} (truncated?): {error}",
                place=layout.records,
                error=detail(_first_line(error)),
            )
        ) from error
    if not sources:
        raise UnreadableFileError(Message("no JSON object at {place}", place=layout.records))
    selected = ", ".join(f"{source} as c{i}" for i, source in enumerate(sources))
    return TextRelation(f"select {selected} from (select {columns} from ({rows}))", labels, 1)


def _json_path(key: str) -> str:
    return f'$."{key}"'


def _open_cubejs(connection: duckdb.DuckDBPyConnection, path: Path) -> TextRelation:
    """The answer of a Cube.js API on one measure: rows of ``cube.member`` keys, some of which may be axes.

    Members that stand beside the value, such as its interval, are columns and no axes.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        cube, measure = document["measureName"].split(".")
        meta, rows, beside = document["measureMeta"], document["data"], document.get("beside", [])
        members = {key.split(".")[1] for row in rows for key in row}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        message = Message(
            "no Cube.js answer with measureName, measureMeta and data: {error}", error=detail(repr(error))
        )
        raise UnreadableFileError(message) from error
    known = {measure, "date_mesure", *beside}
    axes = sorted(m for m in members - known if not m.startswith(("geocode_", "libelle_")))

    def member(name: str) -> str:
        return f"json_extract_string(j, {literal(_json_path(f'{cube}.{name}'))})"

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
        **{name: member(name) for name in beside},
    }
    columns = ", ".join(f"{expression} as c{i}" for i, expression in enumerate(values.values()))
    return TextRelation(f"select {columns} from ({_json_rows(path, '$.data')})", list(values), 1)


def _open_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> TextRelation:
    source = f"read_parquet({literal(path)})"
    try:
        labels = [row[0] for row in connection.execute(f"describe select * from {source}").fetchall()]
    except duckdb.Error as error:
        message = Message("no readable Parquet file: {error}", error=detail(_first_line(error)))
        raise UnreadableFileError(message) from error
    columns = ", ".join(f'cast("{label}" as varchar) as c{i}' for i, label in enumerate(labels))
    return TextRelation(f"select {columns} from {source}", labels, 1)


def _open_xlsx(connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout) -> TextRelation:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(sum(entry.file_size for entry in archive.infolist()), path.stat().st_size)
    try:
        workbook = fastexcel.read_excel(path)
        sheets = [s for s in workbook.sheet_names if re.fullmatch(layout.sheet or ".*", s)]
        if not sheets:
            raise UnreadableFileError(
                Message("no sheet {sheet!r}, found {found}", sheet=layout.sheet, found=workbook.sheet_names)
            )
        table = workbook.load_sheet(sheets[0], header_row=None, skip_rows=layout.skip_rows, dtypes="string").to_arrow()
    except fastexcel.FastExcelError as error:
        message = Message("no readable workbook (truncated?): {error}", error=detail(_first_line(error)))
        raise UnreadableFileError(message) from error
    if table.num_rows == 0:
        raise UnreadableFileError(Message("the sheet is empty"))
    labels = [str(value or "").strip() for value in table.slice(0, 1).to_pylist()[0].values()]
    body = table.slice(1 + layout.skip_after_header).rename_columns([f"c{i}" for i in range(len(labels))])
    connection.register("xlsx_sheet", body)
    return TextRelation("select * from xlsx_sheet", labels, layout.skip_rows + 2 + layout.skip_after_header)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
