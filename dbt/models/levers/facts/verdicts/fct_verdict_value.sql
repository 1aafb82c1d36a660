select
    observations.lever_id,
    observations.indicator_id,
    observations.basis,
    observations.territory_level,
    observations.territory_code,
    observations.year,
    observations.reference_date,
    observations.raw_value as published_value,
    observations.value as compared_value,
    indicators.unit,
    observations.left_out_because,
    coalesce(
        {{ is_years_apart(
            'observations.reference_date',
            'max(if(observations.is_usable, observations.reference_date, null)) over each_series'
        ) }},
        false
    ) as compares_with_latest,
    observations.completeness_pct,
    observations.dataset_id
from {{ ref('int_verdict_observations') }} as observations
inner join {{ ref('indicators') }} as indicators on observations.indicator_id = indicators.indicator_id
window each_series as (
    partition by
        observations.lever_id,
        observations.indicator_id,
        observations.basis,
        observations.territory_level,
        observations.territory_code
)
