select
    step_order,
    step_id,
    name_fr,
    national_deadline,
    occitanie_timeline,
    mart as view_name,
    source,
    confidence
from {{ ref('cop_steps') }}
