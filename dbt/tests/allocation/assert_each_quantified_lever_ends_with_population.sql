-- A chain that ends otherwise could leave a target undivided.
select levers.lever_id
from {{ ref('levers') }} as levers
left join {{ ref('lever_allocation_keys') }} as chains on levers.lever_id = chains.lever_id
where levers.lever_set in ('cop30', 'regional_variant')
group by levers.lever_id
having coalesce(arg_max(chains.indicator_id, chains.priority), '') <> 'population'
