{{ config(meta={'cut_by': 'indicator_id'}) }}
with published as (
    select * from {{ ref('int_observations_rebased') }}
),

rolled_up as (
    select * from {{ ref('int_observations_rolled_up') }}
),

-- A published row that holds no value and hides none gives way to the sum of its parts.
kept as (
    select
        published.indicator_id,
        published.territory_level,
        published.territory_code,
        published.year,
        published.reference_date,
        published.value,
        published.value_status,
        published.completeness_pct,
        published.masked_count,
        published.is_provisional,
        published.dataset_id,
        published.snapshot_id
    from published
    left join rolled_up
        on
            published.indicator_id = rolled_up.indicator_id
            and published.territory_level = rolled_up.territory_level
            and published.territory_code = rolled_up.territory_code
            and published.year = rolled_up.year
    where published.value_status <> 'missing' or rolled_up.value is null
),

chosen as (
    select
        kept.indicator_id,
        kept.territory_level,
        kept.territory_code,
        kept.year,
        kept.reference_date,
        kept.value,
        kept.value_status,
        kept.completeness_pct,
        kept.masked_count,
        kept.is_provisional,
        kept.dataset_id,
        kept.snapshot_id,
        false as is_rolled_up
    from kept
    union all
    select
        rolled_up.indicator_id,
        rolled_up.territory_level,
        rolled_up.territory_code,
        rolled_up.year,
        rolled_up.reference_date,
        rolled_up.value,
        rolled_up.value_status,
        rolled_up.completeness_pct,
        rolled_up.masked_count,
        rolled_up.is_provisional,
        rolled_up.dataset_id,
        rolled_up.snapshot_id,
        true as is_rolled_up
    from rolled_up
    anti join kept
        on
            rolled_up.indicator_id = kept.indicator_id
            and rolled_up.territory_level = kept.territory_level
            and rolled_up.territory_code = kept.territory_code
            and rolled_up.year = kept.year
),

-- What a person enters stands only where nothing else is known.
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
        false as is_rolled_up
    from {{ ref('int_values_entered') }} as entered
    left join chosen
        on
            entered.indicator_id = chosen.indicator_id
            and entered.territory_level = chosen.territory_level
            and entered.territory_code = chosen.territory_code
            and entered.year = chosen.year
    where chosen.value is null
),

selected as (
    select
        chosen.*,
        false as is_entered
    from chosen
    anti join entered
        on
            chosen.indicator_id = entered.indicator_id
            and chosen.territory_level = entered.territory_level
            and chosen.territory_code = entered.territory_code
            and chosen.year = entered.year
    union all
    select
        entered.*,
        true as is_entered
    from entered
),

incomplete_years as (
    select
        dataset_id,
        indicator_id,
        year
    from {{ ref('int_indicator_years_compared') }}
    where is_incomplete
)

-- How much of a value is known is not known where its source lists a part of what there is, or its year lacks
-- some of its members, whatever population lives where there are values.
select
    selected.* exclude (completeness_pct),
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
