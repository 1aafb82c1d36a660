{{ with_neighbours(of_sums=false) }},

rates as (
    select
        *,
        avg(abs(value)) over (partition by indicator_id, territory_level) as level_mean,
        median(abs(value)) over (partition by indicator_id, territory_level) as level_median
    from neighbours
),

-- A rate that is zero in most territories is left out. So is a last year after a zero, or one that goes on as
-- the rate went: its change is up to `rate_jump_most_growth` times the one before.
measured_rates as (
    select
        *,
        case
            when own_change is null then {{ nearer('-next_change', '-next_change - change_after_next') }}
            when next_change is null then {{ nearer('own_change', 'own_change + previous_change') }}
            else {{ nearer('own_change', '-next_change') }}
        end as departure,
        greatest({{ deviation_of_series() }}, {{ deviation_of_level('level_mean') }}) as deviation
    from rates
    where
        change_count >= {{ threshold('rate_jump_min_changes') }}
        and level_median > 0
        and (
            next_change is not null
            or (
                value_before <> 0
                and not coalesce(
                    own_change / nullif(previous_change, 0)
                    between 0 and {{ threshold('rate_jump_most_growth') }},
                    false
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
    value - departure - {{ threshold('jump_score') }} * deviation as expected_low,
    value - departure + {{ threshold('jump_score') }} * deviation as expected_high,
    cast(null as varchar) as compared_indicator_id,
    false as is_impossible,
    {{ jump_fr('Le taux') }} as reason
from measured_rates
where
    abs(departure) >= {{ threshold('jump_score') }} * deviation
    and abs(departure) >= {{ threshold('rate_jump_share_of_expected') }} * abs(value - departure)
    and (not is_end or abs(departure) >= {{ threshold('rate_jump_share_of_mean_at_end') }} * level_mean)
