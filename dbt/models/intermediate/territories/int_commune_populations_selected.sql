-- The population that the commune record itself carries comes first: it is the newest in its geography.
select
    cog_year,
    commune_code,
    population,
    population_year
from {{ ref('int_commune_populations_unioned') }}
qualify row_number() over (partition by cog_year, commune_code order by source_rank desc) = 1
