with communes as (
    select
        territory_code as commune_code,
        region_code,
        departement_code,
        epci_code,
        coalesce(population, 0) as population
    from {{ ref('dim_territory') }}
    where territory_level = 'commune'
)

select
    commune_code,
    region_code,
    population,
    'commune' as part_level,
    commune_code as part_code
from communes
union all
select
    commune_code,
    region_code,
    population,
    'epci' as part_level,
    coalesce(epci_code, commune_code) as part_code
from communes
union all
select
    commune_code,
    region_code,
    population,
    'departement' as part_level,
    departement_code as part_code
from communes
