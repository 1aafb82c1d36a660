select region_name
from {{ ref('stg_sgpe__lever_targets') }}
where region_name = 'Région exemple'
union all
select region_name
from {{ ref('region_aliases') }}
where region_name = 'Région exemple'
