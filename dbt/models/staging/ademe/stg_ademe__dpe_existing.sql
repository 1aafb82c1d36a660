select
    diagnosis_number,
    replaces_number,
    valid_until,
    dpe_class,
    building_type,
    commune_code,
    modified_on,
    snapshot_id
from {{ source('raw_ademe', 'ademe_dpe_existing') }}
