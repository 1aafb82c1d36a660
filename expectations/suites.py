"""The language of the suites: the ``checks`` of a raw table, in its catalogue record, and ``marts.yml``, the gate.

A suite is a list of metrics with their bounds, ``- rows: {min: 1000}``; a rule on the marts that bounds cannot express
is written in the words of Great Expectations, ``- {type: expect_...}``. A line on a raw table may also be about a
column or a measure:

- ``- commune_code: {code: commune}``, ``- region: {matches: '[0-9]+'}`` or ``- energy: {in: [Gaz]}``: no row is
  another, or at most ``max`` of them;
- ``- year: {min: 2011, max: 2050}``: what the column holds;
- ``- per_year: {sql: sum(a) / count(*), min: 9}``: a measure of the table, which later lines may name; with ``in``
  instead of bounds, it is one of a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)

from expectations.profile import ROWS, ROWS_CHANGE_PCT, Profiled, column_metric
from expectations.result import Severity
from leviers.common.places import CODE

SUITES = Path(__file__).parent
BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
Code = Literal["commune", "epci", "departement", "region", "grouping"]
CODES: dict[Code, str] = {
    "commune": r"(\d{2}|2[AB])\d{3}",
    "epci": r"\d{9}",
    "departement": r"\d{2}|2[AB]|97\d",
    "region": r"\d{2}",
    "grouping": CODE,
}


class SuiteError(Exception):
    """A suite file that is absent or wrong: one line naming the file, the place in it, and what is wrong."""


class Expected(BaseModel):
    """Settings of any expectation besides its arguments.

    ``structure``: the table is unusable if this fails, for example a key with repetitions; it binds before any real
    file was read.
    """

    severity: Severity = "error"
    structure: bool = False
    why: str | None = None


class Expectation(Expected):
    """An expectation in Great Expectations' own vocabulary; further keys are its arguments."""

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
    return "type" if isinstance(item, Expectation) or (isinstance(item, dict) and "type" in item) else "metric"


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
    """Expectations on the columns of a profile or of a query."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    expect: Annotated[list[Item], Field(min_length=1)]

    @property
    def expectations(self) -> list[Expectation]:
        """All of them in Great Expectations' vocabulary, in their order."""
        return [
            expectation
            for item in self.expect
            for expectation in (
                [item] if isinstance(item, Expectation) else [b.of(metric) for metric, b in item.items()]
            )
        ]


class TableSuite(Profiled, Expecting):
    """Expectations on the profile of one raw table."""

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


class RawLine(Expected):
    """A line about a column, about a measure that it gives in SQL, or about an existing metric."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

    code: Code | None = None
    matches: str | None = None
    one_of: Annotated[list[str] | list[bool] | None, Field(alias="in", min_length=1)] = None
    sql: str | None = None
    min: int | float | None = None
    max: int | float | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> RawLine:
        kinds = {"code": self.code, "matches": self.matches, "in": self.one_of}
        given = [kind for kind, value in kinds.items() if value is not None]
        if len(given) > 1:
            raise ValueError(f"says {' and '.join(given)}: one of them is enough")
        if self.sql is not None and given not in ([], ["in"]):
            raise ValueError(f"a measure has no {given[0]}")
        if given and (self.min is not None or (self.sql is not None and self.max is not None)):
            raise ValueError(f"{given[0]} has no min: max is how many rows of a column may be another")
        if not given and self.min is None and self.max is None:
            raise ValueError("has neither min nor max")
        return self

    def bounds(self, *, min: float | None = None, max: float | None = None) -> Bounds:
        """Bounds with the severity and the reason of the line."""
        return Bounds(min=min, max=max, severity=self.severity, structure=self.structure, why=self.why)

    def in_set(self, measure: str) -> Expectation:
        """Expects the measure to be one of the list."""
        in_set = {"type": IN_SET, "column": measure, "value_set": self.one_of}
        return Expectation.model_validate(in_set | self.model_dump(include=set(Expected.model_fields)))


Lines = list[Annotated[dict[str, RawLine], Field(min_length=1, max_length=1)]]


def table_suite(lines: Iterable[dict[str, RawLine]]) -> TableSuite:
    """The suite that these lines describe.

    Raises:
        ValueError: a line names a metric that does not exist.
    """
    declared = Profiled()
    expect: list[dict[str, Bounds] | Expectation] = []
    for name, line in (item for entry in lines for item in entry.items()):
        misses = line.bounds(max=line.max or 0)
        pattern = CODES[line.code] if line.code else line.matches
        if line.sql is not None:
            declared.measures[name] = line.sql
            expect.append(line.in_set(name) if line.one_of else {name: line.bounds(min=line.min, max=line.max)})
        elif pattern is not None:
            declared.patterns[name] = pattern
            expect.append({f"{name}__pattern_misses": misses})
        elif line.one_of is not None:
            declared.sets[name] = [str(value) for value in line.one_of]
            expect.append({f"{name}__outside_set": misses})
        elif name in (ROWS, ROWS_CHANGE_PCT, *declared.measures) or "__" in name:
            expect.append({name: line.bounds(min=line.min, max=line.max)})
        else:
            ends = {"min": line.min, "max": line.max}
            expect += [{f"{name}__{end}": line.bounds(**{end: at})} for end, at in ends.items() if at is not None]
    try:
        return TableSuite(**declared.model_dump(), expect=expect)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error


class GateQuery(Expecting):
    """A small aggregate of the marts and what is expected of its rows; ``key`` names a row in messages."""

    sql: str
    key: list[str] = []
    may_be_empty: bool = False


class MartsSuite(BaseModel):
    """The gate on the marts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    queries: Annotated[dict[str, GateQuery], Field(min_length=1)]


def load_marts_suite(directory: Path = SUITES) -> MartsSuite:
    """The gate on the marts.

    Raises:
        SuiteError: the file is absent or wrong.
    """
    path = directory / "marts.yml"
    if not path.is_file():
        raise SuiteError(f"{path.name}: no such suite file in {directory}")
    try:
        return MartsSuite.model_validate(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise SuiteError(f"{path.name}: not valid YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        problems = (
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        )
        raise SuiteError(f"{path.name}: {'; '.join(problems)}") from error
