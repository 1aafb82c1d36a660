select
    site_id,
    commune_code,
    regexp_replace(lower(eprtr_code), '[^0-9a-z]', '', 'g') as eprtr_activity,
    snapshot_id
from {{ source('raw_dgpr', 'irep__establishments') }}
