{#- What follows a zero has no factor: it is judged by its share of a level to which most territories add. -#}
{% set share_of_level_after_zero = 0.05 %}

{#- And where nothing follows that is more than one in so many of it. -#}
{% set least_fall_after_leap = 5 %}

{#- What an unlikely zero must weigh, by the usual value of its series, in the total of its level. -#}
{% set min_share_of_level = 0.001 %}

{#- What an impossible part must weigh in a sum of parts to make it impossible too. -#}
{% set min_share_of_sum = 0.05 %}

{#- By what a part may exceed its whole. -#}
{% set rounding_pct = 1 %}

with selected_everywhere as (
    select
        selected.indicator_id,
        selected.territory_level,
        selected.territory_code,
        selected.year,
        selected.value,
        selected.completeness_pct,
        selected.is_rolled_up or selected.value_status = 'aggregated' as is_sum
    from {{ ref('int_values_selected') }} as selected
    inner join {{ ref('indicators') }} as indicators on selected.indicator_id = indicators.indicator_id
    where
        indicators.is_additive
        and selected.value is not null
        and not selected.is_incomplete_year
),

selected as (
    select * from selected_everywhere
    where territory_level <> 'commune'
),

jumps as (
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
    from {{ ref('int_jumps_detected') }}
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
        and coalesce(zeros.next_value <= zeros.value / {{ least_fall_after_leap }}, true)
        and zeros.share_of_territories >= 0.5
),

-- A value that its own series calls impossible is no ceiling of others.
wholes as (
    select
        whole_values.indicator_id,
        whole_values.territory_level,
        whole_values.territory_code,
        whole_values.year,
        whole_values.value
    from selected_everywhere as whole_values
    anti join jumps
        on
            whole_values.indicator_id = jumps.indicator_id
            and whole_values.territory_level = jumps.territory_level
            and whole_values.territory_code = jumps.territory_code
            and whole_values.year = jumps.year
            and jumps.is_impossible
    union all
    select
        'population' as indicator_id,
        territory_level,
        territory_code,
        null as year,
        population as value
    from {{ ref('int_territories_unioned') }}
),

-- The year of the other indicator is the nearest one within three. What a unit may contain holds in a commune
-- too, where the rest would find every place that has a factory and few people.
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
    inner join selected_everywhere as parts
        on
            ceilings.indicator_id = parts.indicator_id
            and (parts.territory_level <> 'commune' or ceilings.kind = 'implausible_content')
    inner join wholes
        on
            ceilings.of_indicator_id = wholes.indicator_id
            and parts.territory_level = wholes.territory_level
            and parts.territory_code = wholes.territory_code
            and coalesce(abs(parts.year - wholes.year), 0)
            <= if(ceilings.kind in ('impossible_sum', 'implausible_content'), 0, 3)
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

-- Of what is never below zero, an EPCI whole in a departement has no more than it, but for a rounding.
above_departements as (
    select
        parts.indicator_id,
        parts.territory_level,
        parts.territory_code,
        parts.year,
        'part_above_whole' as kind,
        parts.value,
        0 as expected_low,
        wholes.value as expected_high,
        parts.indicator_id as compared_indicator_id,
        false as is_impossible,
        'Une partie du département dépasse le département entier : '
        || {{ number_fr('parts.value') }}
        || ' contre '
        || {{ number_fr('wholes.value') }}
        || '.' as reason
    from selected as parts
    inner join {{ ref('int_territory_parts') }} as memberships
        on
            parts.territory_level = memberships.part_level
            and parts.territory_code = memberships.part_code
            and memberships.territory_level = 'departement'
            and memberships.weight = 1
    inner join selected as wholes
        on
            parts.indicator_id = wholes.indicator_id
            and memberships.territory_level = wholes.territory_level
            and memberships.territory_code = wholes.territory_code
            and parts.year = wholes.year
    anti join selected as signed
        on
            parts.indicator_id = signed.indicator_id
            and signed.value < 0
    where
        parts.territory_level = 'epci'
        and wholes.completeness_pct = 100
        and parts.value > wholes.value * (1 + {{ rounding_pct }} / 100)
),

found as (
    select * from jumps
    union all
    select * from unlikely_zeros
    union all
    select * from leaps_from_zero
    union all
    select * from above_ceilings
    union all
    select * from above_wholes
    union all
    select * from above_departements
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
    from {{ ref('int_falls_detected') }}
),

-- What a part should be is the middle of the range of its neighbours or, failing that, the lowest ceiling.
impossible_parts as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value,
        coalesce(max(nullif(sqrt(expected_low * expected_high), 0)), min(expected_high)) as expected,
        list(distinct coalesce(compared_indicator_id, '')) as compared_ids
    from found
    where is_impossible
    group by indicator_id, territory_level, territory_code, year, value
),

-- The indicators of which others are parts: by a ceiling of their own file, or because they are computed from
-- them.
components as (
    select
        ceilings.of_indicator_id as indicator_id,
        ceilings.indicator_id as component_id,
        1 / ceilings.factor as factor
    from {{ ref('value_ceilings') }} as ceilings
    inner join {{ ref('indicators') }} as parts on ceilings.indicator_id = parts.indicator_id
    inner join {{ ref('indicators') }} as sums
        on
            ceilings.of_indicator_id = sums.indicator_id
            and parts.dataset_id = sums.dataset_id
    where ceilings.kind = 'impossible_sum'
    union all
    select
        components.indicator_id,
        components.component_id,
        factors.tco2e_per_unit as factor
    from {{ ref('indicator_components') }} as components
    inner join {{ ref('emission_factors') }} as factors on components.component_id = factors.indicator_id
),

composed as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value
    from selected
    union all
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value
    from {{ ref('int_values_composed') }}
),

-- A whole is no truer than a part that weighs in it, unless it is by the whole that the part is judged.
wholes_of_impossible as (
    select
        composed.indicator_id,
        composed.territory_level,
        composed.territory_code,
        composed.year,
        composed.value,
        sum(components.factor * (impossible_parts.value - impossible_parts.expected)) as excess,
        string_agg(indicators.label_fr, ', ' order by components.component_id) as impossible_names
    from composed
    inner join components on composed.indicator_id = components.indicator_id
    inner join impossible_parts
        on
            components.component_id = impossible_parts.indicator_id
            and composed.territory_level = impossible_parts.territory_level
            and composed.territory_code = impossible_parts.territory_code
            and composed.year = impossible_parts.year
    inner join {{ ref('indicators') }} as indicators on components.component_id = indicators.indicator_id
    anti join impossible_parts as own
        on
            composed.indicator_id = own.indicator_id
            and composed.territory_level = own.territory_level
            and composed.territory_code = own.territory_code
            and composed.year = own.year
    where impossible_parts.compared_ids <> [composed.indicator_id]
    group by
        composed.indicator_id,
        composed.territory_level,
        composed.territory_code,
        composed.year,
        composed.value
    having abs(excess) >= {{ min_share_of_sum }} * composed.value
),

impossible as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value - expected as excess
    from impossible_parts
    union all
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        excess
    from wholes_of_impossible
),

-- A sum of territories of which one cannot be true is none either, where it weighs in the sum.
sums_of_impossible as (
    select
        sums.indicator_id,
        sums.territory_level,
        sums.territory_code,
        sums.year,
        sums.value,
        sum(impossible.excess) as excess,
        string_agg(territories.name, ', ' order by impossible.territory_code) as impossible_names
    from selected as sums
    inner join {{ ref('int_territory_parts') }} as parts
        on
            sums.territory_level = parts.territory_level
            and sums.territory_code = parts.territory_code
    inner join impossible
        on
            sums.indicator_id = impossible.indicator_id
            and parts.part_level = impossible.territory_level
            and parts.part_code = impossible.territory_code
            and sums.year = impossible.year
    inner join {{ ref('int_territories_unioned') }} as territories
        on
            impossible.territory_level = territories.territory_level
            and impossible.territory_code = territories.territory_code
    where sums.is_sum
    group by sums.indicator_id, sums.territory_level, sums.territory_code, sums.year, sums.value
    having abs(sum(impossible.excess)) >= {{ min_share_of_sum }} * sums.value
),

inherited as (
    select
        *,
        'impossible_component' as kind,
        'Le total comprend une valeur impossible : ' || impossible_names || '.' as reason
    from wholes_of_impossible
    union all
    select
        *,
        'impossible_part' as kind,
        'La somme comprend une valeur impossible : ' || impossible_names || '.' as reason
    from sums_of_impossible
)

select * from found
union all
select
    indicator_id,
    territory_level,
    territory_code,
    year,
    kind,
    value,
    value - excess as expected_low,
    value - excess as expected_high,
    cast(null as varchar) as compared_indicator_id,
    true as is_impossible,
    reason
from inherited
