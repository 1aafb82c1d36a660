select
    measures.lever_id,
    indicator_values.indicator_id,
    indicator_values.territory_level,
    indicator_values.territory_code,
    indicator_values.year,
    indicator_values.reference_date,
    indicator_values.value,
    indicator_values.unit,
    indicator_values.value_status,
    indicator_values.completeness_pct,
    indicator_values.masked_count,
    indicator_values.is_provisional,
    indicator_values.is_incomplete_year,
    indicator_values.is_anomalous,
    indicator_values.dataset_id,
    indicator_values.snapshot_id
from {{ ref('fct_indicator_value') }} as indicator_values
inner join {{ ref('bridge_lever_indicator') }} as measures
    on indicator_values.indicator_id = measures.indicator_id and measures.role = 'measure'
left join {{ ref('int_territories_unioned') }} as territories
    on {{ same_territory('indicator_values', 'territories') }}
where {{ is_lever_of_region('measures.lever_id', 'territories.region_code') }}
