select
    indicator_id,
    territory_level,
    territory_code,
    break_year,
    reason_fr as reason
from {{ ref('int_territory_breaks_detected') }}
