"""Changes between two editions: only those that are more than noise, in words, the heaviest first."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from expectations.drift import (
    AMOUNT_NOISE,
    ROWS_NOISE,
    ColumnContent,
    TableContent,
    changes,
    table_content,
    why_older,
)


def content(
    rows: int = 1000, measures: dict[str, float | str | None] | None = None, **columns: ColumnContent
) -> TableContent:
    return TableContent(rows=rows, columns=columns, measures=measures or {})


def column(
    null_share: float = 0.0,
    distinct: int = 500,
    masked_share: float | None = None,
    ends: tuple[float | str, float | str] | None = None,
    categories: dict[str, int] | None = None,
) -> ColumnContent:
    low, high = ends or (None, None)
    return ColumnContent(
        null_share=null_share, distinct=distinct, masked_share=masked_share, min=low, max=high, categories=categories
    )


def lines(before: TableContent, after: TableContent) -> list[str]:
    return [change.line for change in changes({"t": before}, {"t": after})]


def test_a_table_is_read_column_by_column() -> None:
    connection = duckdb.connect()
    connection.execute("""
        create schema raw_test;
        create table raw_test.t as
        select * from (values
            ('a', 2020, 1.5, 'observed', date '2020-01-31', 's:1'),
            ('a', 2020, null, 'secret', date '2021-01-31', 's:1'),
            ('b', 2021, 3.0, 'observed', null, 's:1'),
            ('b', 2021, 4.0, 'observed', null, 's:1')
        ) as t (kind, year, value, value_status, day, snapshot_id)
    """)
    read = table_content(
        connection, "raw_test.t", {"total": 8.5, "window": "11-25", "code": "12", "last": date(2026, 1, 2)}
    )
    assert read.measures == {"total": 8.5, "window": "11-25", "code": "12", "last": "2026-01-02"}
    assert read.rows == 4
    assert read.columns == {
        "kind": ColumnContent(null_share=0, distinct=2, categories={"a": 2, "b": 2}),
        "year": ColumnContent(null_share=0, distinct=2, min=2020, max=2021, categories={"2020": 2, "2021": 2}),
        "value": ColumnContent(null_share=0.25, distinct=3, min=1.5, max=4, masked_share=0.25),
        "value_status": ColumnContent(null_share=0, distinct=2, categories={"observed": 3, "secret": 1}),
        "day": ColumnContent(
            null_share=0.5,
            distinct=2,
            min="2020-01-31",
            max="2021-01-31",
            categories={"2020-01-31": 1, "2021-01-31": 1},
        ),
    }
    assert TableContent.model_validate_json(read.model_dump_json()) == read


def test_nothing_changes_in_the_same_edition() -> None:
    whole = content(
        measures={"total": 3.5, "unknown": None},
        code=column(ends=(1, 9)),
        kind=column(categories={"a": 1000}, distinct=1),
    )
    assert changes({"t": whole}, {"t": whole}) == []


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ({"null_share": 0.01}, {"null_share": 0.5}, "a is empty in 50.0% of the rows, 1.0% before"),
        ({"masked_share": 0.2}, {"masked_share": 0.3}, "a is masked in 30.0% of the rows, 20.0% before"),
        ({"distinct": 500}, {"distinct": 400}, "a has 400 against 500 (-20.0%) distinct values"),
        ({"ends": (0, 50)}, {"ends": (0, 100)}, "the largest a is 100, 50 before"),
        (
            {"ends": ("2020-01-01", "2023-12-31")},
            {"ends": ("2018-01-01", "2023-12-31")},
            "the smallest a is 2018-01-01, 2020-01-01 before",
        ),
        (None, {}, "the column a is new"),
        ({}, None, "the column a is gone"),
        ({"categories": {"x": 990, "y": 10}}, {"categories": {"x": 1000}}, "a: y vanishes (10 of 1,000 rows)"),
        (
            {"categories": {"x": 1000}},
            {"categories": {"x": 990, "y": 1, "z": 9}},
            "a: z, y appear (10 of 1,000 rows)",
        ),
    ],
)
def test_each_drift_of_a_column_is_reported(
    before: dict[str, Any] | None, after: dict[str, Any] | None, line: str
) -> None:
    assert lines(*(content() if facts is None else content(a=column(**facts)) for facts in (before, after))) == [line]


def test_another_number_of_rows_is_reported() -> None:
    assert lines(content(1000), content(1020)) == ["1020 against 1000 (+2.0%) rows"]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (-2.0, 2.0, "m is 2 against -2 (+200.0%)"),
        (2.0, None, "m is unknown against 2"),
        ("9-24", "11-25", "m is 11-25 against 9-24"),
        ("9-24", 3.0, "m is 3 against 9-24"),
        ("9-24", None, "m is unknown against 9-24"),
    ],
)
def test_another_measure_is_reported(before: float | str, after: float | str | None, line: str) -> None:
    assert lines(content(measures={"m": before}), content(measures={"m": after})) == [line]


def test_noise_is_not_reported() -> None:
    before = content(
        10_000, {"total": 100.0}, a=column(null_share=0.1, masked_share=0.1, distinct=1000, ends=(0.0, 1000.0))
    )
    after = content(
        int(10_000 * (1 + ROWS_NOISE)),
        {"total": 100 * (1 + AMOUNT_NOISE)},
        a=column(
            null_share=0.1 + 0.9 * ROWS_NOISE, masked_share=0.1 - 0.9 * ROWS_NOISE, distinct=1050, ends=(-40.0, 1050.0)
        ),
    )
    assert lines(before, after) == []


def test_a_count_that_follows_the_rows_is_not_reported() -> None:
    before, after = content(1000, a=column(distinct=500)), content(500, a=column(distinct=255))
    assert lines(before, after) == ["500 against 1000 (-50.0%) rows"]


def test_a_new_code_is_reported_and_a_rare_number_is_not() -> None:
    """A year fills rows, a count that was never met before is one of many."""
    before, after = {"1": 500, "2": 500}, {"1": 500, "2": 499, "3": 1}
    assert lines(content(a=column(categories=before)), content(a=column(categories=after))) == [
        "a: 3 appears (1 of 1,000 rows)"
    ]
    of_numbers = (content(a=column(categories=each, ends=(1, len(each)))) for each in (before, after))
    assert lines(*of_numbers) == []
    of_years = (content(a=column(categories=each, ends=(1, 2))) for each in (before, {"1": 500, "2": 400, "3": 100}))
    assert lines(*of_years) == ["a: 3 appears (100 of 1,000 rows)"]


def test_the_heaviest_change_comes_first() -> None:
    before = content(1000, {"total": 10.0}, a=column(null_share=0.0), gone=column())
    after = content(900, {"total": 5.0}, a=column(null_share=0.2))
    assert lines(before, after) == [
        "the column gone is gone",
        "total is 5 against 10 (-50.0%)",
        "a is empty in 20.0% of the rows, 0.0% before",
        "900 against 1000 (-10.0%) rows",
    ]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ({"year": 2025.0}, {"year": 2023.0}, "its newest year is 2023, 2025 there"),
        ({"from_year": 24}, {"from_year": 23}, "its newest from_year is 23, 24 there"),
        ({"day": "2026-01-31"}, {"day": "2025-12-31"}, "its newest day is 2025-12-31, 2026-01-31 there"),
        ({"year": 2025.0}, {"year": 2025.0}, None),
        ({"year": 2023.0}, {"year": 2025.0}, None),
        ({"year": 2025.0, "day": "2025-01-31"}, {"year": 2023.0, "day": "2026-01-31"}, None),
        ({"power": 12.0}, {"power": 11.0}, None),
        ({"year": 2025.0}, {"yield": 1.0}, None),
    ],
)
def test_an_edition_is_older_where_it_ends_before(
    before: dict[str, float | str], after: dict[str, float | str], why: str | None
) -> None:
    """If one of its columns is newer, an outlier was mended in another: no edition is both older and newer."""
    old, new = (
        TableContent(rows=1000, columns={name: column(ends=(end, end)) for name, end in ends.items()}, measures={})
        for ends in (before, after)
    )
    assert why_older({"t": old}, {"t": new}) == (why and f"older than the edition before: {why}")
