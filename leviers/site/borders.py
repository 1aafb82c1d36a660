"""Territories of several regions, and which part of them the shares count; EPCI of several departements."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from leviers.text.french import in_region, number, plural

BORDERS = """
with parts as (
    select
        groups.territory_level, groups.territory_code, communes.region_code,
        count(*) as commune_count, sum(communes.population) as population
    from marts.bridge_commune_group as groups
    inner join marts.dim_territory as communes
        on groups.commune_code = communes.territory_code and communes.territory_level = 'commune'
    inner join marts.dim_territory as wholes
        on groups.territory_level = wholes.territory_level and groups.territory_code = wholes.territory_code
    where wholes.crosses_regions
    group by all
)
select
    parts.territory_level, parts.territory_code, parts.region_code, regions.name, most.name,
    parts.commune_count::integer, sum(parts.commune_count) over whole::integer,
    parts.population::bigint, sum(parts.population) over whole::bigint
from parts
inner join marts.dim_territory as regions
    on regions.territory_level = 'region' and parts.region_code = regions.territory_code
inner join marts.dim_territory as wholes
    on parts.territory_level = wholes.territory_level and parts.territory_code = wholes.territory_code
inner join marts.dim_territory as most
    on most.territory_level = 'region' and wholes.region_code = most.territory_code
window whole as (partition by parts.territory_level, parts.territory_code)
qualify regions.is_in_scope
order by parts.territory_level, parts.territory_code, parts.region_code
"""

# Of the EPCI of several departements, what share of the inhabitants lives in each, the most first.
DEPARTEMENTS = """
with parts as (
    select epci_code, departement_code, sum(population) as population
    from marts.dim_territory
    where territory_level = 'commune' and epci_code is not null
    group by epci_code, departement_code
)
select
    parts.epci_code,
    list((departements.name, parts.population / wholes.population) order by parts.population desc) as found
from parts
inner join (select epci_code, sum(population) as population from parts group by epci_code) as wholes using (epci_code)
inner join marts.dim_territory as departements
    on departements.territory_level = 'departement' and parts.departement_code = departements.territory_code
group by parts.epci_code
having count(*) > 1
"""


@dataclass(frozen=True)
class Border:
    """A territory of several regions, and its part in one of them: communes and inhabitants, there and in all."""

    level: str
    code: str
    region_code: str
    region: str
    main_region: str  # where most of its inhabitants live
    communes: int
    communes_in_all: int
    population: int | None
    population_in_all: int | None

    @property
    def inside(self) -> str:
        """Its part, in words that follow a preposition."""
        return f"ses {plural(self.communes, 'commune')} {in_region(self.region)}"

    def __str__(self) -> str:
        """What the shares count, and what they do not."""
        communes = f"{number(self.communes)} de ses {plural(self.communes_in_all, 'commune')}"
        lives = (
            f", {number(self.population)} de ses {plural(self.population_in_all, 'habitant')},"
            if self.population is not None and self.population_in_all is not None
            else ""
        )
        elsewhere = (
            "Ce territoire déborde de sa région."
            if self.region == self.main_region
            else f"La plupart des habitants de ce territoire sont {in_region(self.main_region)}."
        )
        verb = "est" if self.communes == 1 else "sont"
        return (
            f"{elsewhere} {communes}{lives} {verb} {in_region(self.region)} : les parts indicatives ne portent que sur "
            "elles, l'observé porte sur le territoire entier ; ce qui serait demandé à une autre région n'est pas "
            "compté."
        )


def read_borders(connection: duckdb.DuckDBPyConnection) -> list[Border]:
    """Each part, in a region that is published, of a territory of several regions."""
    return [Border(*row) for row in connection.execute(BORDERS).fetchall()]


def read_departements(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, float]]]:
    """Of each EPCI of several departements, by its code, their names and the share of its inhabitants in each."""
    return dict(connection.execute(DEPARTEMENTS).fetchall())
