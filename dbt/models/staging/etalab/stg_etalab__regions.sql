with regions as (
    select * from {{ source('raw_etalab', 'etalab_decoupage__regions') }}
)

select
    cast(year(reference_date) as integer) as cog_year,
    code as region_code,
    nom as name,
    snapshot_id
from regions
