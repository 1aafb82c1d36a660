"""What the command line prints from the published file, for a person."""

from __future__ import annotations

from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

LEVERS_OF_A_TERRITORY = """
with

target as (

    select lever_id, territory_level, territory_code, value, unit, measure
    from marts.fct_lever_target
    where is_current and horizon_year = 2030 and measure != 'ktco2e_avoided'

),

allocated as (

    select
        lever_id,
        territory_level,
        territory_code,
        any_value(key_id) as key_id,
        sum(value) as value
    from marts.fct_lever_target_allocation
    where measure = 'ktco2e_avoided' and horizon_year = 2030 and key_id != 'epci_sector_trajectory'
    group by lever_id, territory_level, territory_code

),

avoided as (

    select lever_id, territory_level, territory_code, value
    from marts.fct_lever_target
    where is_current and measure = 'ktco2e_avoided'

),

progress as (

    select *
    from marts.fct_lever_progress
    where territory_level = $level and territory_code = $code
    qualify row_number() over (
        partition by lever_id
        order by
            array_position(
                ['target_reached', 'wrong_direction', 'behind', 'on_track', 'not_comparable', 'no_data'], status
            ),
            latest_year desc nulls last,
            indicator_id
    ) = 1

)

select
    levers.lever_name_fr as lever,
    indicators.label_fr as indicator,
    progress.latest_value,
    indicators.unit as observed_unit,
    progress.latest_year,
    target.value as target_value,
    target.unit as target_unit,
    coalesce(avoided.value, allocated.value) as ktco2e,
    avoided.value is null and allocated.value is not null as is_indicative,
    progress.status,
    datasets.attribution as source
from marts.dim_lever as levers
left join progress on levers.lever_id = progress.lever_id
left join target
    on levers.lever_id = target.lever_id and target.territory_level = $level and target.territory_code = $code
left join avoided
    on levers.lever_id = avoided.lever_id and avoided.territory_level = $level and avoided.territory_code = $code
left join allocated
    on levers.lever_id = allocated.lever_id
    and allocated.territory_level = $level
    and allocated.territory_code = $code
left join marts.dim_indicator as indicators on progress.indicator_id = indicators.indicator_id
left join (
    select distinct indicator_id, dataset_id from marts.fct_indicator_value
) as origins on progress.indicator_id = origins.indicator_id
left join marts.dim_dataset as datasets on origins.dataset_id = datasets.dataset_id
where
    levers.is_quantified
    and (progress.lever_id is not null or avoided.value is not null or allocated.value is not null)
order by ktco2e desc nulls last, lever
"""


class UnknownTerritoryError(Exception):
    """No territory of this code; ``nearest`` holds those with a near name or code."""

    def __init__(self, code: str, nearest: list[str]) -> None:
        super().__init__(f"no territory {code!r}")
        self.nearest = nearest


def find_territory(published: Path, code: str, level: str | None) -> tuple[str, str, str]:
    """Level, code and name of a territory.

    Raises:
        UnknownTerritoryError: no such code at that level.
    """
    with duckdb.connect(str(published), read_only=True) as connection:
        found = connection.execute(
            """
            select territory_level, territory_code, name
            from marts.dim_territory
            where territory_code = $code and ($level is null or territory_level = $level)
            order by array_position(['region', 'departement', 'epci', 'commune', 'pays'], territory_level) nulls last
            """,
            {"code": code, "level": level},
        ).fetchone()
        if found:
            return found[0], found[1], found[2]
        nearest = connection.execute(
            """
            select territory_code || ' ' || name || ' (' || territory_level || ')'
            from marts.dim_territory
            where $level is null or territory_level = $level
            order by
                least(
                    levenshtein(lower(strip_accents(name)), lower(strip_accents($code))),
                    levenshtein(territory_code, $code)
                ),
                population desc nulls last
            limit 5
            """,
            {"code": code, "level": level},
        ).fetchall()
    raise UnknownTerritoryError(code, [row[0] for row in nearest])


def print_levers(published: Path, level: str, code: str) -> None:
    """Prints the levers of one territory: observed, year, target, part in ktCO2e, status, source."""
    _, _, name = find_territory(published, code, level)
    with duckdb.connect(str(published), read_only=True) as connection:
        rows = connection.execute(LEVERS_OF_A_TERRITORY, {"level": level, "code": code}).fetchall()
    console = Console(width=None if Console().is_terminal else 200)
    table = Table(title=f"{name} ({level} {code}): levers of ecological planning, targets for 2030")
    for header in ("Lever", "Observed", "Year", "Target 2030", "ktCO2e avoided", "Status", "Source"):
        table.add_column(header, justify="right" if header in ("Year", "ktCO2e avoided") else "left", overflow="fold")
    for lever, indicator, latest, unit, year, target, target_unit, ktco2e, is_indicative, status, source in rows:
        observed = f"{_number(latest)} {unit}: {indicator}" if latest is not None else "-"
        asked = f"{_number(target)} {target_unit}" if target is not None else "-"
        part = "-" if ktco2e is None else f"{_number(ktco2e)}{' (indicative)' if is_indicative else ''}"
        table.add_row(lever, observed, str(year or "-"), asked, part, status or "-", source or "-")
    console.print(table)


def _number(value: float) -> str:
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 3
    return f"{value:,.{digits}f}".replace(",", " ")
