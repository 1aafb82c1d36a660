with breaks as (
    select
        indicator_id,
        max(break_year) filter (where break_year <= {{ threshold('path_start_year') }})
            as break_before_start_year,
        min(break_year) filter (where break_year > {{ threshold('path_start_year') }})
            as break_after_start_year
    from {{ ref('series_breaks') }}
    group by indicator_id
),

roundings as (
    select
        indicator_id,
        case
            when bool_and(abs(value - round(value)) < 1e-9) then 1
            when bool_and(abs(value - round(value, 1)) < 1e-9) then 0.1
            when bool_and(abs(value - round(value, 2)) < 1e-9) then 0.01
            else 0
        end as rounding_step
    from {{ ref('fct_indicator_value') }}
    where value is not null and not is_entered
    group by indicator_id
)

select
    roundings.indicator_id,
    roundings.rounding_step,
    breaks.break_before_start_year,
    breaks.break_after_start_year
from roundings
left join breaks on roundings.indicator_id = breaks.indicator_id
