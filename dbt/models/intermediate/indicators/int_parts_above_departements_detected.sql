with selected as (
    {{ values_of_sums('selected.completeness_pct') }}
)

-- An EPCI within a departement has at most its value, with a rounding, if the indicator is never negative.
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
        and {{ same_territory('memberships', 'wholes') }}
        and parts.year = wholes.year
anti join selected as signed
    on
        parts.indicator_id = signed.indicator_id
        and signed.value < 0
where
    parts.territory_level = 'epci'
    and wholes.completeness_pct >= {{ threshold('complete_pct') }}
    and parts.value > wholes.value * (1 + {{ threshold('rounding_pct') }} / 100)
