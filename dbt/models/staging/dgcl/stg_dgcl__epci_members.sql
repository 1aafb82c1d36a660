with members as (
    select * from {{ source('raw_dgcl', 'dgcl_epci') }}
)

select
    cast(year(reference_date) as integer) as cog_year,
    siren as epci_code,
    raison_sociale as epci_name,
    nature_juridique as epci_type,
    insee as commune_code,
    pmun as population,
    snapshot_id
from members
