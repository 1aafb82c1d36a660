select
    departement_code,
    year,
    service_code,
    tonnage,
    snapshot_id
from {{ source('raw_ademe', 'ademe_sinoe_dma') }}
