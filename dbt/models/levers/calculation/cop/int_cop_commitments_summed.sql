select
    lever_id,
    territory_level,
    territory_code,
    horizon_year,
    commitment_count,
    action_count,
    asked_ktco2e,
    done_or_planned_ktco2e,
    new_ambition_ktco2e,
    asked_delta,
    done_or_planned_delta,
    new_ambition_delta,
    new_levels,
    actions,
    responsibles,
    roadmaps,
    sources
from {{ ref('int_cop_commitments_dated') }}
where in_force_until is null and commitment_count > 0
