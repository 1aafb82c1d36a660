select
    communes.cog_year,
    communes.commune_code,
    communes.name,
    communes.epci_code,
    communes.departement_code,
    communes.region_code,
    populations.population,
    populations.population_year,
    communes.source
from {{ ref('int_communes_dated') }} as communes
left join {{ ref('int_commune_populations_selected') }} as populations
    on
        communes.cog_year = populations.cog_year
        and communes.commune_code = populations.commune_code
