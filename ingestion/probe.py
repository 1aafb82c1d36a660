"""Compares what a portal says today with the catalogue record, from metadata and a few rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingestion.catalog import Column, Dataset, Layout, Table
from ingestion.header import Header, match_header
from ingestion.http import FetchError, HttpClient, NotReachedError
from ingestion.portals import DESCRIBERS, documented
from ingestion.portals.support import Description
from leviers.text.message import Joined, Message, detail

# Words by which portals name their types; what is in no family is not compared.
_TYPE_FAMILIES = {
    "number": ("int", "integer", "long", "double", "float", "decimal", "number", "numeric", "nombre"),
    "text": ("string", "text", "texte", "varchar", "char"),
    "date": ("date", "datetime", "date-time", "timestamp"),
    "boolean": ("boolean", "bool"),
}
_ACCEPTED = {
    "integer": {"number"},
    "number": {"number"},
    "date": {"date", "text"},
    "timestamp": {"date", "text"},
    "boolean": {"boolean", "text", "number"},
}
_LICENCE_FAMILIES = {
    "licence ouverte": r"licence ouverte|open licence|etalab|^fr-lo$|^lov[12]$",
    "odbl": r"odbl|open database",
    "cc by-sa": r"cc[ -]by[ -]sa",
    "cc by": r"cc[ -]by\b|creative commons attribution",
}


@dataclass(frozen=True)
class Probe:
    """What a portal says that the record does not, or why nobody knows."""

    differences: list[str]
    not_reached: str | None = None


def probe(dataset: Dataset, http: HttpClient) -> Probe:
    """Asks the portal of a dataset; an answer that cannot be read is a difference, none at all is not."""
    assert dataset.fetch  # noqa: S101 - only a dataset with an address is asked
    if dataset.fetch.why_closed:
        return Probe([], dataset.fetch.why_closed)
    descriptions: list[Description] = []
    wrong: list[str] = []
    not_reached: str | None = None
    try:
        with documented(dataset):
            for description in DESCRIBERS[dataset.fetch.portal](dataset, http):
                descriptions.append(description)
    except NotReachedError as error:
        not_reached = str(error)
    except FetchError as error:
        wrong = [Message("answer: {error}", error=detail(str(error)))]
    for description in descriptions:
        of_file = [description.file_name] if description.file_name and len(descriptions) > 1 else []
        wrong += [Joined(": ", (*of_file, line)) for line in _file_differences(dataset, description)]
        wrong += _licence_differences(dataset, description)
    return Probe(list(dict.fromkeys(wrong)), not_reached)


def _file_differences(dataset: Dataset, description: Description) -> list[str]:
    return [
        *_header_differences(dataset, description),
        *_type_differences(dataset, description),
        *_value_differences(dataset, description),
        *_size_differences(dataset, description),
    ]


def is_probed(dataset: Dataset) -> bool:
    """Whether a dataset is loaded from a portal that can be asked."""
    fetch = dataset.fetch
    return dataset.status == "built" and fetch is not None and fetch.portal in DESCRIBERS and fetch.url is not None


def _header_differences(dataset: Dataset, description: Description) -> list[str]:
    """What is wrong for the layout that comes nearest, by table; unknown columns where no table uses them."""
    labels = list(description.columns)
    if not labels:
        return []
    differences: list[str] = []
    unknown = set(labels)
    tables = _tables(dataset, description)
    for table in tables:
        header = _header(table, description)
        if header.problem:
            differences.append(
                Message("header: {problem}, found {labels}", problem=detail(header.problem), labels=", ".join(labels))
            )
        unknown &= set(header.extra)
    if tables and unknown:
        differences.append(Message("header: undeclared column {labels}", labels=", ".join(sorted(unknown))))
    return differences


def _header(table: Table, description: Description) -> Header:
    """The header as the layout that comes nearest reads it."""
    headers = [match_header(table, layout, list(description.columns)) for layout in _layouts(table, description)]
    return min(headers, key=lambda header: (len(header.missing), header.problem is not None))


def _layouts(table: Table, description: Description) -> list[Layout]:
    """The layouts that the described file may have."""
    return table.layouts_for(description.file_name) if description.file_name else table.layouts


def _tables(dataset: Dataset, description: Description) -> list[Table]:
    """The tables that the described file belongs to."""
    return [table for table in dataset.tables if _layouts(table, description)]


def _found_columns(dataset: Dataset, description: Description) -> Iterator[tuple[Table, Header, Column, str]]:
    """The columns that are found, with the label under which the portal has them."""
    labels = list(description.columns)
    for table in _tables(dataset, description):
        header = _header(table, description)
        for name, position in header.positions.items():
            yield table, header, table.columns[name], labels[position]


def _type_differences(dataset: Dataset, description: Description) -> list[str]:
    differences: list[str] = []
    for _, header, column, label in _found_columns(dataset, description):
        family, accepted = type_family(description.columns[label]), _ACCEPTED.get(column.type)
        textual = column.masked or header.layout.decimal == ","
        if family and accepted and family not in accepted and not (textual and family == "text"):
            differences.append(_type_difference(label, column, description.columns[label]))
    return differences


def _type_difference(label: str, column: Column, found: str | None) -> Message:
    return Message("type: {label} is declared as {type}, found {found}", label=label, type=column.type, found=found)


def _value_differences(dataset: Dataset, description: Description) -> list[str]:
    """The first value of each column that is none of its type, in the rows of the sample."""
    differences: list[str] = []
    for table, _, column, label in _found_columns(dataset, description):
        is_value = _IS_VALUE.get(column.type)
        if is_value is None or column.masked:
            continue
        known = {*table.missing, *table.secret, *table.below_threshold, "", "None"}
        texts = (str(row.get(label)).strip() for row in description.sample)
        wrong = next((text for text in texts if text not in known and not is_value(text)), None)
        if wrong is not None:
            differences.append(_type_difference(label, column, repr(wrong)))
    return differences


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?[\d\s]*([.,]\d*)?([eE][+-]?\d+)?", text) is not None


def _is_whole_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?[\d\s]+([.,]0*)?", text) is not None


_IS_VALUE: dict[str, Callable[[str], bool]] = {"integer": _is_whole_number, "number": _is_number}


def type_family(name: str | None) -> str | None:
    """The family of a portal's type, as ``double`` -> ``number``."""
    plain = (name or "").casefold().strip()
    return next((family for family, names in _TYPE_FAMILIES.items() if plain in names), None)


def _licence_differences(dataset: Dataset, description: Description) -> list[str]:
    if not description.licence:
        return []
    declared, found = licence_family(dataset.licence), licence_family(description.licence)
    if declared == found:
        return []
    return [
        Message(
            "licence: {declared!r} is declared, found {found!r}", declared=dataset.licence, found=description.licence
        )
    ]


def licence_family(name: str) -> str:
    """The family of a licence under its many names; its own name where there is none."""
    plain = name.casefold().strip()
    return next((family for family, pattern in _LICENCE_FAMILIES.items() if re.search(pattern, plain)), plain)


def _size_differences(dataset: Dataset, description: Description) -> list[str]:
    differences: list[str] = []
    floor = max((table.row_floor for table in _tables(dataset, description)), default=0)
    if description.rows is not None and description.rows < floor:
        differences.append(
            Message("size: at least {floor} rows are declared, found {rows}", floor=floor, rows=description.rows)
        )
    size_floor = dataset.fetch.size_floor if dataset.fetch else 0
    if description.size is not None and description.size < size_floor:
        differences.append(
            Message("size: at least {floor} bytes are declared, found {size}", floor=size_floor, size=description.size)
        )
    return differences
