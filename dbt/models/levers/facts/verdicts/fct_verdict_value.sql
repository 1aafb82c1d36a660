select
    observations.lever_id,
    observations.indicator_id,
    observations.basis,
    observations.territory_level,
    observations.territory_code,
    observations.year,
    observations.raw_value as published_value,
    observations.value as compared_value,
    indicators.unit,
    observations.left_out_because,
    observations.completeness_pct,
    observations.dataset_id
from {{ ref('int_verdict_observations') }} as observations
inner join {{ ref('indicators') }} as indicators on observations.indicator_id = indicators.indicator_id
