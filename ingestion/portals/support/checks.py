"""Checks of a downloaded file: number of rows, keys, filters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingestion.http import FetchError
from leviers.common.quoting import identifier, literal


def check_key(path: Path, key: Sequence[str], rows: int, where: str) -> None:
    """Checks that the rows of an NDJSON file have distinct keys.

    Raises:
        FetchError: there are fewer keys than rows.
    """
    columns = ", ".join(f"{literal(name)}: 'JSON'" for name in key)
    names = ", ".join(map(identifier, key))
    distinct = _count(
        f"select count(*) from (select distinct {names} from read_json({literal(path)}, "
        f"format = 'newline_delimited', columns = {{{columns}}}))"
    )
    if distinct != rows:
        raise FetchError(f"{where}: {rows} rows hold {distinct} distinct keys ({', '.join(key)})")


def check_rows(path: Path, kind: str, expected: int | None, where: str, separator: str = ",") -> None:
    """Checks the number of rows of a CSV or JSON file.

    Raises:
        FetchError: it is not the ``expected`` number, if the portal announced one.
    """
    if expected is None:
        return
    source = {
        "csv": _csv(path, separator),
        "json": f"read_json_objects({literal(path)}, format = 'array')",
    }[kind]
    rows = _count(f"select count(*) from {source}", where)
    if rows != expected:
        raise FetchError(f"{where}: {rows} rows received, {expected} announced")


def check_values(path: Path, column: str, values: Sequence[str], where: str, separator: str = ",") -> None:
    """Checks that the server followed a filter: all rows of a CSV file have one of the values.

    Raises:
        FetchError: a row has another value.
    """
    wanted = ", ".join(literal(value) for value in values)
    others = _count(f"select count(*) from {_csv(path, separator)} where {identifier(column)} not in ({wanted})", where)
    if others:
        raise FetchError(f"{where}: the filter on {column} was not followed in {others} rows")


def _csv(path: Path, separator: str) -> str:
    return (
        f"read_csv({literal(path)}, delim = {literal(separator)}, header = true, all_varchar = true, "
        "quote = '\"', escape = '\"', strict_mode = false)"
    )


def _count(sql: str, where: str = "") -> int:
    import duckdb

    try:
        with duckdb.connect() as connection:
            return int(connection.execute(sql).fetchall()[0][0])
    except duckdb.Error as error:
        raise FetchError(f"{where}: the file is damaged or cut: {str(error).splitlines()[0]}") from error
