-- What farms, forests and soils do goes with the area of a territory: what measures such a lever or, of an
-- indicator that measures none, what goes with it or divides its target; and what a unit of land counts.
with linked as (
    select
        links.indicator_id,
        coalesce(
            bool_or(levers.sector_fr = 'Agriculture, Forêts et Sols') filter (where links.role = 'measure'),
            bool_or(levers.sector_fr = 'Agriculture, Forêts et Sols')
        ) as is_of_land
    from {{ ref('lever_indicators') }} as links
    inner join {{ ref('levers') }} as levers on links.lever_id = levers.lever_id
    group by links.indicator_id
),

scaled as (
    select
        indicators.indicator_id,
        case
            when not indicators.is_additive then 'rate'
            when units.is_of_land or linked.is_of_land then 'km2'
            when units.per_inhabitant_factor is not null then 'inhabitants'
        end as compared_per,
        units.label_fr,
        units.per_inhabitant_unit_fr,
        units.per_inhabitant_factor
    from {{ ref('indicators') }} as indicators
    inner join {{ ref('unit_labels') }} as units on indicators.unit = units.unit
    left join linked on indicators.indicator_id = linked.indicator_id
)

select
    indicator_id,
    compared_per,
    case compared_per
        when 'rate' then label_fr
        when 'km2' then label_fr || ' par km²'
        else per_inhabitant_unit_fr
    end as compared_unit_fr,
    if(compared_per = 'inhabitants', per_inhabitant_factor, 1) as compared_factor
from scaled
where compared_per is not null
