select
    places.theme_id as thematique_id,
    places.theme_name_fr as thematique,
    objectives.chantier,
    objectives.confiance_chantier,
    objectives.levier_id,
    objectives.levier,
    objectives.niveau,
    territories.level_label_fr as niveau_libelle,
    objectives.code_territoire,
    objectives.territoire,
    objectives.code_region,
    objectives.indicateur,
    objectives.unite_indicateur_libelle as unite,
    objectives.derniere_annee as annee,
    objectives.date_derniere_valeur,
    objectives.derniere_valeur as valeur,
    objectives.nature_valeur,
    objectives.completude_pct,
    objectives.est_provisoire,
    objectives.horizon,
    allocation.cible_region_ktco2e,
    objectives.cible_2030 as cible,
    objectives.unite_cible_libelle as unite_cible,
    objectives.nature_cible,
    allocation.part_indicative_ktco2e,
    allocation.part_indicative_pct,
    allocation.cle_indicative_libelle as cle_indicative,
    allocation.cle_indicative_approchee,
    verdicts.reading as statut,
    verdicts.reading_label_fr as statut_libelle,
    verdicts.basis as base,
    verdicts.basis_label_fr as base_libelle,
    verdicts.confidence as confiance,
    verdicts.confidence_label_fr as confiance_libelle,
    judged.label_fr as indicateur_juge,
    judged.unit_label_fr as unite_jugee,
    verdicts.latest_year as annee_jugee,
    verdicts.latest_value as valeur_jugee,
    verdicts.path_value as valeur_attendue,
    verdicts.target_value as valeur_visee,
    verdicts.pace_observed as rythme_observe,
    verdicts.pace_required as rythme_necessaire,
    verdicts.gap_ktco2e as ecart_ktco2e,
    roadmap.nombre_engagements,
    roadmap.fait_ou_prevu_ktco2e,
    roadmap.nouvelle_ambition_ktco2e,
    case when verdicts.lever_id is null then objectives.motif_statut else verdicts.reason end as motif,
    objectives.source_observation,
    objectives.source_cible,
    objectives.source_cible_libelle,
    objectives.remarque
from {{ ref('mart_cop_objectives') }} as objectives
inner join {{ ref('dim_territory') }} as territories
    on
        objectives.niveau = territories.territory_level
        and objectives.code_territoire = territories.territory_code
inner join {{ ref('bridge_lever_chantier') }} as places on objectives.levier_id = places.lever_id
inner join {{ ref('dim_framework') }} as frameworks on frameworks.is_target_version
left join {{ ref('mart_cop_allocation') }} as allocation
    on
        objectives.levier_id = allocation.levier_id
        and objectives.niveau = allocation.niveau
        and objectives.code_territoire = allocation.code_territoire
        and objectives.code_region = allocation.code_region
left join {{ ref('mart_cop_roadmap') }} as roadmap
    on
        objectives.levier_id = roadmap.levier_id
        and objectives.niveau = roadmap.niveau
        and objectives.code_territoire = roadmap.code_territoire
        and objectives.code_region = roadmap.code_region
        and objectives.horizon = roadmap.horizon
left join {{ ref('fct_lever_verdict') }} as verdicts
    on
        verdicts.is_shown
        and objectives.levier_id = verdicts.lever_id
        and objectives.niveau = verdicts.territory_level
        and objectives.code_territoire = verdicts.territory_code
        and frameworks.framework_version = verdicts.framework_version
left join {{ ref('dim_indicator') }} as judged on verdicts.indicator_id = judged.indicator_id
