with selected as (
    {{ values_of_sums() }}
),

-- A zero is impossible where most years of the series and most territories have a value, one comes later,
-- and the series does not grow from nothing: its least value is near its usual one.
zeros as (
    select
        selected.*,
        median(selected.value) over each_series as usual_value,
        min(selected.value) filter (where selected.value > 0) over each_series as least_value,
        max(selected.year) filter (where selected.value > 0) over each_series as last_year_with_value,
        avg(if(selected.value > 0, 1, 0)) over each_series as share_of_years,
        avg(if(selected.value > 0, 1, 0)) over (
            partition by selected.indicator_id, selected.territory_level, selected.year
        ) as share_of_territories,
        lag(selected.value) over (each_series order by selected.year) as value_before,
        lead(selected.value) over (each_series order by selected.year) as next_value,
        sum(selected.value) over (
            partition by selected.indicator_id, selected.territory_level, selected.year
        ) as level_sum
    from selected
    window each_series as (
        partition by selected.indicator_id, selected.territory_level, selected.territory_code
    )
)

select
    indicator_id,
    territory_level,
    territory_code,
    year,
    'zero' as kind,
    value,
    least_value as expected_low,
    usual_value as expected_high,
    cast(null as varchar) as compared_indicator_id,
    true as is_impossible,
    'Un zéro dans une série qui vaut par ailleurs '
    || {{ number_fr('least_value') }}
    || ' au moins.' as reason
from zeros
where
    value = 0
    and share_of_years >= {{ threshold('zero_share_of_years') }}
    and share_of_territories >= {{ threshold('zero_share_of_territories') }}
    and year < last_year_with_value
    and least_value >= {{ threshold('zero_least_of_usual') }} * usual_value
    and usual_value >= {{ threshold('zero_share_of_level') }} * level_sum
union all
-- A leap from zero is impossible if the series falls again at once: one that grows from nothing does not.
select
    indicator_id,
    territory_level,
    territory_code,
    year,
    'jump' as kind,
    value,
    0 as expected_low,
    0 as expected_high,
    cast(null as varchar) as compared_indicator_id,
    true as is_impossible,
    'La série passe de 0 à '
    || {{ number_fr('value') }}
    || coalesce(' puis ' || {{ number_fr('next_value') }}, '')
    || ', une part de '
    || {{ number_fr('100 * value / level_sum') }}
    || ' % du total des territoires de ce niveau.' as reason
from zeros
where
    value_before = 0
    and value >= {{ threshold('zero_leap_share_of_level') }} * level_sum
    and coalesce(next_value <= value / {{ threshold('zero_leap_fall') }}, true)
    and share_of_territories >= {{ threshold('zero_leap_share_of_territories') }}
