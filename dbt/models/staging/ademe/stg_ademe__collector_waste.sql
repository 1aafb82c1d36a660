select
    collector_id,
    year,
    strip_accents(lower(destination)) as destination,
    tonnage,
    snapshot_id
from {{ source('raw_ademe', 'ademe_sinoe_destination_collector') }}
where tonnage is not null
