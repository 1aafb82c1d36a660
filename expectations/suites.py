"""The language of the suites: the ``checks`` of a raw table, in its catalogue record, and ``marts.yml``, the gate.

A suite is a list of metrics with their bounds, ``- rows: {min: 1000}``. If bounds cannot express a rule on the marts,
it is written in the words of Great Expectations, ``- {type: expect_...}``. A line on a raw table may also be about a
column or a measure:

- ``- commune_code: {code: commune}``, ``- region: {matches: '[0-9]+'}`` or ``- energy: {in: [Gaz]}``:
  all rows match, or at most ``max`` do not;
- ``- year: {min: 2011, max: 2050}``: the range of the column;
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

GATE = Path(__file__).with_name("marts.yml")
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


class Expected(BaseModel):
    """Settings of any expectation besides its arguments.

    ``structure``: the table is unusable if this fails, for example if a key repeats. It refuses even before a real file
    was read.
    """

    severity: Severity = "error"
    structure: bool = False
    why: str | None = None


class Expectation(Expected):
    """An expectation in the vocabulary of Great Expectations; further keys are its arguments."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: Annotated[str, Field(pattern=r"^expect_\w+$")]

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.model_extra or {})

    @property
    def columns(self) -> Iterator[str]:
        """The columns that the expectation reads."""
        for argument in ("column", "column_A", "column_B"):
            if argument in self.arguments:
                yield self.arguments[argument]


class Bounds(Expected):
    """The smallest and the largest value that a metric may have; one may be omitted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    min: int | float | None = None
    max: int | float | None = None

    @model_validator(mode="after")
    def _has_one(self) -> Bounds:
        if self.min is None and self.max is None:
            raise ValueError("has neither min nor max")
        return self

    def of(self, metric: str) -> Expectation:
        """Returns the expectation on a metric in the vocabulary of Great Expectations."""
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
        """All expectations in the vocabulary of Great Expectations, in their order."""
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
        """The metrics that the expectations read, without repetition."""
        return list(dict.fromkeys(column for expectation in self.expectations for column in expectation.columns))

    @model_validator(mode="after")
    def _metrics_exist(self) -> TableSuite:
        for metric in self.metrics:
            column_metric(metric, self)
        return self


class RawLine(Bounds):
    """A line about a column, about a measure with its SQL, or about an existing metric."""

    model_config = ConfigDict(populate_by_name=True)

    code: Code | None = None
    matches: str | None = None
    one_of: Annotated[list[str] | list[bool] | None, Field(alias="in", min_length=1)] = None
    sql: str | None = None

    @model_validator(mode="after")
    def _has_one(self) -> RawLine:
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

    def in_set(self, measure: str) -> Expectation:
        """Returns the expectation that a measure is in the list."""
        in_set = {"type": IN_SET, "column": measure, "value_set": self.one_of}
        return Expectation.model_validate(in_set | self.model_dump(include=set(Expected.model_fields)))


Lines = list[Annotated[dict[str, RawLine], Field(min_length=1, max_length=1)]]


def table_suite(lines: Iterable[dict[str, RawLine]]) -> TableSuite:
    """Returns the suite that these lines describe.

    Raises:
        ValueError: a line names a metric that does not exist.
    """
    declared = Profiled()
    expect: list[Any] = []
    for name, line in (item for entry in lines for item in entry.items()):
        misses = line.model_copy(update={"max": line.max or 0})
        pattern = CODES[line.code] if line.code else line.matches
        if line.sql is not None:
            declared.measures[name] = line.sql
            expect.append(line.in_set(name) if line.one_of else {name: line})
        elif pattern is not None:
            declared.patterns[name] = pattern
            expect.append({f"{name}__pattern_misses": misses})
        elif line.one_of is not None:
            declared.sets[name] = [str(value) for value in line.one_of]
            expect.append({f"{name}__outside_set": misses})
        elif name in (ROWS, ROWS_CHANGE_PCT, *declared.measures) or "__" in name:
            expect.append({name: line})
        else:
            for end, other in (("min", "max"), ("max", "min")):
                if getattr(line, end) is not None:
                    expect.append({f"{name}__{end}": line.model_copy(update={other: None})})
    try:
        return TableSuite(**declared.model_dump(), expect=expect)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error


class GateQuery(Expecting):
    """A small aggregate of the marts with the expectations on its rows; ``key`` names a row in messages."""

    sql: str
    key: list[str] = []
    may_be_empty: bool = False


def gate_queries() -> dict[str, GateQuery]:
    """Returns the gate on the marts, by the names of its queries."""
    content = yaml.load(GATE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {name: GateQuery.model_validate(query) for name, query in content["queries"].items()}
