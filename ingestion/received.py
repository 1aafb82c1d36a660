"""Checks of a received file: kind by content, member of an archive, UTF-8 without a NUL, uniform line ends."""

from __future__ import annotations

import codecs
import gzip
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

from ingestion.catalog import Layout
from ingestion.fault import RefusalError

MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_COMPRESSION_RATIO = 200
UNPACKED = "unpacked"  # the name of each unpacked file: names in an archive are not used as paths
_CHUNK = 1 << 20
_ENCRYPTED = 1  # bit of a zip member's flags
_GZIP = b"\x1f\x8b"
_SCANNED = 1 << 16
_MAGIC = {b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "xls", b"PAR1": "parquet", _GZIP: "gzip", b"%PDF": "pdf"}
# a cut workbook is reported as a broken archive
_READ_AS = {"csv": {"text"}, "sql": {"text"}, "xlsx": {"xlsx", "xls", "zip"}}
IN_WORDS = {
    "csv": "a CSV file",
    "sql": "a file of SQL",
    "text": "a text or CSV file",
    "xlsx": "an Excel workbook",
    "xls": "an Excel workbook of the old kind (.xls)",
    "json": "a JSON document",
    "parquet": "a Parquet file",
    "zip": "a zip archive",
    "gzip": "a gzip archive",
    "pdf": "a PDF document",
}


class UnreadableFileError(RefusalError):
    """The file is not as the layout says; the message names the content found and the content expected."""


def kind_of(path: Path) -> str:
    """Returns the kind of a file by its content, not by its name: a key of ``IN_WORDS``.

    Raises:
        UnreadableFileError: the file is empty or an HTML page.
    """
    with path.open("rb") as file:
        head = file.read(2048)
    if not head.strip():
        raise UnreadableFileError("the file is empty")
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise UnreadableFileError("an HTML page where data was expected")
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


def refuse_other_kind(path: Path, due: str) -> None:
    """Checks that a file is of the kind that is due, the format of a layout.

    Raises:
        UnreadableFileError: it is of another kind, which the message names.
    """
    kind = kind_of(path)
    if kind in _READ_AS.get(due, {due}):
        return
    raise UnreadableFileError(f"{IN_WORDS[kind]} where {IN_WORDS[due]} was due")


def unpacked_member(path: Path, layout: Layout, scratch: Path) -> Path:
    """Returns the file itself, or the member of the archive that the layout names. Refuses a zip bomb."""
    suffixes, size = path.suffixes[-2:], path.stat().st_size
    try:
        if path.suffix == ".tgz" or suffixes == [".tar", ".gz"]:
            # Unpacked whole first: each jump in a compressed archive would unpack it from its start.
            with gzip.open(path) as unzipped:
                plain = _copy(unzipped, scratch / "tar", size)
            with tarfile.open(plain) as tar:
                names = [entry.name for entry in tar if entry.isfile()]
                member = _member(names, layout)
                entry = tar.getmember(member)
                refuse_bomb(entry.size, size)
                with cast(IO[bytes], tar.extractfile(entry)) as content:
                    return _copy(content, scratch / UNPACKED, size)
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                member = _member([name for name in archive.namelist() if not name.endswith("/")], layout)
                info = archive.getinfo(member)
                if info.flag_bits & _ENCRYPTED:
                    raise UnreadableFileError(f"{member!r} is protected by a password in the archive")
                refuse_bomb(info.file_size, info.compress_size)
                with archive.open(info) as content:
                    return _copy(content, scratch / UNPACKED, info.compress_size)
        if path.suffix == ".gz":
            # if a server declares the compression as a transfer encoding, the client has unpacked the file
            with path.open("rb") as file:
                is_gzip = file.read(len(_GZIP)) == _GZIP
            with gzip.open(path) if is_gzip else path.open("rb") as unzipped:
                return _copy(unzipped, scratch / UNPACKED, size)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        message = f"the archive cannot be unpacked (truncated or damaged): {error}"
        raise UnreadableFileError(message) from error
    return path


