select
    indicator_values.territory_level,
    indicator_values.territory_code,
    indicator_values.year,
    sources.sector_fr as sector,
    sources.source_name as source,
    indicator_values.value,
    sources.in_total,
    indicator_values.dataset_id,
    indicator_values.snapshot_id,
    sources.note_fr as note
from {{ ref('fct_indicator_value') }} as indicator_values
inner join {{ ref('emission_sources') }} as sources
    on indicator_values.indicator_id = sources.indicator_id
