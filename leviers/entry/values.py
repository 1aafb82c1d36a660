"""Observed values that a person enters: an inventory of the territory's own, figures received from an observatory.

A value never takes the place of one that a producer publishes; it is converted, judged and shown like any other, with
its mark, its source and its licence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from ingestion.catalog import load_catalog
from leviers.entry.form import (
    LEVELS,
    TERRITORY_RULES,
    AddResult,
    Checks,
    InputError,
    add_checked,
    checking,
    code_of,
    columns_of,
    comma,
    create_history,
    level_of,
    nearest,
    number,
    read_rows,
    rules_of,
    seed,
    several,
    sql,
    territory_code,
    word_of,
    write_input,
)
from leviers.warehouse.seeds import seed_rows

DATASET = "entered_value"
FIRST_YEAR = 1990
STATUSES = {"observed": "observée", "estimated": "estimée"}
VALUE_COLUMNS = columns_of(DATASET, first=FIRST_YEAR)

INDICATORS = (
    f"(select indicator_id as code, label_fr as name, unit, min_plausible, max_plausible "
    f"from {seed('indicators/indicators')})"
)
INDICATOR_WORDS = f"(select code, name as label, unnest([code, name]) as name from {INDICATORS})"
LABEL_AND_CODE = "label || ' (' || code || ')'"  # several codes may have one label

RULES = (
    *TERRITORY_RULES,
    *rules_of(
        "value",
        several=several(INDICATORS, "indicator_id"),
        nearest=nearest(INDICATOR_WORDS, "indicator_id", LABEL_AND_CODE),
        first=FIRST_YEAR,
        statuses=tuple(STATUSES),
        **{column: comma(column) for column in ("min_plausible", "max_plausible", "published_value")},
    ),
)
KEY = ("indicator_id", "territory_level", "territory_code", "year")


def indicator_rows() -> list[tuple[str, ...]]:
    """The indicators that a value may be of, with their units, under a header."""
    labels = {row["unit"]: row["label_fr"] for row in seed_rows("indicators/unit_labels")}
    composed = {row["indicator_id"] for row in seed_rows("policy/composed_series")}
    return [
        ("indicateur", "code", "unité"),
        *(
            (row["label_fr"], row["indicator_id"], labels.get(row["unit"], row["unit"]))
            for row in seed_rows("indicators/indicators")
            if row["indicator_id"] not in composed
        ),
    ]


def add_values(
    home: Path, file: Path, published: Path, *, accept_valid: bool = False, entered_at: date | None = None
) -> AddResult:
    """Checks a series of values and adds its rows that are new or changed, each as the next version of its value.

    Raises:
        InputError: the file is no table with the expected columns.
    """
    rows = read_rows(file, VALUE_COLUMNS)
    with checking(home, published, DATASET, rows) as (connection, list_name):
        _create_published_values(connection, published)
        check = sql(
            "values",
            indicator_id=code_of("indicator_id", f"(select code, comparable(name) as written from {INDICATOR_WORDS})"),
            territory_level=level_of("territory_level"),
            territory_code=territory_code("territory_level", "territory_code"),
            value=number("value"),
            value_status=word_of("coalesce(nullif(value_status, ''), 'observed')", STATUSES),
            indicators=INDICATORS,
            unit_labels=seed("indicators/unit_labels"),
            composed_series=seed("policy/composed_series"),
            conversions=seed("indicators/conversions"),
            plausible_bounds=seed("indicators/plausible_bounds"),
            levels=LEVELS,
            latest=_latest(),
        )
        connection.execute(check, {"list_name": list_name})
        checks = Checks(
            RULES,
            rules_of("value_twins"),
            f"min(line) over (partition by {', '.join(KEY)}) as first_line",
            expressions={
                "value": "value_number",
                "version": "last_version + 1",
                "entered_at": f"'{(entered_at or date.today()).isoformat()}'",
            },
        )
        return add_checked(connection, home, DATASET, file, rows, checks, accept_valid=accept_valid)


def remove_values(home: Path, indicator_id: str, territory: str, *, entered_at: date | None = None) -> AddResult:
    """Withdraws the values entered of an indicator in a territory: what was entered stays written, and counts no more.

    Raises:
        InputError: nothing of it is entered.
    """
    with duckdb.connect() as connection:
        create_history(connection, home, DATASET)
        standing = f"(select * from ({_latest()}) where is_withdrawn = 'false')"
        wanted = {"indicator": indicator_id, "territory": territory}
        changes: Mapping[str, str] = {
            "version": "cast(version as integer) + 1",
            "entered_at": f"'{(entered_at or date.today()).isoformat()}'",
            "is_withdrawn": "'true'",
        }
        columns = load_catalog()[DATASET].tables[0].columns
        rows = connection.execute(
            f"select {', '.join(f'{changes.get(name, name)} as {name}' for name in columns)} from {standing} "
            "where indicator_id = $indicator and territory_code = $territory order by territory_level, year",
            wanted,
        ).fetchall()
        if not rows:
            known = connection.execute(
                f"select distinct indicator_id || ' ' || territory_code from {standing} order by all"
            ).fetchall()
            if not known:
                raise InputError("aucune valeur n'est saisie")
            entered = ", ".join(series for (series,) in known)
            raise InputError(f"aucune valeur de {indicator_id} n'est saisie pour {territory} ; le sont : {entered}")
    return AddResult(path=write_input(home, DATASET, "withdrawn", rows), written=len(rows))


def _latest() -> str:
    """SQL of the newest version of each value, as text."""
    return (
        f"from history qualify row_number() over (partition by {', '.join(KEY)} "
        "order by cast(version as integer) desc) = 1"
    )


def _create_published_values(connection: duckdb.DuckDBPyConnection, published: Path) -> None:
    """Makes the table of the values that a producer publishes, or that are sums of such; empty before any run."""
    columns = "indicator_id, territory_level, territory_code, cast(year as varchar) as year, value"
    connection.execute(
        "create temp view published_values as "
        + (
            f"select {columns} from published.marts.fct_indicator_value where value is not null and not is_entered"
            if published.exists()
            else f"select {columns} from (select null as indicator_id, null as territory_level, "
            "null as territory_code, null as year, null as value) where false"
        )
    )
