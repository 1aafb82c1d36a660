select
    installation_id,
    year,
    -- a negative number stands for no data, as do the texts
    case when verified_emissions >= 0 then verified_emissions end as verified_emissions,
    verified_emissions_status,
    snapshot_id
from {{ source('raw_ec', 'eu_ets_installations') }}
where registry_code = 'FR'
