select
    cast(right(declared_year, 4) as integer) as year,
    departement_code,
    commune_name,
    floor_area,
    energy,
    snapshot_id
from {{ source('raw_ademe', 'ademe_operat_commune') }}
-- the reference years have the rank 0, which is no year
where regexp_full_match(declared_year, '([1-9][0-9]* - )?20[0-9]{2}')
