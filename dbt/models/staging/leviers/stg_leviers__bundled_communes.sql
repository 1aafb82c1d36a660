with communes as (
    select * from {{ source('raw_leviers', 'bundled_etalab_decoupage') }}
)

select
    cast(year(reference_date) as integer) as cog_year,
    commune_code,
    commune_name,
    departement_code,
    departement_name,
    region_code,
    region_name,
    epci_code,
    epci_name,
    epci_type,
    population,
    epci_population,
    snapshot_id
from communes
