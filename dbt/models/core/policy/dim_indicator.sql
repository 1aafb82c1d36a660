select
    indicators.indicator_id,
    indicators.label_fr,
    indicators.label_en,
    indicators.unit,
    unit_labels.label_fr as unit_label_fr,
    indicators.direction,
    indicators.is_additive,
    indicators.numerator_id,
    indicators.denominator_id,
    indicators.dataset_id,
    indicators.finest_level,
    indicators.rollup_from,
    indicators.method,
    indicators.min_plausible,
    indicators.max_plausible,
    indicators.source
from {{ ref('indicators') }} as indicators
left join {{ ref('unit_labels') }} as unit_labels on indicators.unit = unit_labels.unit
