-- The simulator gives Occitanie 16,140.5397 ktCO2e over 30 levers; no row where the region is not loaded.
with targets as (
    {{ in_force('fct_lever_target') }}
)

select
    count(*) as lever_count,
    sum(value) as total_ktco2e
from targets
where territory_level = 'region' and territory_code = '76' and measure = 'ktco2e_avoided'
having count(*) > 0 and (count(*) <> 30 or abs(sum(value) - 16140.5397) > 1e-4)
