select
    commitment_id,
    version,
    version = max(version) over (partition by commitment_id) as is_current,
    lever_id,
    territory_level,
    territory_code,
    horizon_year,
    measure,
    unit,
    asked,
    done_or_planned,
    new_ambition,
    roadmap,
    source,
    entered_at,
    snapshot_id
from {{ ref('stg_leviers__commitments') }}
