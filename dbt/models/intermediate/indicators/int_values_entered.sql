select
    entered.indicator_id,
    entered.territory_level,
    entered.territory_code,
    entered.year,
    make_date(entered.year, 1, 1) as reference_date,
    entered.value * if(entered.source_unit = indicators.unit, 1, conversions.factor) as value,
    entered.value_status,
    entered.source,
    entered.licence,
    entered.entered_at,
    {{ dataset_of('entered.snapshot_id') }} as dataset_id,
    entered.snapshot_id
from {{ ref('stg_leviers__entered_values') }} as entered
inner join {{ ref('indicators') }} as indicators on entered.indicator_id = indicators.indicator_id
left join {{ ref('conversions') }} as conversions
    on entered.source_unit = conversions.from_unit and indicators.unit = conversions.to_unit
semi join {{ ref('int_territories_unioned') }} as territories
    on {{ same_territory('entered', 'territories') }}
