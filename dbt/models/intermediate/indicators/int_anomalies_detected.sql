{#- A value is a jump when it departs from its neighbours by so many times the usual change of its series (in
robust standard deviations), is so many times greater or smaller, and moves the total of its level by this
share. The ends of a series, which have neighbours on one side only, must do more. -#}
{% set min_score = 6 %}
{% set min_factor = 1.5 %}
{% set min_share_of_level = 0.001 %}
{% set min_share_of_level_at_end = 0.003 %}
{% set min_factor_at_start = 2 %}
{% set min_score_at_start = 10 %}

{#- A series with fewer changes has no spread of its own: that of its level stands for it, and its ends are
judged only where they are great. With less than two changes no value has two neighbours. -#}
{% set min_changes_for_spread = 4 %}
{% set min_changes = 2 %}

{#- How many times the spread of its level a series may have as its own: one that leaps often would explain
any leap. -#}
{% set most_spreads_of_level = 2 %}

{#- A leap so great, of so many times what a territory of the level has on average, is judged by the spread of
the level alone. -#}
{% set great_score = 5 %}
{% set great_factor = 4 %}
{% set great_factor_at_end = 10 %}
{% set great_means_of_level = 1 %}
{% set great_means_of_level_at_end = 5 %}

{#- What follows a zero has no factor: it is judged by its share of a level to which most territories add. -#}
{% set share_of_level_after_zero = 0.05 %}

{#- When a jump is impossible: from a factor within the series, at its ends from a greater one or a score. -#}
{% set impossible_factor = 2 %}
{% set impossible_factor_at_end = 5 %}
{% set impossible_score_at_end = 15 %}

{#- What an impossible part must weigh in a sum of parts to make it impossible too. -#}
{% set min_share_of_sum = 0.05 %}

{#- Series that never move are given a spread of 3 %, without which a change of 10 % would be a jump. -#}
{% set least_spread = 0.03 %}

{#- What makes a standard deviation of a median of absolute deviations. -#}
{% set mad_to_deviation = 1.4826 %}

with indicators as (
    select
        indicator_id,
        label_fr
    from {{ ref('indicators') }}
    where is_additive
),

selected as (
    select
        selected.indicator_id,
        selected.territory_level,
        selected.territory_code,
        selected.year,
        selected.value,
        selected.masked_count,
        selected.is_rolled_up
    from {{ ref('int_values_selected') }} as selected
    semi join indicators on selected.indicator_id = indicators.indicator_id
    where
        selected.territory_level <> 'commune'
        and selected.value is not null
        and not selected.is_incomplete_year
),

changes as (
    select
        *,
        ln(value) - lag(ln(value)) over each_series as log_change,
        year - lag(year) over each_series as years_between
    from selected
    where value > 0
    window each_series as (partition by indicator_id, territory_level, territory_code order by year)
),

-- What all territories of a level share is no jump.
own_changes as (
    select
        *,
        log_change - if(
            count(log_change) over each_year >= 4,
            median(log_change) over each_year,
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
        lead(value) over each_series as next_value,
        lag(value) over each_series as value_before,
        median(abs(own_change)) over (
            partition by indicator_id, territory_level, territory_code
        ) as own_spread,
        median(abs(own_change)) over (partition by indicator_id, territory_level) as level_spread,
        count(own_change) over (partition by indicator_id, territory_level, territory_code) as change_count,
        sum(value) over (partition by indicator_id, territory_level, year) as level_sum,
        avg(value) over (partition by indicator_id, territory_level, year) as level_mean,
        max(masked_count) over (each_series rows between 1 preceding and 1 following) as most_masked
    from own_changes
    window each_series as (partition by indicator_id, territory_level, territory_code order by year)
),

-- A lower bound, of which secrecy hides a part, tells nothing of a fall, nor of the rise after it.
-- How far a value is from the nearer of its two neighbours, where both are on one side of it: those before
-- and after or, at an end of the series, the two next to it. A series that grows from nothing is below what
-- follows at its start: only one that starts too high, and falls, departs. Nor does one that is between its
-- neighbours, however the others move.
measured as (
    select
        *,
        own_change is null or next_change is null as is_end,
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
    from neighbours
    where change_count >= {{ min_changes }} and most_masked = 0
),

-- A declared break explains the leap of its year.
unexplained as (
    select measured.*
    from measured
    anti join {{ ref('series_breaks') }} as breaks
        on
            measured.indicator_id = breaks.indicator_id
            and measured.year = breaks.break_year
    anti join {{ ref('indicator_value_rules') }} as rules
        on
            measured.indicator_id = rules.indicator_id
            and measured.year between rules.year_from and rules.year_to
            and rules.rule = 'true_jump'
),

scored as (
    select
        *,
        abs(departure) / deviation as score,
        exp(abs(departure)) as factor,
        abs(value * (1 - exp(-departure))) as moved
    from unexplained
),

jumps as (
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
        'La série passe de '
        || coalesce({{ number_fr('value_before') }} || ' à ', '')
        || {{ number_fr('value') }}
        || coalesce(' puis ' || {{ number_fr('next_value') }}, '')
        || ', sans que les autres territoires bougent ainsi.' as reason
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
),

-- A zero before values that do not grow from nothing, in a series that most territories have.
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
),

unlikely_zeros as (
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
        and share_of_years >= 0.6
        and share_of_territories >= 0.9
        and year < last_year_with_value
        and least_value >= 0.5 * usual_value
        and usual_value >= {{ min_share_of_level }} * level_sum
),

-- Nor does a series that grows from nothing fall again at once.
leaps_from_zero as (
    select
        zeros.indicator_id,
        zeros.territory_level,
        zeros.territory_code,
        zeros.year,
        'jump' as kind,
        zeros.value,
        0 as expected_low,
        0 as expected_high,
        cast(null as varchar) as compared_indicator_id,
        true as is_impossible,
        'La série passe de 0 à '
        || {{ number_fr('zeros.value') }}
        || coalesce(' puis ' || {{ number_fr('zeros.next_value') }}, '')
        || ', une part de '
        || {{ number_fr('100 * zeros.value / zeros.level_sum') }}
        || ' % du total des territoires de ce niveau.' as reason
    from zeros
    anti join jumps
        on
            zeros.indicator_id = jumps.indicator_id
            and zeros.territory_level = jumps.territory_level
            and zeros.territory_code = jumps.territory_code
            and zeros.year = jumps.year
    where
        zeros.value_before = 0
        and zeros.value >= {{ share_of_level_after_zero }} * zeros.level_sum
        and coalesce(zeros.next_value <= zeros.value / {{ impossible_factor_at_end }}, true)
        and zeros.share_of_territories >= 0.5
),

wholes as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value
    from selected
    union all
    select
        'population' as indicator_id,
        territory_level,
        territory_code,
        null as year,
        population as value
    from {{ ref('int_territories_unioned') }}
),

-- The year of the other indicator is the nearest one within three.
of_wholes as (
    select
        ceilings.ceiling_id,
        parts.territory_level,
        parts.territory_code,
        parts.year,
        parts.indicator_id,
        parts.value,
        ceilings.kind,
        ceilings.is_impossible,
        ceilings.reason_fr,
        ceilings.of_indicator_id,
        ceilings.max_ratio
        * ceilings.factor
        * arg_min(wholes.value, (coalesce(abs(parts.year - wholes.year), 0), wholes.year)) as ceiling
    from {{ ref('value_ceilings') }} as ceilings
    inner join selected as parts on ceilings.indicator_id = parts.indicator_id
    inner join wholes
        on
            ceilings.of_indicator_id = wholes.indicator_id
            and parts.territory_level = wholes.territory_level
            and parts.territory_code = wholes.territory_code
            and coalesce(abs(parts.year - wholes.year), 0) <= if(ceilings.kind = 'impossible_sum', 0, 3)
    group by
        ceilings.ceiling_id,
        parts.territory_level,
        parts.territory_code,
        parts.year,
        parts.indicator_id,
        parts.value,
        ceilings.kind,
        ceilings.is_impossible,
        ceilings.reason_fr,
        ceilings.of_indicator_id,
        ceilings.max_ratio,
        ceilings.factor
),

summed as (
    select
        *,
        sum(value) over (partition by ceiling_id, territory_level, territory_code, year) as parts_sum,
        count(*) over (partition by ceiling_id, territory_level, territory_code, year) as part_count
    from of_wholes
),

above_ceilings as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        kind,
        value,
        0 as expected_low,
        greatest(ceiling - (parts_sum - value), 0) as expected_high,
        of_indicator_id as compared_indicator_id,
        is_impossible,
        {{ number_fr('parts_sum') }}
        || ', au-dessus du plafond de '
        || {{ number_fr('ceiling') }}
        || '. '
        || reason_fr as reason
    from summed
    where parts_sum > ceiling
),

above_wholes as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        'parts_above_whole' as kind,
        published_value as value,
        rolled_up_value / (1 + tolerance_pct / 100) as expected_low,
        rolled_up_value * (1 + tolerance_pct / 100) as expected_high,
        compared_indicator_id,
        false as is_impossible,
        'Les parties publiées font '
        || {{ number_fr('rolled_up_value') }}
        || ', le tout '
        || {{ number_fr('published_value') }}
        || '.' as reason
    from {{ ref('int_levels_reconciled') }}
    where
        indicator_id = compared_indicator_id
        and not is_within_tolerance
        and rolled_up_value > published_value
),

found as (
    select * from jumps
    union all
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        kind,
        value,
        expected_low,
        expected_high,
        compared_indicator_id,
        is_impossible,
        reason
    from {{ ref('int_rate_jumps_detected') }}
    union all
    select * from unlikely_zeros
    union all
    select * from leaps_from_zero
    union all
    select * from above_ceilings
    union all
    select * from above_wholes
),

-- A sum of parts of which one cannot be true is none either, where it weighs in the sum.
impossible_parts as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value,
        any_value(coalesce(nullif(sqrt(expected_low * expected_high), 0), expected_high)) as expected
    from found
    where is_impossible
    group by indicator_id, territory_level, territory_code, year, value
),

sums_of_impossible as (
    select
        sums.indicator_id,
        sums.territory_level,
        sums.territory_code,
        sums.year,
        sums.value,
        sum(impossible_parts.value - impossible_parts.expected) as excess,
        string_agg(territories.name, ', ' order by impossible_parts.territory_code) as impossible_names
    from selected as sums
    inner join {{ ref('int_territory_parts') }} as parts
        on
            sums.territory_level = parts.territory_level
            and sums.territory_code = parts.territory_code
    inner join impossible_parts
        on
            sums.indicator_id = impossible_parts.indicator_id
            and parts.part_level = impossible_parts.territory_level
            and parts.part_code = impossible_parts.territory_code
            and sums.year = impossible_parts.year
    inner join {{ ref('int_territories_unioned') }} as territories
        on
            impossible_parts.territory_level = territories.territory_level
            and impossible_parts.territory_code = territories.territory_code
    where sums.is_rolled_up
    group by sums.indicator_id, sums.territory_level, sums.territory_code, sums.year, sums.value
)

select * from found
union all
select
    indicator_id,
    territory_level,
    territory_code,
    year,
    'impossible_part' as kind,
    value,
    value - excess as expected_low,
    value - excess as expected_high,
    cast(null as varchar) as compared_indicator_id,
    true as is_impossible,
    'La somme comprend une valeur impossible : ' || impossible_names || '.' as reason
from sums_of_impossible
where abs(excess) >= {{ min_share_of_sum }} * value
