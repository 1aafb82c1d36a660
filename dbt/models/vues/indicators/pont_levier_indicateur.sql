{{ config(tags=['star']) }}

select
    links.lever_id as levier_id,
    levers.lever_name_fr as levier,
    chantiers.theme_name_fr as thematique,
    chantiers.chantier_name_fr as chantier,
    links.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    links.role,
    links.role_label_fr as role_libelle,
    links.priority as rang,
    links.comparability as comparabilite,
    links.comparability_label_fr as comparabilite_libelle,
    links.reason_fr as motif,
    links.is_raw as est_brute,
    links.source
from {{ ref('bridge_lever_indicator') }} as links
inner join {{ ref('dim_lever') }} as levers on links.lever_id = levers.lever_id
inner join {{ ref('bridge_lever_chantier') }} as chantiers on links.lever_id = chantiers.lever_id
inner join {{ ref('dim_indicator') }} as indicators on links.indicator_id = indicators.indicator_id
