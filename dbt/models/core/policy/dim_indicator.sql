select
    indicator_id,
    label_fr,
    label_en,
    unit,
    direction,
    is_additive,
    numerator_id,
    denominator_id,
    dataset_id,
    finest_level,
    rollup_from,
    method,
    min_plausible,
    max_plausible,
    source
from {{ ref('indicators') }}
