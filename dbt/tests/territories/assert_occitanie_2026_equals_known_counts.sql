-- As the official geographic code of 2026 and the populations that INSEE publishes give them.
with occitanie as (
    select commune_code
    from {{ ref('bridge_commune_group') }}
    where territory_level = 'region' and territory_code = '76' and cog_year = 2026
),

counts as (
    select
        (select count(*) from occitanie) as commune_count,
        (
            select count(distinct members.territory_code)
            from {{ ref('bridge_commune_group') }} as members
            semi join occitanie on members.commune_code = occitanie.commune_code
            where members.territory_level = 'epci'
        ) as epci_count,
        (
            select count(distinct members.territory_code)
            from {{ ref('bridge_commune_group') }} as members
            semi join occitanie on members.commune_code = occitanie.commune_code
            where members.territory_level = 'departement'
        ) as departement_count,
        (
            select territories.population
            from {{ ref('dim_territory') }} as territories
            where territories.territory_level = 'region' and territories.territory_code = '76'
        ) as population
)

select
    commune_count,
    epci_count,
    departement_count,
    population
from counts
where
    commune_count > 0
    and (
        commune_count <> 4446
        or epci_count <> 164
        or departement_count <> 13
        or population is distinct from 6124653
    )
