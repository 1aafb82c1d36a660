"""Typed catalogue of the datasets: one YAML file per producer in ``ingestion/catalog/``.

The catalogue is the only place where an address, a licence, a separator or a column type is written.
"""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from expectations.suites import Lines, TableSuite, table_suite
from leviers.common.places import is_file_name

CATALOG_DIR = Path(__file__).parent / "catalog"
BUNDLED_DIR = Path(__file__).parent / "bundled"
BUNDLED_PREFIX = "bundled_"
BUNDLED_PORTAL = "bundled"
BUNDLED_PRODUCER = "leviers"
# The environment variables with the credentials of each kind of portal.
CREDENTIALS: dict[str, tuple[str, ...]] = {
    "atmo_data": ("LEVIERS_ATMO_USERNAME", "LEVIERS_ATMO_PASSWORD"),
    "cubejs": ("LEVIERS_HUB_TOKEN",),
}

# The address of a licence that many datasets have; for any other licence the record has it.
LICENCE_URLS = {"Licence Ouverte 2.0": "https://www.etalab.gouv.fr/licence-ouverte-open-licence"}

ColumnType = Literal[
    "text", "integer", "number", "boolean", "date", "timestamp", "commune", "departement", "region", "epci"
]
Lineage = Literal["producer", "derived", "nomenclature"]
Seen = Literal["file", "recorded answer", "public program", "documentation"]

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_KNOWN_OF_IT = {"status", "verified", "evidence", "seen", "verified_note", "licence_basis"}
_NOT_OF_FILES = {"title_fr", "verified_note_fr", "series", "checks"}
_NOT_READ_BY: dict[str, Any] = dict.fromkeys(_KNOWN_OF_IT | _NOT_OF_FILES, True) | {"tables": {"__all__": {"checks"}}}
_SHARE_ALIKE = re.compile(r"\b(odbl|by-sa)\b", re.IGNORECASE)


class CatalogError(Exception):
    """A catalogue file that cannot be used: names the file, the record and the fault."""


def _check_identifier(name: str) -> None:
    """Checks that a folder, a table and an asset may have this name.

    Raises:
        ValueError: they may not.
    """
    if not _IDENTIFIER.fullmatch(name) or not is_file_name(name):
        raise ValueError(f"{name!r} is not a snake_case name")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """A column of a raw table: its type, the keys and labels under which sources publish it, its unit.

    ``aliases``: the key of the portal, and the label unless it folds to the key. A label is compared without accents,
    case and punctuation, and without a unit in brackets at its end, which must then be the ``unit``. ``re:`` begins a
    regular expression. Two labels of a file for one column are an error: see ``ingestion/header.py``.

    The code types (``commune``, ``departement``, ``region``, ``epci``) are text; lost leading zeros are restored.
    ``masked``: the source may write a secrecy marker instead of the value. The raw table then has a column
    ``<name>_status`` too (``observed``, ``secret``, ``below_threshold``, ``missing``).
    """

    type: ColumnType
    aliases: list[str] = []
    required: bool = True
    masked: bool = False
    unit: str | None = None
    description: str | None = None


class Unpivot(_Strict):
    """Wide columns that become rows: the groups of ``pattern`` are the columns of ``key``, in their order."""

    pattern: str
    key: str | list[str]
    value: str

    @property
    def keys(self) -> list[str]:
        """The columns whose values are in the label."""
        return [self.key] if isinstance(self.key, str) else self.key


class Layout(_Strict):
    """A form in which a table is published: the file format and the place of the columns."""

    name: str
    format: Literal["csv", "json", "cubejs", "parquet", "sql", "xlsx"]
    file_pattern: str | None = Field(None, description="narrows the table's pattern, where the layout depends on it")
    member: str | None = Field(None, description="file inside an archive (.tgz, .zip)")
    encoding: str = "utf-8"
    separator: str = ","
    decimal: Literal[".", ","] = "."
    skip_rows: int = Field(0, description="lines before the header")
    short_lines: bool = Field(False, description="a line may have fewer fields than the header: the rest is empty")
    sheet: str | None = Field(None, description="regular expression that one sheet name of a workbook matches")
    records: str = Field("$", description="JSON path of the list of objects")
    explode: str | None = Field(None, description="key of a list inside each object: one row per element")
    flatten: str | None = Field(None, description="key of an object inside each object, whose keys become columns")
    padded: bool = Field(False, description="lines of separators only, which a spreadsheet left, are no rows")
    names: dict[str, str] = Field({}, description="column -> its label here, where aliases do not decide")
    ignore: list[str] = Field([], description="labels (patterns, folded as labels are) that are known and not used")
    joined: dict[str, list[str]] = Field({}, description="column -> labels whose texts, end to end, make it")
    unpivot: Unpivot | None = None
    constants: dict[str, str] = Field({}, description="column -> value that this layout's files do not carry")
    row_floor: int | None = Field(None, ge=1, description="a lower one than that of the table, for files of one region")

    def reads(self, file_name: str) -> bool:
        """Returns whether the pattern of the layout allows a file of this name."""
        return fnmatch(file_name, self.file_pattern or "*")


