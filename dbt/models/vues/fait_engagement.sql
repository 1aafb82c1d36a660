select
    commitments.commitment_id as engagement_id,
    commitments.version,
    commitments.is_current as est_en_vigueur,
    commitments.lever_id as levier_id,
    levers.lever_name_fr as levier,
    {{ territory_id('commitments.territory_level', 'commitments.territory_code') }} as territoire_id,
    commitments.territory_level as niveau,
    commitments.territory_code as code_territoire,
    territories.name as territoire,
    commitments.horizon_year as horizon,
    commitments.measure as mesure,
    measures.label_fr as mesure_libelle,
    case
        when commitments.unit = levers.target_unit then levers.target_unit_label_fr
        else commitments.unit
    end as unite,
    commitments.asked as demande,
    commitments.done_or_planned as fait_ou_prevu,
    commitments.new_ambition as nouvelle_ambition,
    commitments.action,
    commitments.responsible as responsable,
    commitments.roadmap as feuille_de_route,
    commitments.source,
    commitments.entered_at as saisi_le,
    commitments.superseded_at as remplace_le,
    commitments.is_withdrawn as est_retire
from {{ ref('fct_lever_commitment') }} as commitments
inner join {{ ref('dim_lever') }} as levers on commitments.lever_id = levers.lever_id
inner join {{ ref('dim_territory') }} as territories
    on
        commitments.territory_level = territories.territory_level
        and commitments.territory_code = territories.territory_code
        and territories.is_in_scope
left join {{ ref('dim_label') }} as measures
    on
        commitments.measure = measures.code
        and measures.domain = 'measure'
