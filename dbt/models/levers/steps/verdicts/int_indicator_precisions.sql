with last_breaks as (
    select
        indicator_id,
        max(break_year) as last_break_year
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
    last_breaks.last_break_year
from roundings
left join last_breaks on roundings.indicator_id = last_breaks.indicator_id
