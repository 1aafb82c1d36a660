-- A register of plants that makes them run more than 8 784 hours lacks some: its completeness is not known.
select
    capacities.indicator_id,
    capacities.territory_level,
    capacities.territory_code,
    capacities.year,
    produced.value / capacities.value as hours_a_year
from {{ ref('fct_indicator_value') }} as capacities
inner join {{ ref('fct_indicator_value') }} as produced
    on
        produced.indicator_id = replace(capacities.indicator_id, 'capacity', 'generation')
        and {{ same_territory('capacities', 'produced') }}
        and capacities.year = produced.year
where
    capacities.indicator_id like 'capacity\_%' escape '\'
    and capacities.completeness_pct is not null
    and produced.value > 8784 * capacities.value
