"""What the command line prints from the published file, for a person."""

from __future__ import annotations

from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

LEVERS_OF_A_TERRITORY = """
select
    objectives.levier,
    objectives.indicateur,
    objectives.derniere_valeur,
    objectives.unite_indicateur_libelle,
    objectives.derniere_annee,
    objectives.cible_2030,
    objectives.unite_cible_libelle,
    coalesce(objectives.cible_2030_ktco2e, allocation.part_indicative_ktco2e) as ktco2e,
    objectives.cible_2030_ktco2e is null and allocation.part_indicative_ktco2e is not null as is_indicative,
    objectives.statut_libelle,
    objectives.source_observation
from marts.mart_cop_objectives as objectives
left join marts.mart_cop_allocation as allocation using (levier_id, niveau, code_territoire, code_region)
where objectives.niveau = $level and objectives.code_territoire = $code
order by ktco2e desc nulls last, objectives.levier
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
                contains(lower(strip_accents(name)), lower(strip_accents($code)))
                and territory_level in ('region', 'departement', 'epci') desc,
                contains(lower(strip_accents(name)), lower(strip_accents($code))) desc,
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
    if not rows:
        console.print(f"{name} ({level} {code}): levers are shown for regions, departements and EPCI only")
        return
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
