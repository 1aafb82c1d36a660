select
    region_code,
    sector_code,
    ghg,
    snapshot_id
from {{ source('raw_atmo', 'atmo_emissions_sector') }}
