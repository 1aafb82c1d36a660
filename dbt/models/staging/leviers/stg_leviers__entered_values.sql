select
    indicator_id,
    territory_level,
    territory_code,
    cast(year as integer) as year,
    value,
    unit as source_unit,
    value_status,
    source,
    licence,
    entered_at,
    snapshot_id
from {{ source('raw_leviers', 'entered_value') }}
qualify
    row_number() over (
        partition by indicator_id, territory_level, territory_code, year
        order by version desc
    ) = 1
    and not is_withdrawn
