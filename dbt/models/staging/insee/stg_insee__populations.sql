with populations as (
    select * from {{ source('raw_insee', 'insee_populations') }}
)

select
    cast(year(reference_date) as integer) as cog_year,
    cast(population_year as integer) as population_year,
    commune_code,
    pmun as population,
    snapshot_id
from populations
