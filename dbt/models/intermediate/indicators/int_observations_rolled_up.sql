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
)

select * from first_step
union all
select * from second_step
union all
select * from third_step
