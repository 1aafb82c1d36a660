select
    chains.lever_id,
    chains.priority,
    concat_ws('__', chains.indicator_id, chains.spread_indicator_id) as key_id,
    chains.indicator_id,
    indicators.rollup_from as key_level,
    chains.spread_indicator_id,
    spreads.rollup_from as spread_level,
    indicators.label_fr as key_label_fr,
    coalesce(spreads.label_fr, 'Population municipale') as spread_label_fr,
    chains.absent_is_zero,
    chains.is_proxy,
    chains.proxy_reason_fr
from {{ ref('lever_allocation_keys') }} as chains
inner join {{ ref('indicators') }} as indicators on chains.indicator_id = indicators.indicator_id
left join {{ ref('indicators') }} as spreads on chains.spread_indicator_id = spreads.indicator_id
