select
    installation_id,
    year,
    -- a negative number stands for no data
    if(verified_emissions >= 0, verified_emissions, null) as verified_emissions,
    snapshot_id
from {{ source('raw_ec', 'eu_ets_registry__yearly_activity') }}
where registry_code = 'FR'
