select
    from_year,
    from_code,
    to_year,
    to_code,
    weight,
    event,
    population_source
from {{ ref('int_commune_codes_mapped') }}
