-- Atmo publishes each level by itself: EPCI of another scope do not make the region, and regions of other
-- years do not make the country. No sum is made, so none is published or compared with what is.
select
    rolled_up.indicator_id,
    rolled_up.territory_level,
    rolled_up.territory_code,
    rolled_up.year
from {{ ref('int_values_selected') }} as rolled_up
inner join {{ ref('indicators') }} as indicators on rolled_up.indicator_id = indicators.indicator_id
where
    rolled_up.parts_completeness_pct is not null
    and indicators.dataset_id = 'atmo_emissions_sector'
