with measured as (
    select
        measures.lever_id,
        indicator_values.indicator_id,
        indicator_values.territory_level,
        indicator_values.territory_code,
        indicator_values.year,
        indicator_values.value,
        indicator_values.value_status
    from {{ ref('fct_indicator_value') }} as indicator_values
    inner join {{ ref('bridge_lever_indicator') }} as measures
        on indicator_values.indicator_id = measures.indicator_id
    where measures.role = 'measure'
)

select
    lever_id,
    indicator_id,
    territory_level,
    territory_code,
    min(year) filter (where value is not null and year >= {{ var('target_start_year') }}) as first_year_since_start,
    arg_min(value, year) filter (
        where value is not null and year >= {{ var('target_start_year') }}
    ) as first_value_since_start,
    max(year) filter (where value is not null) as latest_year,
    arg_max(value, year) filter (where value is not null) as latest_value,
    max(year) filter (where value_status = 'observed') as latest_observed_year
from measured
group by lever_id, indicator_id, territory_level, territory_code