class ReferenceDates(_Strict):
    """Dates of the content of files without one: file pattern -> date, with the reason how they are known."""

    reason: str = Field(min_length=10)
    files: dict[str, date] = {}
    in_name: str | None = Field(
        None, description="regular expression of names that bear a date: year, month, day, the first one where not said"
    )

    def of(self, file_name: str) -> date | None:
        """Returns the date of a file by its name, the first day of a month or year alone; None if nothing dates it."""
        named = re.search(self.in_name, file_name) if self.in_name else None
        if named:
            year, month, day = (int(named.groupdict().get(part) or 1) for part in ("year", "month", "day"))
            try:
                return date(year if year > 99 else 2000 + year, month, day)
            except ValueError:
                return None
        return next((day for pattern, day in self.files.items() if fnmatch(file_name, pattern)), None)


class Table(_Strict):
    """A raw table of a dataset."""

    name: str | None = None
    file_pattern: str = "*"
    description: str
    primary_key: list[str] = []
    row_floor: int = Field(1, ge=0, description="fewer rows than this is a truncated file")
    optional: bool = Field(False, description="an edition without a file of this table is whole")
    secret: list[str] = Field([], description="texts that mean: hidden by statistical secrecy")
    below_threshold: list[str] = Field([], description="texts that mean: below the declaration threshold")
    missing: list[str] = Field(["", "NA"], description="texts that mean: no value")
    drop: list[str] = Field([], description="personal columns, dropped at the door")
    reference_dates: ReferenceDates | None = None
    columns: dict[str, Column]
    layouts: list[Layout] = Field(min_length=1)
    checks: Lines = Field([], description="what is true of its content, after each load: see expectations/suites.py")

    @model_validator(mode="after")
    def _names_are_declared(self) -> Self:
        for name in [*self.columns, *([self.name] if self.name else [])]:
            _check_identifier(name)
        for key in self.primary_key:
            if key not in self.columns:
                raise ValueError(f"primary key {key!r} is not a column")
        for layout in self.layouts:
            names = [*layout.names, *layout.constants, *layout.joined]
            if layout.unpivot:
                names += [*layout.unpivot.keys, layout.unpivot.value]
            for name in names:
                if name not in self.columns:
                    raise ValueError(f"layout {layout.name}: {name!r} is not a column")
        return self

    def layouts_for(self, file_name: str) -> list[Layout]:
        """Returns the layouts that a file of this name may have; empty if the table does not read the file."""
        if not fnmatch(file_name, self.file_pattern):
            return []
        return [layout for layout in self.layouts if layout.reads(file_name)]


class Fetch(_Strict):
    """The way to obtain the files: the module of a portal and its parameters."""

    portal: str
    url: str | None = None
    file_name: str | None = None
    hosts: list[str] = Field([], description="further hosts of the dataset: where its addresses redirect to")
    min_interval: float = Field(0, ge=0, description="seconds between two calls to the host")
    size_floor: int = Field(200, description="bytes; a smaller answer is refused")
    params: dict[str, str | int | list[str]] = {}

    @field_validator("file_name")
    @classmethod
    def _is_file_name(cls, name: str | None) -> str | None:
        if name is not None and not is_file_name(name):
            raise ValueError(f"{name!r} cannot be the name of a file")
        return name

    @property
    def host(self) -> str | None:
        return urlsplit(self.url).hostname if self.url else None

    @property
    def why_closed(self) -> str | None:
        """The environment variables that the portal needs and that are not set, in words; None if none is missing."""
        missing = [name for name in CREDENTIALS.get(self.portal, ()) if not os.environ.get(name)]
        return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set" if missing else None


class EvidenceFile(_Strict):
    """A real file that a record was verified on."""

    name: str
    sha256: str
    origin: Literal["download", "mirror"]
    received: date


