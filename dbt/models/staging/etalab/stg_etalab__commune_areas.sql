select
    commune_code,
    area / 100 as area_km2,
    snapshot_id
from {{ source('raw_etalab', 'etalab_commune_areas') }}
