"""Compares a portal of today with the catalogue record, from metadata and a few rows."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from ingestion.catalog import Dataset, Table
from ingestion.header import Header, match_header
from ingestion.http import FetchError, HttpClient, NotReachedError
from ingestion.portals import PORTALS, describe_files
from ingestion.portals.support.description import Description
from ingestion.portals.support.files import mark_of_version, newest
from ingestion.snapshots import Snapshot

_KINDS = Path(__file__).with_name("probe.yml")
_SEPARATORS = ";,\t|"
_BYTES_OF_ROW = 100
# A probe takes ten minutes. In the last one it asks no further question, so that an answer under way can end.
PROBE_SECONDS = 540.0
# The probe does not wait for a portal that wants a longer pause.
LONGEST_PAUSE = 15.0

# The names of types at portals. A type in no family is not compared.
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
_VALUES = {"integer": r"[+-]?[\d\s]+([.,]0*)?", "number": r"[+-]?[\d\s]*([.,]\d*)?([eE][+-]?\d+)?"}
_LICENCE_FAMILIES = {
    "licence ouverte": r"licence ouverte|open licence|etalab|^fr-lo$|^lov[12]$",
    "odbl": r"odbl|open database",
    "cc by-sa": r"cc[ -]by[ -]sa",
    "cc by": r"cc[ -]by\b|creative commons attribution",
}


class FindingKind(BaseModel):
    """A kind of finding at a portal: its words, and the next step of a person.

    ``status`` is the exit status of a probe with this finding; ``gravity`` is its place in ``probe.yml``. Without a
    checkout, ``installed`` replaces ``next``, which would change the record.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    gravity: int
    label: str
    next: str
    status: Literal[0, 1, 3] = 1
    installed: str | None = None

    def step(self, *, is_checkout: bool, **values: str) -> str:
        text = self.installed if self.installed and not is_checkout else self.next
        return text.format(**values)


@cache
def kinds() -> dict[str, FindingKind]:
    """Returns all kinds of findings, the gravest first."""
    content = yaml.safe_load(_KINDS.read_text(encoding="utf-8"))
    return {name: FindingKind(gravity=number, **kind) for number, (name, kind) in enumerate(content.items())}


@dataclass(frozen=True)
class Finding:
    """A difference between a portal and the record, or the last edition; ``name`` is the name of its kind."""

    name: str
    text: str

    @property
    def kind(self) -> FindingKind:
        return kinds()[self.name]


@dataclass(frozen=True)
class Probe:
    """The findings at the portal of a dataset, the gravest first; ``weight`` is the size of its files in bytes."""

    dataset: Dataset
    findings: list[Finding]
    weight: int | None = None

    @property
    def differences(self) -> list[str]:
        """The differences between the portal and the record."""
        return [finding.text for finding in self.findings if finding.kind.status == 1]

    @property
    def not_reached(self) -> str | None:
        """The reason why the portal did not answer, or not in full; None if it did."""
        return next((finding.text for finding in self.findings if finding.kind.status == 3), None)

    @property
    def gravest(self) -> Finding | None:
        """The finding to be set right first; None if there is no finding."""
        return next(iter(self.findings), None)


class TimeBudget:
    """The time limit of a probe, pauses at the portals included."""

    def __init__(self) -> None:
        self._end = time.monotonic() + PROBE_SECONDS

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    def sleep(self, seconds: float) -> None:
        """Waits before the next call.

        Raises:
            NotReachedError: the pause is longer than a probe waits.
        """
        if seconds > LONGEST_PAUSE or time.monotonic() + seconds > self._end:
            line = f"the portal wants a pause of {seconds:.0f} seconds, longer than a probe waits"
            raise NotReachedError(line, "quota")
        time.sleep(seconds)


def probe(dataset: Dataset, http: HttpClient, last_files: Sequence[Snapshot] = ()) -> Probe:
    """Asks the portal of a dataset; ``last_files`` are its last good ones.

    An unreadable answer counts as a difference, no answer does not.
    """
    assert dataset.fetch  # noqa: S101 - only a dataset with an address is asked
    if dataset.fetch.why_closed:
        return Probe(dataset, [Finding("no_account", dataset.fetch.why_closed)])
    descriptions: list[Description] = []
    findings: list[Finding] = []
    http.moved.clear()
    try:
        descriptions.extend(describe_files(dataset, http))
    except FetchError as error:
        findings = [Finding(error.finding, str(error))]
    for description in descriptions:
        of_file = [description.file_name] if description.file_name and len(descriptions) > 1 else []
        for differences in (_header_differences, _type_differences, _size_differences):
            findings += [
                Finding(diff.name, ": ".join((*of_file, diff.text))) for diff in differences(dataset, description)
            ]
        findings += _licence_differences(dataset, description)
    findings += _edition_differences(descriptions, last_files)
    for url, target in http.moved.items():
        findings.append(Finding("redirect", f"{url} leads for good to {target}"))
    weights = [d.size or (d.rows or 0) * _BYTES_OF_ROW for d in descriptions]
    ordered = sorted(dict.fromkeys(findings), key=lambda finding: finding.kind.gravity)
    return Probe(dataset, ordered, sum(weights) or None)


