select
    operator,
    energy,
    sector,
    commune_code,
    year,
    sites,
    consumption as mwh,
    if(consumption is null and hidden_cells > 0, 'secret', 'observed') as mwh_status,
    snapshot_id
from {{ source('raw_ore', 'ore_consumption_commune') }}
