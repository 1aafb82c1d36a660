"""Observed values that a person enters: an inventory of the territory, figures received from an observatory.

An entered value never replaces a published one. It is converted, judged and shown like any other value, with its mark,
its source and its licence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from ingestion.catalog import load_catalog
from leviers.common.quoting import literal
from leviers.entry.form import (
    LEVEL_NAMES,
    TERRITORY_RULES,
    AddResult,
    Entry,
    InputError,
    add_rows,
    code_of,
    columns_of,
    create_history,
    level_of,
    nearest,
    number,
    rules_of,
    seed,
    several,
    territory_code,
    word_of,
    write_input,
)
from leviers.warehouse.seeds import seed_rows

DATASET_ID = "entered_value"
FIRST_YEAR = 1990
STATUSES = {"observed": "observée", "estimated": "estimée"}
VALUE_COLUMNS = columns_of(DATASET_ID, first=FIRST_YEAR)

INDICATORS = (
    f"(select indicator_id as code, label_fr as name, unit, min_plausible, max_plausible "
    f"from {seed('indicators/indicators')})"
)
INDICATOR_WORDS = f"(select code, name as label, unnest([code, name]) as name from {INDICATORS})"
LABEL_AND_CODE = "label || ' (' || code || ')'"  # several codes may have one label

VALUE_RULES = (
    *TERRITORY_RULES,
    *rules_of(
        "value",
        several=several(INDICATORS, "indicator_id"),
        nearest=nearest(INDICATOR_WORDS, "indicator_id", LABEL_AND_CODE),
        first=FIRST_YEAR,
        statuses=tuple(STATUSES),
        **{
            column: f"replace(regexp_replace(cast({column} as varchar), '\\.0$', ''), '.', ',')"
            for column in ("min_plausible", "max_plausible", "published_value")
        },
    ),
)
VALUE_KEY = "indicator_id, territory_level, territory_code, year"
# The newest version of each value, as text.
LATEST = f"from history qualify row_number() over (partition by {VALUE_KEY} order by cast(version as integer) desc) = 1"
# Values that a producer publishes, or sums of such values.
PUBLISHED = """
    (
        select indicator_id, territory_level, territory_code, cast(year as varchar) as year, value
        from published.marts.fct_indicator_value
        where value is not null and not is_entered
    )
"""
NOT_PUBLISHED = f"(select {', '.join(f'null as {name}' for name in (*VALUE_KEY.split(', '), 'value'))} where false)"
VALUES = Entry(
    DATASET_ID,
    VALUE_COLUMNS,
    "values",
    {
        "indicator_id": code_of("indicator_id", f"(select code, comparable(name) as written from {INDICATOR_WORDS})"),
        "territory_level": level_of("territory_level"),
        "territory_code": territory_code("territory_level", "territory_code"),
        "value": number("value"),
        "value_status": word_of("coalesce(nullif(value_status, ''), 'observed')", STATUSES),
        "indicators": INDICATORS,
        "unit_labels": seed("indicators/unit_labels"),
        "composed_series": seed("policy/composed_series"),
        "conversions": seed("indicators/conversions"),
        "plausible_bounds": seed("indicators/plausible_bounds"),
        "levels": LEVEL_NAMES,
        "latest": LATEST,
    },
    VALUE_RULES,
    rules_of("value_twins"),
    f"min(line) over (partition by {VALUE_KEY}) as first_line",
    expressions={"value": "value_number"},
)


def indicator_rows() -> list[tuple[str, ...]]:
    """Returns the indicators for which values may be entered, with their units, under a header."""
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


def add_values(home: Path, file: Path, published: Path, *, accept_valid: bool = False) -> AddResult:
    """Adds the new or changed values of a series, beside the published ones."""
    values = PUBLISHED if published.exists() else NOT_PUBLISHED
    return add_rows(VALUES, home, file, published, accept_valid=accept_valid, published_values=values)


def remove_values(home: Path, indicator_id: str, territory: str) -> AddResult:
    """Withdraws the entered values of an indicator in a territory. Their rows stay on file, but no longer count.

    Raises:
        InputError: no such value is entered.
    """
    with duckdb.connect() as connection:
        create_history(connection, home, DATASET_ID)
        standing = f"(select * from ({LATEST}) where is_withdrawn = 'false')"
        wanted = {"indicator": indicator_id, "territory": territory}
        changes: Mapping[str, str] = {
            "version": "cast(version as integer) + 1",
            "entered_at": literal(date.today()),
            "is_withdrawn": "'true'",
        }
        columns = load_catalog()[DATASET_ID].tables[0].columns
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
    return AddResult(path=write_input(home, DATASET_ID, "withdrawn", rows), written=len(rows))
