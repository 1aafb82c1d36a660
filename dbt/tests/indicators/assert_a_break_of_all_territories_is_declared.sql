{{ config(severity='warn') }}
-- A sum that doubles or halves in most territories at once, and hardly moves beside, has a break.
with changes as (
    select
        known.indicator_id,
        known.territory_level,
        known.year,
        known.year - lag(known.year) over each_series as year_count,
        ln(known.value / lag(known.value) over each_series) as log_change
    from {{ ref('fct_indicator_value') }} as known
    inner join {{ ref('indicators') }} as indicators on known.indicator_id = indicators.indicator_id
    where
        indicators.is_additive
        and known.value > 0
        and known.territory_level in ('departement', 'region')
        and not known.is_incomplete_year
    window each_series as (
        partition by known.indicator_id, known.territory_level, known.territory_code
        order by known.year
    )
),

shared as (
    select
        indicator_id,
        territory_level,
        year,
        count(*) as territories,
        median(log_change) as log_change
    from changes
    where year_count = 1
    group by indicator_id, territory_level, year
    having count(*) >= 5
),

beside as (
    select
        *,
        greatest(
            abs(coalesce(lag(log_change) over each_series, 0)),
            abs(coalesce(lead(log_change) over each_series, 0))
        ) as change_beside
    from shared
    window each_series as (partition by indicator_id, territory_level order by year)
)

select
    beside.indicator_id,
    beside.territory_level,
    beside.year,
    beside.territories,
    exp(beside.log_change) as ratio
from beside
anti join {{ ref('series_breaks') }} as breaks
    on
        beside.indicator_id = breaks.indicator_id
        and beside.year = breaks.break_year
anti join {{ ref('indicator_value_rules') }} as rules
    on
        beside.indicator_id = rules.indicator_id
        and rules.rule in ('true_jump', 'events')
        and beside.year between rules.year_from and rules.year_to
where abs(beside.log_change) >= ln(2) and abs(beside.log_change) >= 4 * beside.change_beside
