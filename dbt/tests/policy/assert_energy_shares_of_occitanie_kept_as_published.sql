-- The official method for the trajectories of EPCI publishes them so: those of energy sum to 133 here.
select sum(share_pct) as total_pct
from {{ ref('tet_lever_shares') }}
where region_code = '76' and sector_indicator = 'cae_1.j'
having sum(share_pct) is distinct from 133
