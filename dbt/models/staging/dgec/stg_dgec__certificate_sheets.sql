select
    sheet_version_id,
    sheet_code,
    sheet_name,
    sector_code,
    subsector_code,
    version,
    valid_from,
    valid_to,
    snapshot_id
from {{ source('raw_dgec', 'cee_fiches') }}
