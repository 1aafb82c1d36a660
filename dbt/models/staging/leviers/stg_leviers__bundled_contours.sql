select
    territory_level,
    territory_code,
    geometry,
    snapshot_id
from {{ source('raw_leviers', 'bundled_ign_contours') }}
