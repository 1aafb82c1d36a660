select
    region_code,
    day as measured_on,
    mean as mean_temperature,
    snapshot_id
from {{ source('raw_odre', 'odre_regional_temperature') }}
