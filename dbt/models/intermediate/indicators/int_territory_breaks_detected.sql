-- The demo has no rows of operators: the breaks of its figures ship with them.
with detected as (
    select
        series.indicator_id,
        breaks.territory_level,
        breaks.territory_code,
        cast(breaks.break_year as integer) as break_year,
        breaks.reason_fr,
        breaks.broken_pct
    from {{ ref('int_ore_breaks_detected') }} as breaks
    inner join {{ ref('series') }} as series
        on
            series.source_model = 'int_ore_sectors_weighed'
            and breaks.series = series.series
)

select * from detected
union all
select
    shipped.indicator_id,
    shipped.territory_level,
    shipped.territory_code,
    shipped.break_year,
    shipped.reason_fr,
    shipped.broken_pct
from {{ ref('bundled_territory_breaks') }} as shipped
semi join {{ ref('int_territories_unioned') }} as territories
    on {{ same_territory('shipped', 'territories') }}
anti join detected
    on
        shipped.indicator_id = detected.indicator_id
        and {{ same_territory('shipped', 'detected') }}
        and shipped.break_year = detected.break_year
