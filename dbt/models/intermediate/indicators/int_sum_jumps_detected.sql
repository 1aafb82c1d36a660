{{ with_neighbours(of_sums=true) }},

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
),

-- `departure`: distance, in logarithms, to the nearer neighbour where both lie on the same side; 0 for a
-- value between them. At an end of the series, the two values next to it are the neighbours. A first year
-- departs only if it is too high: a series that grows from nothing starts low. A year with masked cells is a
-- lower bound: it is left out, and so are the years beside it.
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
        {{ deviation_of_level() }} as level_deviation,
        if(
            change_count >= {{ threshold('sum_jump_changes_for_spread') }},
            greatest(level_deviation, {{ deviation_of_series() }}),
            level_deviation
        ) as deviation
    from sums
    where change_count >= {{ threshold('sum_jump_min_changes') }} and most_masked = 0
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
)

select
    indicator_id,
    territory_level,
    territory_code,
    year,
    'jump' as kind,
    value,
    value * exp(-departure - {{ threshold('jump_score') }} * deviation) as expected_low,
    value * exp(-departure + {{ threshold('jump_score') }} * deviation) as expected_high,
    cast(null as varchar) as compared_indicator_id,
    if(
        is_end,
        factor >= {{ threshold('impossible_jump_factor_at_end') }}
        or (
            factor >= {{ threshold('impossible_jump_factor') }}
            and score >= {{ threshold('impossible_jump_score_at_end') }}
        ),
        factor >= {{ threshold('impossible_jump_factor') }}
    ) as is_impossible,
    {{ jump_fr('La série') }} as reason
from scored
where
    (
        score >= if(
            own_change is null, {{ threshold('sum_jump_score_at_start') }}, {{ threshold('jump_score') }}
        )
        and factor >= if(
            own_change is null,
            {{ threshold('sum_jump_factor_at_start') }},
            {{ threshold('sum_jump_factor') }}
        )
        and moved >= level_sum * if(
            is_end,
            {{ threshold('sum_jump_share_of_level_at_end') }},
            {{ threshold('sum_jump_share_of_level') }}
        )
        and (change_count >= {{ threshold('sum_jump_changes_for_spread') }} or not is_end)
    )
    or (
        abs(departure) / level_deviation >= {{ threshold('great_jump_score') }}
        and factor >= if(
            is_end, {{ threshold('great_jump_factor_at_end') }}, {{ threshold('great_jump_factor') }}
        )
        and moved
        >= level_mean * if(
            is_end,
            {{ threshold('great_jump_means_of_level_at_end') }},
            {{ threshold('great_jump_means_of_level') }}
        )
    )
