with members as (
    select * from {{ source('raw_etalab', 'etalab_decoupage__epci_members') }}
)

select
    cast(year(reference_date) as integer) as cog_year,
    epci_code,
    epci_name,
    epci_type,
    commune_code,
    snapshot_id
from members
