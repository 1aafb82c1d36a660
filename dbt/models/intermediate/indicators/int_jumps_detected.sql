{#- A value is a jump when it departs from its neighbours by so many times the usual change of its series, in
robust standard deviations. -#}
{% set min_score = 6 %}

{#- How many times the spread of its level a series may have as its own: one that leaps often would explain
any leap. -#}
{% set most_spreads_of_level = 2 %}

{#- The least spread of a series: a sum that never moves is given 3 %, without which a change of 10 % would be
a jump; a rate 3 % of the mean of its level. -#}
{% set least_spread = 0.03 %}

{#- What makes a standard deviation of a median of absolute deviations. -#}
{% set mad_to_deviation = 1.4826 %}

{#- A sum is also so many times greater or smaller, and moves the total of its level by this share. The ends
of a series, which have neighbours on one side only, must do more. -#}
{% set min_factor = 1.5 %}
{% set min_share_of_level = 0.001 %}
{% set min_share_of_level_at_end = 0.003 %}
{% set min_factor_at_start = 2 %}
{% set min_score_at_start = 10 %}

{#- A sum with fewer changes has no spread of its own: that of its level stands for it, and its ends are
judged only where they are great. With less than two changes no value has two neighbours. -#}
{% set min_changes_for_spread = 4 %}
{% set min_changes = 2 %}

{#- A leap so great, of so many times what a territory of the level has on average, is judged by the spread of
the level alone. -#}
{% set great_score = 5 %}
{% set great_factor = 4 %}
{% set great_factor_at_end = 10 %}
{% set great_means_of_level = 1 %}
{% set great_means_of_level_at_end = 5 %}

{#- When the jump of a sum is impossible: from a factor within the series, at its ends from a greater one or a
score. -#}
{% set impossible_factor = 2 %}
{% set impossible_factor_at_end = 5 %}
{% set impossible_score_at_end = 15 %}

{#- A rate also departs by this part of what its neighbours let expect and, at an end of the series, of the
mean of its level. Fewer changes are no series to judge a rate by. -#}
{% set min_share_of_expected = 0.5 %}
{% set min_share_of_mean_at_end = 0.5 %}
{% set min_changes_of_rate = 3 %}

{#- A change of a rate that is at most so many times the one before it, in the same direction, goes on as it
went. -#}
{% set most_growth_of_change = 3 %}

-- A sum moves by factors, a rate by differences.
with scaled as (
    select
        selected.indicator_id,
        selected.territory_level,
        selected.territory_code,
        selected.year,
        selected.value,
        selected.masked_count,
        indicators.is_additive,
        if(indicators.is_additive, ln(selected.value), selected.value) as scaled_value
    from {{ ref('int_values_selected') }} as selected
    inner join {{ ref('indicators') }} as indicators on selected.indicator_id = indicators.indicator_id
    where
        selected.territory_level <> 'commune'
        and selected.value is not null
        and not selected.is_incomplete_year
        and if(
            indicators.is_additive,
            selected.value > 0,
            not ends_with(selected.indicator_id, '_half_interval')
        )
),

changes as (
    select
        *,
        scaled_value - lag(scaled_value) over each_series as scaled_change,
        year - lag(year) over each_series as years_between
    from scaled
    window each_series as (partition by indicator_id, territory_level, territory_code order by year)
),

-- What all territories of a level share is no jump.
own_changes as (
    select
        *,
        scaled_change - if(
            count(scaled_change) over each_year >= 4,
            median(scaled_change) over each_year,
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
        count(own_change) over (partition by indicator_id, territory_level, territory_code) as change_count,
        own_change is null or next_change is null as is_end
    from own_changes
    window each_series as (partition by indicator_id, territory_level, territory_code order by year)
),

sums as (
    select
        *,
        sum(value) over (partition by indicator_id, territory_level, year) as level_sum,
        avg(value) over (partition by indicator_id, territory_level, year) as level_mean,
        max(masked_count) over (
            partition by indicator_id, territory_level, territory_code
            order by year rows between 1 preceding and 1 following
        ) as most_masked
    from neighbours
    where is_additive
),

-- A lower bound, of which secrecy hides a part, tells nothing of a fall, nor of the rise after it.
-- How far a value is from the nearer of its two neighbours, where both are on one side of it: those before
-- and after or, at an end of the series, the two next to it. A series that grows from nothing is below what
-- follows at its start: only one that starts too high, and falls, departs. Nor does one that is between its
-- neighbours, however the others move.
measured_sums as (
    select
        *,
        case
            when own_change is null
                then
                    if(
                        value > next_value,
                        greatest(least(-next_change, -next_change - change_after_next), 0),
                        0
                    )
            when next_change is null then {{ nearer('own_change', 'own_change + previous_change') }}
            when value between least(value_before, next_value) and greatest(value_before, next_value) then 0
            else {{ nearer('own_change', '-next_change') }}
        end as departure,
        greatest(level_spread, {{ least_spread }}) * {{ mad_to_deviation }} as level_deviation,
        if(
            change_count >= {{ min_changes_for_spread }},
            greatest(
                level_deviation,
                least(own_spread, {{ most_spreads_of_level }} * level_spread) * {{ mad_to_deviation }}
            ),
            level_deviation
        ) as deviation
    from sums
    where change_count >= {{ min_changes }} and most_masked = 0
),

-- A declared break explains the leap of its year.
unexplained as (
    select measured_sums.*
    from measured_sums
    anti join {{ ref('series_breaks') }} as breaks
        on
            measured_sums.indicator_id = breaks.indicator_id
            and measured_sums.year = breaks.break_year
    anti join {{ ref('indicator_value_rules') }} as rules
        on
            measured_sums.indicator_id = rules.indicator_id
            and measured_sums.year between rules.year_from and rules.year_to
            and rules.rule in ('true_jump', 'events')
),

scored as (
    select
        *,
        abs(departure) / deviation as score,
        exp(abs(departure)) as factor,
        abs(value * (1 - exp(-departure))) as moved
    from unexplained
),

rates as (
    select
        *,
        avg(abs(value)) over (partition by indicator_id, territory_level) as level_mean,
        median(abs(value)) over (partition by indicator_id, territory_level) as level_median
    from neighbours
    where not is_additive
),

-- A rate that most territories do not have, one that begins, and one that goes on as it went, does not jump.
measured_rates as (
    select
        *,
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
    from rates
    where
        change_count >= {{ min_changes_of_rate }}
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
    value * exp(-departure - {{ min_score }} * deviation) as expected_low,
    value * exp(-departure + {{ min_score }} * deviation) as expected_high,
    cast(null as varchar) as compared_indicator_id,
    if(
        is_end,
        factor >= {{ impossible_factor_at_end }}
        or (factor >= {{ impossible_factor }} and score >= {{ impossible_score_at_end }}),
        factor >= {{ impossible_factor }}
    ) as is_impossible,
    {{ jump_fr('La série') }} as reason
from scored
where
    (
        score >= if(own_change is null, {{ min_score_at_start }}, {{ min_score }})
        and factor >= if(own_change is null, {{ min_factor_at_start }}, {{ min_factor }})
        and moved >= level_sum * if(is_end, {{ min_share_of_level_at_end }}, {{ min_share_of_level }})
        and (change_count >= {{ min_changes_for_spread }} or not is_end)
    )
    or (
        abs(departure) / level_deviation >= {{ great_score }}
        and factor >= if(is_end, {{ great_factor_at_end }}, {{ great_factor }})
        and moved
        >= level_mean * if(is_end, {{ great_means_of_level_at_end }}, {{ great_means_of_level }})
    )
union all
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
    {{ jump_fr('Le taux') }} as reason
from measured_rates
where
    abs(departure) >= {{ min_score }} * deviation
    and abs(departure) >= {{ min_share_of_expected }} * abs(value - departure)
    and (not is_end or abs(departure) >= {{ min_share_of_mean_at_end }} * level_mean)
