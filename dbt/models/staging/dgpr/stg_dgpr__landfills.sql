select
    departement_label,
    commune_text,
    capacity_limit,
    reference_date as limit_date,
    snapshot_id
from {{ source('raw_dgpr', 'dgpr_isdnd') }}
