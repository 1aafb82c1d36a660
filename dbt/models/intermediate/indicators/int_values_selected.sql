with published as (
    select * from {{ ref('int_observations_rebased') }}
),

starts as (
    select published.*
    from published
    inner join {{ ref('indicators') }} as indicators
        on
            published.indicator_id = indicators.indicator_id
            and published.territory_level = indicators.rollup_from
    where indicators.is_additive
),

parts as (
    select * from {{ ref('int_territory_parts') }}
),

first_step as (
    {{ roll_up('starts', 'parts') }}
),

first_parents as (
    select * from first_step
    where territory_level in ('departement', 'region')
),

second_step as (
    {{ roll_up('first_parents', 'parts') }}
),

third_step as (
    {{ roll_up('second_step', 'parts') }}
),

sums as (
    select * from first_step
    union all
    select * from second_step
    union all
    select * from third_step
),

-- Values set aside belong to the territory but not to the sum, so they lower its completeness.
rolled_up as (
    select
        sums.* exclude (completeness_pct),
        if(
            sums.value > 0 and set_aside.value is not null,
            sums.completeness_pct * sums.value / (sums.value + set_aside.value),
            sums.completeness_pct
        ) as completeness_pct
    from sums
    left join {{ ref('int_observations_set_aside') }} as set_aside
        on {{ same_value('sums', 'set_aside') }}
),

-- A published row that is `missing` gives way to the sum of its parts.
kept as (
    select
        published.*,
        rolled_up.value as parts_value,
        rolled_up.completeness_pct as parts_completeness_pct,
        false as is_rolled_up
    from published
    left join rolled_up
        on {{ same_value('published', 'rolled_up') }}
    where published.value_status <> 'missing' or rolled_up.value is null
),

chosen as (
    select * from kept
    union all by name
    select
        rolled_up.*,
        rolled_up.value as parts_value,
        rolled_up.completeness_pct as parts_completeness_pct,
        true as is_rolled_up
    from rolled_up
    anti join kept
        on {{ same_value('rolled_up', 'kept') }}
),

-- Entered values count only where nothing else is known.
entered as (
    select
        entered.indicator_id,
        entered.territory_level,
        entered.territory_code,
        entered.year,
        entered.reference_date,
        entered.value,
        entered.value_status,
        100 as completeness_pct,
        0 as masked_count,
        false as is_provisional,
        entered.dataset_id,
        entered.snapshot_id,
        chosen.parts_value,
        chosen.parts_completeness_pct,
        false as is_rolled_up
    from {{ ref('int_values_entered') }} as entered
    left join chosen
        on {{ same_value('entered', 'chosen') }}
    where chosen.value is null
),

selected as (
    select
        chosen.*,
        false as is_entered
    from chosen
    anti join entered
        on {{ same_value('chosen', 'entered') }}
    union all by name
    select
        entered.*,
        true as is_entered
    from entered
),

incomplete_years as (
    select * from {{ ref('int_indicator_years_compared') }}
    where is_incomplete
)

-- Completeness is unknown if the source lists a part of what there is or the year is incomplete: the
-- population that lives where there are values says nothing then.
select
    selected.indicator_id,
    selected.territory_level,
    selected.territory_code,
    selected.year,
    selected.reference_date,
    selected.value,
    selected.value_status,
    selected.masked_count,
    selected.is_provisional,
    selected.dataset_id,
    selected.snapshot_id,
    selected.parts_value,
    selected.parts_completeness_pct,
    selected.is_rolled_up,
    selected.is_entered,
    if(
        selected.value is not null
        and (
            incomplete_years.indicator_id is not null
            or (rules.indicator_id is not null and not selected.is_entered)
        ),
        null,
        selected.completeness_pct
    ) as completeness_pct,
    incomplete_years.indicator_id is not null as is_incomplete_year
from selected
left join {{ ref('indicator_value_rules') }} as rules
    on
        selected.indicator_id = rules.indicator_id
        and rules.rule = 'lists_part'
left join incomplete_years
    on
        selected.dataset_id = incomplete_years.dataset_id
        and selected.indicator_id = incomplete_years.indicator_id
        and selected.year = incomplete_years.year
