select
    lever_id,
    territory_level,
    territory_code,
    framework_version
from {{ ref('fct_lever_verdict') }}
group by lever_id, territory_level, territory_code, framework_version
having count(*) filter (where is_shown) <> 1