def _member(names: list[str], layout: Layout) -> str:
    for name in names:
        if name.startswith("/") or ".." in PurePosixPath(name).parts:
            raise UnreadableFileError(f"the archive holds the unsafe path {name!r}")
    if layout.member is None:
        if len(names) == 1:
            return names[0]
        raise UnreadableFileError(f"the archive holds {len(names)} files and the layout names none")
    wanted = layout.member.casefold()
    matching = [name for name in names if PurePosixPath(name.casefold()).match(wanted)]
    if len(matching) != 1:
        raise UnreadableFileError(f"expected one file {layout.member!r} in the archive, found {matching or names[:10]}")
    return matching[0]


def refuse_bomb(unpacked: int, packed: int) -> None:
    """Checks the unpacked size.

    Raises:
        UnreadableFileError: it exceeds the limit of a file, or the ratio to the packed size.
    """
    if unpacked > MAX_UNPACKED_BYTES or unpacked > max(packed, 1024) * MAX_COMPRESSION_RATIO:
        raise UnreadableFileError(
            f"the archive unpacks to {unpacked} bytes or more from {packed}: refused as a zip bomb"
        )


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, packed: int) -> Path:
    """Unpacks a file and checks its size meanwhile: gzip announces no size, and a header may be wrong."""
    written = 0
    with target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            refuse_bomb(written, packed)
            file.write(chunk)
    return target


def _first_byte_not_utf8(path: Path) -> str | None:
    """Returns the place of the first byte that is not UTF-8; None if the whole file is UTF-8."""
    with path.open("rb") as file:
        for lines in _whole_lines(file):
            try:
                lines.decode()
            except UnicodeDecodeError as error:
                position = file.tell() - len(lines) + error.start
                file.seek(0)
                line = 1 + file.read(position).count(b"\n")
                return f"byte 0x{lines[error.start]:02x} at line {line}"
    return None


def as_utf8(path: Path, layout: Layout, scratch: Path) -> Path:
    """Returns the file in UTF-8: the file itself, or a copy transcoded from the encoding of the layout."""
    problem = _first_byte_not_utf8(path)
    if problem is None:
        return path
    if layout.encoding == "utf-8":
        raise UnreadableFileError(f"wrong encoding: expected UTF-8, found {problem}")
    target = scratch / f"utf8-{path.name}"
    try:
        with (
            path.open(encoding=layout.encoding, newline="") as source,
            target.open("w", encoding="utf-8", newline="") as copy,
        ):
            shutil.copyfileobj(source, copy, _CHUNK)
    except UnicodeDecodeError as error:
        message = f"wrong encoding: neither UTF-8 ({problem}) nor {layout.encoding}"
        raise UnreadableFileError(message) from error
    return target


def nul_line(path: Path, nul: bytes = b"\0") -> int | None:
    """Returns the line of the first NUL in a UTF-8 text; None if there is none."""
    line = 1
    with path.open("rb") as file:
        for lines in _whole_lines(file):
            if (place := lines.find(nul)) >= 0:
                return line + lines.count(b"\n", 0, place)
            line += lines.count(b"\n")
    return None


def refuse_nul(path: Path, *nuls: bytes) -> None:
    """Checks that a text has no NUL.

    Raises:
        UnreadableFileError: it has one, in one of the notations ``nuls``.
    """
    for nul in nuls:
        if line := nul_line(path, nul):
            raise UnreadableFileError(f"line {line}: expected text, found a NUL byte")


def with_one_line_end(path: Path, scratch: Path) -> Path:
    """Returns the file itself, or a copy with LF only if it mixes LF and CRLF, which DuckDB does not read.

    Line ends within quotes are part of a value: they are not counted and not changed.
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
    """Yields the content split at its quotes, with the index of the first part outside quotes.

    Every second part from there on is outside quotes.
    """
    first = 0
    for lines in _whole_lines(file):
        parts = lines.split(b'"')
        yield parts, first
        first = (first + len(parts) - 1) % 2


def _line_ends(content: bytes) -> set[str]:
    both = content.count(b"\r\n")
    counts = {"CRLF": both, "LF": content.count(b"\n") - both, "CR": content.count(b"\r") - both}
    return {end for end, count in counts.items() if count}
