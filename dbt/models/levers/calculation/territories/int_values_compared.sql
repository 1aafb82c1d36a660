select
    indicator_values.indicator_id,
    indicator_values.territory_level,
    indicator_values.territory_code,
    indicator_values.year,
    case scales.compared_per
        when 'rate' then indicator_values.value
        when 'km2' then indicator_values.value / territories.area_km2
        else indicator_values.value / nullif(territories.population, 0)
    end * scales.compared_factor as value,
    scales.compared_per,
    scales.compared_unit_fr,
    territories.region_code,
    territories.is_in_scope,
    indicator_values.completeness_pct,
    indicator_values.completeness_pct >= {{ threshold('complete_pct') }} as is_whole,
    indicator_values.dataset_id,
    indicator_values.snapshot_id
from {{ ref('fct_indicator_value') }} as indicator_values
inner join {{ ref('int_indicator_scales') }} as scales
    on indicator_values.indicator_id = scales.indicator_id
inner join {{ ref('dim_territory') }} as territories
    on {{ same_territory('indicator_values', 'territories') }}
semi join {{ ref('bridge_lever_indicator') }} as links
    on indicator_values.indicator_id = links.indicator_id
anti join {{ ref('indicator_value_rules') }} as rules
    on indicator_values.indicator_id = rules.indicator_id and rules.rule = 'few_sites'
where
    indicator_values.territory_level not in ('pays', 'commune')
    and indicator_values.value is not null
    and not indicator_values.is_incomplete_year
    and not indicator_values.is_anomalous
