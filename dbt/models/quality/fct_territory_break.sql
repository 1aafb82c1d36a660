select
    indicator_id,
    territory_level,
    territory_code,
    break_year,
    reason_fr as reason,
    broken_pct
from {{ ref('int_territory_breaks_detected') }}