class Evidence(_Strict):
    """The proof of a record, as ``leviers try --verify`` writes it; ``differed`` lists the accepted differences."""

    verified_on: date
    rows: int
    files: list[EvidenceFile] = Field(min_length=1)
    differed: list[str] = []


class Dataset(_Strict):
    """A catalogue record. A field that ends in ``_fr`` is the French of the field before it."""

    dataset_id: str
    title: str
    title_fr: str
    licence: str = Field(min_length=2)
    licence_basis: Literal["read", "recalled", "presumed", "undeclared"] = Field(
        "read", description="read where it is stated, recalled, presumed from a kindred dataset, or stated nowhere"
    )
    licence_url: str | None = None
    share_alike: bool = Field(False, description="what is derived from it must be under the same licence")
    attribution: str
    homepage: str | None = None
    grain: str
    cadence: str
    status: Literal["built", "planned"] = "built"
    verified: bool = Field(description="layouts were run on real files of the producer")
    evidence: Evidence | None = None
    seen: dict[Seen, str] = Field(
        min_length=1,
        description="what it rests on, and the reference; a number is that of a file in an index of public code",
    )
    verified_note: str | None = None
    verified_note_fr: str | None = None
    absent_means: Literal["zero", "missing"] = "missing"
    lineage: Lineage = "producer"
    republish: bool = True
    cog_year: int | None = Field(None, description="COG vintage of the codes, where the producer states it")
    demo: bool = Field(False, description="part of the figures that ship with the project")
    always: bool = Field(False, description="part of every run, the demo included")
    required: bool = Field(False, description="nothing can be published without it")
    fetch: Fetch | None = None
    tables: list[Table] = []
    unclaimed: dict[str, str] = Field({}, description="files of the folder that are not loaded: pattern -> why")
    checks: Lines = Field([], description="what is true of each of its tables")
    series: dict[str, dict[str, dict[str, str]]] = Field(
        {}, description="model of observations -> unit of the source -> series in the words of the source -> indicator"
    )
    producer: str

    @model_validator(mode="before")
    @classmethod
    def _address_of_the_licence(cls, record: dict[str, Any]) -> dict[str, Any]:
        return {"licence_url": LICENCE_URLS.get(record.get("licence", "")), **record}

    @model_validator(mode="after")
    def _built_means_loadable(self) -> Self:
        for name in (self.dataset_id, self.producer):
            _check_identifier(name)
        if self.is_built and not self.tables:
            raise ValueError(f"a {self.status} dataset declares its tables")
        if self.evidence and not self.verified:
            raise ValueError("evidence is of a verified dataset: set verified to true")
        if len(self.tables) > 1 and not all(table.name for table in self.tables):
            raise ValueError("each table needs a name where there are several")
        if bool(self.verified_note) != bool(self.verified_note_fr):
            raise ValueError("verified_note and verified_note_fr are written together")
        if self.licence == "undeclared" and self.republish:
            raise ValueError("an undeclared licence is not republished: set republish to false")
        if (self.licence == "undeclared") != (self.licence_basis == "undeclared"):
            raise ValueError("an undeclared licence, and no other one, has an undeclared licence_basis")
        if _SHARE_ALIKE.search(self.licence) and not self.share_alike:
            raise ValueError(f"{self.licence} wants the same licence for what is derived: set share_alike to true")
        return self

    def suite(self, table: Table) -> TableSuite:
        """Returns the expectations on the content of a table after each load.

        Raises:
            CatalogError: no check is written, or one names a metric that does not exist.
        """
        try:
            return table_suite([*self.checks, *table.checks])
        except ValueError as error:
            raise CatalogError(f"{self.producer}.yml: {self.table_name(table)}: {error}") from error

    @property
    def is_built(self) -> bool:
        """Whether the dataset has raw tables."""
        return self.status == "built"

    @property
    def ships(self) -> bool:
        """Whether the dataset holds figures that ship with the project."""
        return self.fetch is not None and self.fetch.portal == BUNDLED_PORTAL

    @property
    def checks_bind(self) -> bool:
        """Whether its checks of content may refuse an edition. Before a real file was read, they are guesses."""
        return self.verified or self.ships

    @property
    def schema_name(self) -> str:
        """The schema of the raw tables: the name of the dlt dataset and of the dbt source."""
        return f"raw_{self.producer}"

    def table_name(self, table: Table) -> str:
        """Returns the name of a raw table: also of the dbt source table, and the last part of the asset key."""
        return f"{self.dataset_id}__{table.name}" if table.name else self.dataset_id

    def vintage_of(self, file_name: str) -> str | None:
        """Returns the declared ISO date of an undated file, by its name; None if the record has none."""
        days = (table.reference_dates.of(file_name) for table in self.tables if table.reference_dates)
        return next((day.isoformat() for day in days if day), None)

    def why_unclaimed(self, file_name: str) -> str | None:
        """Returns the declared reason why a file of this name is not loaded; None without one."""
        return next((why for pattern, why in self.unclaimed.items() if fnmatch(file_name, pattern)), None)

    @property
    def table_names(self) -> list[str]:
        return [self.table_name(table) for table in self.tables]

    @property
    def fingerprint(self) -> str:
        """Hash of the fields that decide how a file is read: if they change, the dataset is loaded again."""
        return hashlib.sha256(self.model_dump_json(exclude=_NOT_READ_BY).encode()).hexdigest()[:12]


