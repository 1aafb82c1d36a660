with totals as (
    select
        running_totals.counted,
        selected.indicator_id,
        selected.territory_level,
        selected.territory_code,
        selected.year,
        selected.reference_date,
        selected.value
    from {{ ref('int_values_selected') }} as selected
    inner join {{ ref('running_totals') }} as running_totals
        on selected.indicator_id = running_totals.indicator_id
    where selected.value is not null and not selected.is_incomplete_year
),

-- A running total never falls, in one series or from one to another that counts the same (`counted`).
falls as (
    select
        totals.*,
        peers.indicator_id as other_id,
        peers.reference_date as other_date,
        peers.value as other_value,
        count(*) over (
            partition by totals.indicator_id, totals.territory_level, totals.territory_code, totals.year
        ) as fall_count
    from totals
    inner join totals as peers
        on
            totals.counted = peers.counted
            and {{ same_territory('totals', 'peers') }}
            and (totals.reference_date < peers.reference_date) = (totals.value > peers.value)
            and totals.reference_date <> peers.reference_date
            and totals.value <> peers.value
)

-- If two values contradict each other, the one with more falls (`fall_count`) is impossible; if equal, both.
select
    falls.indicator_id,
    falls.territory_level,
    falls.territory_code,
    falls.year,
    'falling_total' as kind,
    falls.value,
    coalesce(max(falls.other_value) filter (where falls.other_date < falls.reference_date), 0)
        as expected_low,
    min(falls.other_value) filter (where falls.other_date > falls.reference_date) as expected_high,
    max(nullif(falls.other_id, falls.indicator_id)) as compared_indicator_id,
    true as is_impossible,
    'Un total depuis l''origine ne baisse pas : '
    || {{ number_fr('falls.value') }}
    || ' au ' || strftime(falls.reference_date, '%d/%m/%Y') || ', '
    || {{ number_fr('arg_min(falls.other_value, abs(falls.other_date - falls.reference_date))') }}
    || ' au '
    || strftime(arg_min(falls.other_date, abs(falls.other_date - falls.reference_date)), '%d/%m/%Y')
    || '.' as reason
from falls
inner join falls as contradicted
    on
        falls.other_id = contradicted.indicator_id
        and {{ same_territory('falls', 'contradicted') }}
        and falls.other_date = contradicted.reference_date
        and falls.indicator_id = contradicted.other_id
        and falls.reference_date = contradicted.other_date
        and falls.fall_count >= contradicted.fall_count
group by
    falls.indicator_id,
    falls.territory_level,
    falls.territory_code,
    falls.year,
    falls.reference_date,
    falls.value
