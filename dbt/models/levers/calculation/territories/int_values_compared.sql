-- People of the year of the value or, uncounted, of the nearest year.
select
    indicator_values.indicator_id,
    indicator_values.territory_level,
    indicator_values.territory_code,
    indicator_values.year,
    case scales.compared_per
        when 'rate' then indicator_values.value
        when 'km2' then indicator_values.value / territories.area_km2
        else indicator_values.value / nullif(people.population, 0)
    end * scales.compared_factor as value,
    scales.compared_per,
    scales.compared_unit_fr,
    if(scales.compared_per = 'inhabitants', people.year, null) as population_year,
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
left join {{ ref('int_populations_dated') }} as people
    on
        {{ same_territory('indicator_values', 'people') }}
        and abs(indicator_values.year - people.year) <= {{ threshold('population_years_apart') }}
semi join {{ ref('bridge_lever_indicator') }} as links
    on indicator_values.indicator_id = links.indicator_id
anti join {{ ref('indicator_value_rules') }} as rules
    on indicator_values.indicator_id = rules.indicator_id and rules.rule = 'few_sites'
where
    indicator_values.territory_level not in ('pays', 'commune')
    and indicator_values.value is not null
    and not indicator_values.is_incomplete_year
    and not indicator_values.is_anomalous
    and (scales.compared_per <> 'inhabitants' or people.year is not null)
qualify row_number() over (
    partition by
        indicator_values.indicator_id,
        indicator_values.territory_level,
        indicator_values.territory_code,
        indicator_values.year
    order by abs(indicator_values.year - people.year) asc, people.year desc
) = 1
