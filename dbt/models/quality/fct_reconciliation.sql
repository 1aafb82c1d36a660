select
    published.indicator_id,
    published.territory_level,
    published.territory_code,
    published.year,
    published.value as published_value,
    rolled_up.value as rolled_up_value,
    published.value - rolled_up.value as difference,
    rolled_up.completeness_pct as rolled_up_completeness_pct
from {{ ref('int_observations_rebased') }} as published
inner join {{ ref('int_observations_rolled_up') }} as rolled_up
    on
        published.indicator_id = rolled_up.indicator_id
        and published.territory_level = rolled_up.territory_level
        and published.territory_code = rolled_up.territory_code
        and published.year = rolled_up.year
