-- `compared_per`: how territories compare on an indicator. Where its unit has a factor per inhabitant: as
-- `unit_labels` says, else per km2 for a lever of farms, forests and soils, per inhabitant for others. The
-- levers that it measures count or, without any, those that it is linked to. Of others, one that does not add
-- up is a rate.
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
            when units.per_inhabitant_factor is not null
                then coalesce(units.compared_per, if(linked.is_of_land, 'km2', 'inhabitants'))
            when not indicators.is_additive then 'rate'
        end as compared_per,
        rates.display_unit_fr,
        rates.display_factor,
        units.per_inhabitant_unit_fr,
        units.per_inhabitant_factor,
        units.per_km2_unit_fr,
        units.per_km2_factor
    from {{ ref('indicators') }} as indicators
    inner join {{ ref('unit_labels') }} as units on indicators.unit = units.unit
    left join linked on indicators.indicator_id = linked.indicator_id
    left join {{ ref('unit_scales') }} as rates
        on indicators.unit = rates.unit and rates.at_least = 0
)

select
    indicator_id,
    compared_per,
    case compared_per
        when 'rate' then display_unit_fr
        when 'km2' then per_km2_unit_fr
        else per_inhabitant_unit_fr
    end as compared_unit_fr,
    case compared_per
        when 'rate' then display_factor
        when 'km2' then per_km2_factor
        else per_inhabitant_factor
    end as compared_factor
from scaled
where compared_per is not null
