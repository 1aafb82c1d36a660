select
    commitment_id,
    lever_id,
    territory_level,
    territory_code,
    cast(horizon_year as integer) as horizon_year,
    measure,
    unit,
    asked,
    done_or_planned,
    new_ambition,
    action,
    responsible,
    roadmap,
    source,
    cast(version as integer) as version,
    entered_at,
    snapshot_id
from {{ source('raw_leviers', 'commitment') }}
