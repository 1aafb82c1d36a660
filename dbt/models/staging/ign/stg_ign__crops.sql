select
    crop_code,
    label_fr,
    snapshot_id
from {{ source('raw_ign', 'rpg_nomenclature') }}
