-- Bounds of a level must be narrower than the bounds of the indicator: any others would say nothing.
select
    bounds.indicator_id,
    bounds.territory_level
from {{ ref('plausible_bounds') }} as bounds
inner join {{ ref('indicators') }} as indicators on bounds.indicator_id = indicators.indicator_id
where
    coalesce(bounds.min_plausible, bounds.max_plausible) is null
    or bounds.min_plausible <= indicators.min_plausible
    or bounds.max_plausible >= indicators.max_plausible