def _edition_differences(descriptions: list[Description], last_files: Sequence[Snapshot]) -> Iterator[Finding]:
    """Yields a finding if the portal has a newer or older edition than the last good files, by their dates."""
    given, last = newest(description.updated for description in descriptions), newest(map(mark_of_version, last_files))
    if given and last and given != last:
        text = f"the portal has an edition of {given}, the last good one is of {last}"
        yield Finding("newer" if given > last else "older", text)


def is_probed(dataset: Dataset) -> bool:
    """Returns whether a dataset is loaded from a portal that can be asked."""
    fetch = dataset.fetch
    return dataset.status == "built" and fetch is not None and fetch.portal in PORTALS and fetch.url is not None


def _header_differences(dataset: Dataset, description: Description) -> Iterator[Finding]:
    """Yields the faults of the nearest layout, by table; if there are none, the columns that no table uses."""
    labels = list(description.columns)
    headers = _headers(dataset, description) if labels else []
    for _, header in headers:
        if header.problem:
            text = f"header: {header.problem}, found {', '.join(labels)}"
            yield Finding(_kind_of_problem(header, labels), text)
    unknown = set(labels).intersection(*(header.extra for _, header in headers))
    if headers and unknown and not any(header.problem for _, header in headers):
        yield Finding("new_column", f"header: undeclared column {', '.join(sorted(unknown))}")


def _kind_of_problem(header: Header, labels: list[str]) -> str:
    """Returns the kind of the fault of a header.

    If a single label has another separator in it, the file has another separator than the layout.
    """
    others = set(_SEPARATORS) - {header.layout.separator}
    if header.layout.format == "csv" and len(labels) == 1 and others & set(labels[0]):
        return "separator"
    return "type" if header.other_units and not header.missing else "column"


def _headers(dataset: Dataset, description: Description) -> list[tuple[Table, Header]]:
    """Returns the tables that the described file belongs to, each with its header as read by the nearest layout."""
    nearest: list[tuple[Table, Header]] = []
    for table in dataset.tables:
        layouts = table.layouts_for(description.file_name) if description.file_name else table.layouts
        headers = [match_header(table, layout, list(description.columns)) for layout in layouts]
        if headers:
            nearest.append((table, min(headers, key=lambda header: (len(header.missing), header.problem is not None))))
    return nearest


def _type_differences(dataset: Dataset, description: Description) -> Iterator[Finding]:
    """Yields the columns with another type at the portal, or with a value in the sample that is not of their type."""
    labels = list(description.columns)
    found_columns = [
        (table, header, table.columns[name], labels[position])
        for table, header in _headers(dataset, description)
        for name, position in header.positions.items()
    ]
    for table, header, column, label in found_columns:
        there = description.columns[label]
        family, accepted = type_family(there), _ACCEPTED.get(column.type)
        textual = column.masked or header.layout.decimal == ","
        wrong = there if family and accepted and family not in accepted and not (textual and family == "text") else None
        if (value := _VALUES.get(column.type)) and not column.masked:
            codes = {*table.missing, *table.secret, *table.below_threshold, "", "None"}
            texts = (str(row.get(label)).strip() for row in description.sample)
            strange = (repr(text) for text in texts if text not in codes and not re.fullmatch(value, text))
            wrong = next(strange, wrong)
        if wrong:
            text = f"type: {label} is declared as {column.type}, found {wrong}"
            yield Finding("type", text)


def type_family(name: str | None) -> str | None:
    """Returns the family of a portal's type, as ``double`` -> ``number``; None for an unknown type."""
    plain = (name or "").casefold().strip()
    return next((family for family, names in _TYPE_FAMILIES.items() if plain in names), None)


def _licence_differences(dataset: Dataset, description: Description) -> Iterator[Finding]:
    declared, described = dataset.licence, description.licence
    if described and licence_family(declared) != licence_family(described):
        text = f"licence: {declared!r} is declared, found {described!r}"
        yield Finding("licence", text)


def licence_family(name: str) -> str:
    """Returns the family of a licence under its many names; its own name where there is none."""
    plain = name.casefold().strip()
    return next((family for family, pattern in _LICENCE_FAMILIES.items() if re.search(pattern, plain)), plain)


def _size_differences(dataset: Dataset, description: Description) -> Iterator[Finding]:
    floor = max((table.row_floor for table, _ in _headers(dataset, description)), default=0)
    if description.rows is not None and description.rows < floor:
        text = f"size: at least {floor} rows are declared, found {description.rows}"
        yield Finding("empty", text)
    size_floor = dataset.fetch.size_floor if dataset.fetch else 0
    if description.size is not None and description.size < size_floor:
        yield Finding("empty", f"size: at least {size_floor} bytes are declared, found {description.size}")
