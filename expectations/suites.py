"""Reads the suite files: ``raw/<dataset_id>.yml`` (one per dataset) and ``marts.yml`` (the gate).

What is expected is a list of metrics with their bounds, ``- rows: {min: 1000}``; what bounds do not say is written in
the words of Great Expectations, ``- {type: expect_...}``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, model_validator

from expectations.profile import Profiled, column_metric
from expectations.result import Severity

SUITES = Path(__file__).parent
BUNDLED = "bundled"
BETWEEN = "expect_column_values_to_be_between"


class SuiteError(Exception):
    """A suite file that is absent or wrong: one line naming the file, the place in it, and what is wrong."""


class Expected(BaseModel):
    """What any expectation may say besides its arguments.

    ``structure``: what it asks is what makes the table usable at all, such as a key without repetition; it binds
    before any real file was read.
    """

    severity: Severity = "error"
    structure: bool = False
    why: str | None = None


class Expectation(Expected):
    """One expectation in Great Expectations' own vocabulary; further keys are its arguments."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: Annotated[str, Field(pattern=r"^expect_\w+$")]

    @property
    def arguments(self) -> dict[str, Any]:
        """The keyword arguments of the expectation."""
        return dict(self.model_extra or {})

    @property
    def columns(self) -> Iterator[str]:
        """The columns that the expectation reads."""
        for argument in ("column", "column_A", "column_B"):
            if argument in self.arguments:
                yield self.arguments[argument]


class Bounds(Expected):
    """The smallest and the largest value that a metric may have; one of them may be left open."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    min: int | float | None = None
    max: int | float | None = None

    @model_validator(mode="after")
    def _has_one(self) -> Bounds:
        if self.min is None and self.max is None:
            raise ValueError("has neither min nor max")
        return self

    def of(self, metric: str) -> Expectation:
        """The same in Great Expectations' vocabulary."""
        bounds = {"min_value": self.min, "max_value": self.max}
        return Expectation.model_validate(
            {"type": BETWEEN, "column": metric}
            | {argument: value for argument, value in bounds.items() if value is not None}
            | {name: getattr(self, name) for name in Expected.model_fields}
        )


def _form(item: Any) -> str:
    return "type" if isinstance(item, dict) and "type" in item else "metric"


def _is_no_bound(expectation: Expectation) -> Expectation:
    if expectation.type == BETWEEN:
        raise ValueError("bounds are written `metric: {min: ..., max: ...}`")
    return expectation


Item = Annotated[
    Annotated[dict[str, Bounds], Field(min_length=1, max_length=1), Tag("metric")]
    | Annotated[Expectation, AfterValidator(_is_no_bound), Tag("type")],
    Discriminator(_form),
]


class Expecting(BaseModel):
    """What is expected of the columns of a profile or of a query."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    expect: Annotated[list[Item], Field(min_length=1)]

    @property
    def expectations(self) -> list[Expectation]:
        """All of them in Great Expectations' vocabulary, in their order."""
        found: list[Expectation] = []
        for item in self.expect:
            found += [item] if isinstance(item, Expectation) else [bounds.of(metric) for metric, bounds in item.items()]
        return found


class TableSuite(Profiled, Expecting):
    """What is expected of the profile of one raw table."""

    @property
    def metrics(self) -> list[str]:
        """The profile columns that the expectations read, once each."""
        return list(dict.fromkeys(column for expectation in self.expectations for column in expectation.columns))

    @model_validator(mode="after")
    def _expectations_match_declarations(self) -> TableSuite:
        used: dict[str, set[str]] = {"pattern_misses": set(), "outside_set": set(), "measure": set()}
        for number, expectation in enumerate(self.expectations):
            if not any(expectation.columns):
                raise ValueError(f"expect.{number} ({expectation.type}): names no column of the profile")
        for metric in self.metrics:
            kind, column = column_metric(metric, self)
            used.setdefault(kind, set()).add(column)
        for key, declared, kind in (
            ("patterns", self.patterns, "pattern_misses"),
            ("sets", self.sets, "outside_set"),
            ("measures", self.measures, "measure"),
        ):
            if unused := sorted(set(declared) - used[kind]):
                raise ValueError(f"{key}: no expectation uses {', '.join(unused)}")
        return self


class RawSuite(BaseModel):
    """The suite file of a dataset, or of all bundled ones: suites by table name or pattern, the first match counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tables: Annotated[dict[str, TableSuite], Field(min_length=1)]


class GateQuery(Expecting):
    """A small aggregate of the marts and what is expected of its rows; ``key`` names a row in messages."""

    sql: str
    key: list[str] = []
    may_be_empty: bool = False


class MartsSuite(BaseModel):
    """The gate on the marts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    queries: Annotated[dict[str, GateQuery], Field(min_length=1)]


def load_table_suite(dataset_id: str, table: str, directory: Path = SUITES) -> TableSuite:
    """The suite of one raw table.

    Raises:
        SuiteError: the dataset has no suite file, the file is wrong, or it has no suite for the table.
    """
    family = BUNDLED if dataset_id.startswith(f"{BUNDLED}_") else dataset_id
    path = directory / "raw" / f"{family}.yml"
    tables = _load(path, RawSuite).tables
    for pattern, suite in tables.items():
        if fnmatchcase(table, pattern):
            return suite
    raise SuiteError(f"{path.name}: no suite for table {table}, found {', '.join(tables)}")


def load_raw_suites(directory: Path = SUITES) -> dict[str, RawSuite]:
    """The suites of all raw tables, by dataset; those of the bundled ones under their common name.

    Raises:
        SuiteError: a file is wrong.
    """
    return {path.stem: _load(path, RawSuite) for path in sorted((directory / "raw").glob("*.yml"))}


def load_marts_suite(directory: Path = SUITES) -> MartsSuite:
    """The gate on the marts.

    Raises:
        SuiteError: the file is absent or wrong.
    """
    return _load(directory / "marts.yml", MartsSuite)


Model = TypeVar("Model", bound=BaseModel)


def _load(path: Path, model: type[Model]) -> Model:
    if not path.is_file():
        raise SuiteError(f"{path.name}: no such suite file in {path.parent}")
    try:
        return model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise SuiteError(f"{path.name}: not valid YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        problems = (
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        )
        raise SuiteError(f"{path.name}: {'; '.join(problems)}") from error
