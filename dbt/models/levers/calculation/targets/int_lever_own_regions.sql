select distinct
    levers.lever_id,
    regions.region_code
from {{ ref('levers') }} as levers
inner join {{ ref('lever_simulator_ids') }} as simulator_ids on levers.lever_id = simulator_ids.lever_id
inner join {{ ref('region_aliases') }} as regions on simulator_ids.lever_scope = regions.lever_scope
where levers.lever_set = 'regional_variant'
