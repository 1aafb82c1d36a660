select
    levers.lever_id,
    levels.territory_level,
    coalesce(own.reason_fr, general.reason_fr)
    || ' À charger : ' || coalesce(own.dataset_needed, general.dataset_needed) || '.' as reason
from {{ ref('dim_lever') }} as levers
cross join {{ ref('levels') }} as levels
left join {{ ref('lever_coverage_reasons') }} as own
    on
        levers.lever_id = own.lever_id
        and levels.territory_level = own.territory_level
left join {{ ref('lever_coverage_reasons') }} as general
    on
        levers.lever_id = general.lever_id
        and general.territory_level = 'all'
