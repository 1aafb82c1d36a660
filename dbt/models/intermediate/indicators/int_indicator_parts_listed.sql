select
    ceilings.of_indicator_id as indicator_id,
    ceilings.indicator_id as component_id,
    1 / ceilings.factor as factor
from {{ ref('value_ceilings') }} as ceilings
inner join {{ ref('indicators') }} as parts on ceilings.indicator_id = parts.indicator_id
inner join {{ ref('indicators') }} as sums
    on
        ceilings.of_indicator_id = sums.indicator_id
        and parts.dataset_id = sums.dataset_id
where ceilings.kind = 'impossible_sum'
union all
select
    components.indicator_id,
    components.component_id,
    factors.tco2e_per_unit as factor
from {{ ref('indicator_components') }} as components
inner join {{ ref('emission_factors') }} as factors on components.component_id = factors.indicator_id
