select
    indicator_id,
    territory_level,
    territory_code,
    year,
    compared_indicator_id,
    published_value,
    rolled_up_value,
    difference,
    difference_pct,
    rolled_up_completeness_pct,
    tolerance_pct,
    tolerance_reason,
    is_within_tolerance,
    is_beyond_tolerance
from {{ ref('int_levels_reconciled') }}
