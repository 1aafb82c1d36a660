select
    indicator_id,
    break_year,
    reason_fr as reason,
    source
from {{ ref('series_breaks') }}
