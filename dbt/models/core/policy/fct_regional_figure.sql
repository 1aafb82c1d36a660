select
    region_code,
    framework,
    metric,
    basis,
    horizon_year,
    kind,
    value,
    unit,
    lever_id,
    indicator_id,
    source,
    confidence
from {{ ref('regional_framework_targets') }}
