select
    cog_year,
    commune_code,
    name,
    epci_code,
    departement_code,
    region_code,
    population,
    population_year,
    source
from {{ ref('int_communes_dated') }}
