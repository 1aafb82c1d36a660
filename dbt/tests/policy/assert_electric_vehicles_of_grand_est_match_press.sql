-- Published in the press as 460,000 electric vehicles in 2030.
select value
from {{ ref('fct_lever_target') }}
where
    lever_id = 'vehicules_electriques'
    and territory_level = 'region'
    and territory_code = '44'
    and measure = 'physical_level'
    and abs(value - 459.7) > 0.05
