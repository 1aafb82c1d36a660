-- An accepted commitment is in the roadmap, whatever its year, level or lever.
select
    commitments.commitment_id,
    commitments.horizon_year
from {{ ref('fct_lever_commitment') }} as commitments
left join {{ ref('fct_lever_roadmap') }} as roadmap
    on
        commitments.lever_id = roadmap.lever_id
        and {{ same_territory('commitments', 'roadmap') }}
        and commitments.horizon_year = roadmap.horizon_year
        and roadmap.commitment_count > 0
where commitments.is_current and roadmap.lever_id is null
