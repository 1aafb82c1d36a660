with members as (
    select
        memberships.territory_level,
        memberships.territory_code,
        cast(sum(populations.population) as bigint) as population,
        max(populations.population_year) as population_year
    from {{ ref('int_commune_memberships') }} as memberships
    left join {{ ref('int_commune_populations_selected') }} as populations
        on
            memberships.commune_code = populations.commune_code
            and populations.cog_year = {{ var('cog_year') }}
    group by memberships.territory_level, memberships.territory_code
),

-- The demo lacks some communes of an EPCI: its population, like its values, still counts all of them.
whole_populations as (
    select
        epci_code,
        max(epci_population) as population
    from {{ ref('stg_leviers__bundled_communes') }}
    where cog_year = {{ var('cog_year') }}
    group by epci_code
)

select
    members.territory_level,
    members.territory_code,
    greatest(whole_populations.population, members.population) as population,
    members.population_year
from members
left join whole_populations
    on members.territory_level = 'epci' and members.territory_code = whole_populations.epci_code
