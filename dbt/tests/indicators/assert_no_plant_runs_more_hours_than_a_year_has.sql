-- A register of plants that makes them run more than 8 784 hours lacks some: its completeness is not known.
select
    capacities.indicator_id,
    capacities.territory_level,
    capacities.territory_code,
    capacities.year,
    generated.value / capacities.value as hours
from {{ ref('fct_indicator_value') }} as capacities
inner join {{ ref('fct_indicator_value') }} as generated
    on
        generated.indicator_id = 'generation_' || replace(capacities.indicator_id, 'capacity_', '')
        and {{ same_territory('capacities', 'generated') }}
        and capacities.year = generated.year
where
    capacities.indicator_id like 'capacity\_%' escape '\'
    and capacities.completeness_pct is not null
    and generated.value > 8784 * capacities.value
