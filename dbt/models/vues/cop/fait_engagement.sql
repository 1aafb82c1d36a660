{{ config(tags=['star']) }}

-- A territory of two regions is converted as the larger of its parts.
with parts as (
    select
        lever_id,
        territory_level,
        territory_code,
        horizon_year,
        sum(part_ktco2e) as part_ktco2e,
        arg_max(kt_per_target_unit, part_ktco2e) as kt_per_target_unit
    from {{ ref('fct_lever_roadmap') }}
    group by lever_id, territory_level, territory_code, horizon_year
),

converted as (
    select
        commitments.*,
        parts.part_ktco2e,
        case commitments.measure
            when 'ktco2e_avoided' then 1
            when 'physical_delta' then parts.kt_per_target_unit
        end as kt_per_unit
    from {{ ref('fct_lever_commitment') }} as commitments
    left join parts
        on
            commitments.lever_id = parts.lever_id
            and {{ same_territory('commitments', 'parts') }}
            and commitments.horizon_year = parts.horizon_year
)

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
    commitments.part_ktco2e,
    commitments.done_or_planned * commitments.kt_per_unit as fait_ou_prevu_ktco2e,
    commitments.new_ambition * commitments.kt_per_unit as nouvelle_ambition_ktco2e,
    commitments.part_ktco2e - commitments.new_ambition * commitments.kt_per_unit as manque_ktco2e,
    commitments.action,
    commitments.responsible as responsable,
    commitments.roadmap as feuille_de_route,
    commitments.source,
    commitments.entered_at as saisi_le,
    commitments.superseded_at as remplace_le,
    commitments.is_withdrawn as est_retire
from converted as commitments
inner join {{ ref('dim_lever') }} as levers on commitments.lever_id = levers.lever_id
{{ join_territory('commitments', in_scope=true) }}
left join {{ ref('dim_label') }} as measures
    on
        commitments.measure = measures.code
        and measures.domain = 'measure'
