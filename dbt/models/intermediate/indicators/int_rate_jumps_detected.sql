{#- A rate jumps when it departs from both its neighbours by so many times the usual change of its series, in
robust standard deviations, and by this part of what they let expect; at an end of the series, where one side
is not known, also by this part of the mean of its level. -#}
{% set min_score = 6 %}
{% set min_share_of_expected = 0.5 %}
{% set min_share_of_mean_at_end = 0.5 %}

{#- How many times the spread of its level a series may have as its own: one that leaps often would explain
any leap. -#}
{% set most_spreads_of_level = 2 %}

{#- A change that is at most so many times the one before it, in the same direction, goes on as it went. -#}
{% set most_growth_of_change = 3 %}

{#- Fewer changes are no series to be judged by. -#}
{% set min_changes = 3 %}

{#- The least spread that a series has, as a part of the mean of its level. -#}
{% set least_spread = 0.03 %}

{#- What makes a standard deviation of a median of absolute deviations. -#}
{% set mad_to_deviation = 1.4826 %}

with rates as (
    select
        selected.indicator_id,
        selected.territory_level,
        selected.territory_code,
        selected.year,
        selected.value
    from {{ ref('int_values_selected') }} as selected
    inner join {{ ref('indicators') }} as indicators on selected.indicator_id = indicators.indicator_id
    where
        not indicators.is_additive
        and not ends_with(selected.indicator_id, '_half_interval')
        and selected.territory_level <> 'commune'
        and selected.value is not null
        and not selected.is_incomplete_year
),

changes as (
    select
        *,
        value - lag(value) over each_series as value_change,
        year - lag(year) over each_series as years_between
    from rates
    window each_series as (partition by indicator_id, territory_level, territory_code order by year)
),

-- What all territories of a level share is no jump.
own_changes as (
    select
        *,
        value_change - if(
            count(value_change) over each_year >= 4,
            median(value_change) over each_year,
            0
        ) as own_change
    from changes
    window each_year as (partition by indicator_id, territory_level, year, years_between)
),

neighbours as (
    select
        *,
        lag(own_change) over each_series as previous_change,
        lead(own_change) over each_series as next_change,
        lead(own_change, 2) over each_series as change_after_next,
        lag(value) over each_series as value_before,
        lead(value) over each_series as next_value,
        median(abs(own_change)) over (
            partition by indicator_id, territory_level, territory_code
        ) as own_spread,
        median(abs(own_change)) over (partition by indicator_id, territory_level) as level_spread,
        avg(abs(value)) over (partition by indicator_id, territory_level) as level_mean,
        median(abs(value)) over (partition by indicator_id, territory_level) as level_median,
        count(own_change) over (partition by indicator_id, territory_level, territory_code) as change_count
    from own_changes
    window each_series as (partition by indicator_id, territory_level, territory_code order by year)
),

-- A rate that most territories do not have, one that begins, and one that goes on as it went, does not jump.
measured as (
    select
        *,
        own_change is null or next_change is null as is_end,
        case
            when own_change is null then {{ nearer('-next_change', '-next_change - change_after_next') }}
            when next_change is null then {{ nearer('own_change', 'own_change + previous_change') }}
            else {{ nearer('own_change', '-next_change') }}
        end as departure,
        greatest(
            least(own_spread, {{ most_spreads_of_level }} * level_spread),
            level_spread,
            {{ least_spread }} * level_mean
        ) * {{ mad_to_deviation }} as deviation
    from neighbours
    where
        change_count >= {{ min_changes }}
        and level_median > 0
        and (
            next_change is not null
            or (
                value_before <> 0
                and not coalesce(
                    own_change / nullif(previous_change, 0) between 0 and {{ most_growth_of_change }}, false
                )
            )
        )
)

select
    indicator_id,
    territory_level,
    territory_code,
    year,
    'jump' as kind,
    value,
    value - departure - {{ min_score }} * deviation as expected_low,
    value - departure + {{ min_score }} * deviation as expected_high,
    cast(null as varchar) as compared_indicator_id,
    false as is_impossible,
    'Le taux passe de '
    || coalesce({{ number_fr('value_before') }} || ' à ', '')
    || {{ number_fr('value') }}
    || coalesce(' puis ' || {{ number_fr('next_value') }}, '')
    || ', sans que les autres territoires bougent ainsi.' as reason
from measured
where
    abs(departure) >= {{ min_score }} * deviation
    and abs(departure) >= {{ min_share_of_expected }} * abs(value - departure)
    and (not is_end or abs(departure) >= {{ min_share_of_mean_at_end }} * level_mean)
