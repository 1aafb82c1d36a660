select
    hub_id,
    region_code,
    date_mesure,
    value,
    snapshot_id
from {{ source('raw_ecolab', 'ecolab_irpe') }}
where hub_id in ('257', '683')
