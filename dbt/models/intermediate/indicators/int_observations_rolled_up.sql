{{ config(meta={'cut_by': 'indicator_id'}) }}
with observations as (
    select observations.*
    from {{ ref('int_observations_rebased') }} as observations
    inner join {{ ref('indicators') }} as indicators
        on
            observations.indicator_id = indicators.indicator_id
            and observations.territory_level = indicators.rollup_from
    where indicators.is_additive
),

parts as (
    select * from {{ ref('int_territory_parts') }}
),

first_step as (
    {{ roll_up('observations', 'parts') }}
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
)

-- What was set aside is a part of the territory that the sum lacks.
select
    sums.indicator_id,
    sums.territory_level,
    sums.territory_code,
    sums.year,
    sums.reference_date,
    sums.value,
    sums.value_status,
    if(
        sums.value > 0 and set_aside.value is not null,
        sums.completeness_pct * sums.value / (sums.value + set_aside.value),
        sums.completeness_pct
    ) as completeness_pct,
    sums.masked_count,
    sums.is_provisional,
    sums.dataset_id,
    sums.snapshot_id
from sums
left join {{ ref('int_observations_set_aside') }} as set_aside
    on
        sums.indicator_id = set_aside.indicator_id
        and sums.territory_level = set_aside.territory_level
        and sums.territory_code = set_aside.territory_code
        and sums.year = set_aside.year