class Producer(_Strict):
    """A catalogue file: a producer and its datasets."""

    producer: str
    name: str
    homepage: str | None = None
    datasets: list[Dataset]
    bundled_tables: dict[str, Table] = Field({}, description="layouts of the figures that ship with the project")


def no_such_dataset(dataset_id: str) -> str:
    """Returns the message for an unknown dataset: names similar datasets, or the command that lists them."""
    near = get_close_matches(dataset_id, load_catalog())
    if not dataset_id:
        return "no such dataset: a name is empty"
    if near:
        return f"no such dataset: {dataset_id}; near it: {', '.join(near)}"
    return f"no such dataset: {dataset_id}; 'leviers sources' lists them"


@cache
def load_catalog(directory: Path = CATALOG_DIR) -> dict[str, Dataset]:
    """Returns all records by dataset_id.

    Raises:
        CatalogError: a file is no YAML, a record lacks its licence, key or types, or two records have one id.
    """
    datasets: dict[str, Dataset] = {}
    bundled_tables: dict[str, Table] = {}
    for path in sorted(directory.glob("*.yml")):
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
            for record in content.get("datasets", []):
                record["producer"] = content.get("producer")
            producer = Producer.model_validate(content)
        except yaml.YAMLError as error:
            raise CatalogError(f"{path.name}: not readable as YAML: {error}") from error
        except ValidationError as error:
            lines = [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()]
            raise CatalogError(f"{path.name}: " + "; ".join(lines)) from error
        for dataset in producer.datasets:
            if dataset.dataset_id in datasets:
                raise CatalogError(f"{path.name}: dataset {dataset.dataset_id} is declared twice")
            datasets[dataset.dataset_id] = dataset
        bundled_tables |= producer.bundled_tables
    return datasets | _bundled(datasets, bundled_tables)


def _bundled(datasets: dict[str, Dataset], tables: dict[str, Table]) -> dict[str, Dataset]:
    """Returns the records of the bundled figures: the record of their source, with the layout of the project."""
    records: dict[str, Dataset] = {}
    for name, source in datasets.items():
        folder = BUNDLED_DIR / f"{BUNDLED_PREFIX}{name}"
        if folder.is_dir():
            records[folder.name] = source.model_copy(
                update={
                    "dataset_id": folder.name,
                    "producer": BUNDLED_PRODUCER,
                    "title": f"{source.title} (figures that ship with the project)",
                    "tables": [tables[path.stem] for path in sorted(folder.glob("*.parquet"))],
                    "checks": [],
                    "series": {},
                    "fetch": Fetch(portal=BUNDLED_PORTAL),
                    "status": "built",
                    "evidence": None,
                    "demo": True,
                    "cog_year": None,
                }
            )
    return records


def _fetches() -> list[Fetch]:
    return [dataset.fetch for dataset in load_catalog().values() if dataset.fetch]


def allowed_hosts() -> frozenset[str]:
    """Returns the hosts that the catalogue names; downloads go to no other host."""
    return frozenset(host for fetch in _fetches() for host in [fetch.host, *fetch.hosts] if host)


def host_intervals() -> dict[str, float]:
    """Returns the least seconds between two calls to a host, for hosts with such a limit in a record."""
    intervals: dict[str, float] = {}
    for fetch in _fetches():
        if fetch.host and fetch.min_interval:
            intervals[fetch.host] = max(fetch.min_interval, intervals.get(fetch.host, 0.0))
    return intervals
