{{ config(tags=['star']) }}

with covered as (
    select
        lever_id,
        bool_or(has_target) as has_target,
        bool_or(has_series) as has_series
    from {{ ref('fct_lever_coverage') }}
    group by lever_id
)

select
    levers.lever_id as levier_id,
    levers.lever_name_fr as levier,
    levers.short_name_fr as levier_court,
    levers.lever_set as liste,
    levers.lever_set_label_fr as liste_libelle,
    levers.list_number as numero,
    frameworks.counterpart_lever_id as equivalent_2026_id,
    chantiers.theme_id as thematique_id,
    chantiers.theme_name_fr as thematique,
    chantiers.chantier_id,
    chantiers.chantier_name_fr as chantier,
    chantiers.chantier_confidence_fr as confiance_chantier,
    levers.sector_fr as secteur,
    levers.is_quantified as est_chiffre,
    covered.has_target or covered.has_series as s_applique_ici,
    covered.has_series as a_une_serie_ici,
    levers.target_semantics_label_fr as nature_cible,
    levers.target_unit_label_fr as unite_cible,
    levers.is_intensive as cible_unitaire,
    levers.target_note_fr as note_cible,
    levers.counted_fr as compte_par_l_etat,
    levers.counted_at_fr as lieu_du_compte,
    levers.counted_since as compte_depuis,
    levers.source
from {{ ref('dim_lever') }} as levers
inner join {{ ref('bridge_lever_chantier') }} as chantiers on levers.lever_id = chantiers.lever_id
left join covered on levers.lever_id = covered.lever_id
left join {{ ref('bridge_lever_framework') }} as frameworks
    on
        levers.lever_id = frameworks.lever_id
        and frameworks.counterpart_lever_id is not null
