{{ config(tags=['star']) }}

select
    commitments.commitment_id as engagement_id,
    commitments.version,
    commitments.is_current as est_en_vigueur,
    {{ lever_and_territory_columns('commitments') }},
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
{{ join_territory('commitments', in_scope=true) }}
left join {{ ref('dim_label') }} as measures
    on
        commitments.measure = measures.code
        and measures.domain = 'measure'
