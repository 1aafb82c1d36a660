select
    territory_level,
    territory_code,
    name,
    region_code,
    departement_code,
    epci_code,
    population,
    population_year,
    {{ var('cog_year') }} as cog_year,
    is_in_scope
from {{ ref('int_territories_unioned') }}
