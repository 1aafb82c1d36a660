select
    parcel_id,
    commune_code,
    share_pct,
    reference_date,
    snapshot_id
from {{ source('raw_inrae', 'rpg_parcel_communes') }}
