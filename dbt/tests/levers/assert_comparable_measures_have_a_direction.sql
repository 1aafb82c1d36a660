select
    links.lever_id,
    links.indicator_id
from {{ ref('bridge_lever_indicator') }} as links
inner join {{ ref('dim_indicator') }} as indicators on links.indicator_id = indicators.indicator_id
where
    links.role = 'measure'
    and links.comparability <> 'not_comparable'
    and indicators.direction not in ('rise', 'fall')
