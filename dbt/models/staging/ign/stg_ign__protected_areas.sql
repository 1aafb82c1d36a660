select
    kind,
    site_code,
    created_on,
    official_area,
    snapshot_id
from {{ source('raw_ign', 'patrinat_protected_areas') }}
