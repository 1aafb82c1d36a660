-- What a territory entered and was accepted is in the view, whatever its year, level or lever.
select
    commitments.commitment_id,
    commitments.horizon_year
from {{ ref('fct_lever_commitment') }} as commitments
left join {{ ref('mart_cop_roadmap') }} as roadmap
    on
        commitments.lever_id = roadmap.levier_id
        and commitments.territory_level = roadmap.niveau
        and commitments.territory_code = roadmap.code_territoire
        and commitments.horizon_year = roadmap.horizon
        and roadmap.nombre_engagements > 0
where commitments.is_current and roadmap.levier_id is null
