with departements as (
    select * from {{ source('raw_etalab', 'etalab_decoupage__departements') }}
)

select
    cast(year(reference_date) as integer) as cog_year,
    code as departement_code,
    nom as name,
    region as region_code,
    snapshot_id
from departements
