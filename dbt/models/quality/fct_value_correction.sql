select
    correction_id,
    dataset_id,
    indicator_id,
    source_key,
    territory_level,
    territory_code,
    year_from,
    year_to,
    kind,
    factor,
    received,
    corrected,
    reason_fr as reason,
    decided_on,
    reported_to_producer,
    source
from {{ ref('value_corrections') }}
