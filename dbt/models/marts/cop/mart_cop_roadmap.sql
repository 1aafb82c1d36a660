select
    levers.lever_id as levier_id,
    levers.lever_name_fr as levier,
    levers.theme_name_fr as thematique,
    levers.territory_level as niveau,
    levers.territory_code as code_territoire,
    levers.territory_name as territoire,
    levers.region_code as code_region,
    levers.horizon_year as horizon,
    if(levers.territory_level = 'region', levers.avoided_ktco2e, null) as cible_2030_ktco2e,
    parts.part_ktco2e as part_indicative_ktco2e,
    commitments.asked_ktco2e as demande_ktco2e,
    commitments.done_or_planned_ktco2e as fait_ou_prevu_ktco2e,
    commitments.new_ambition_ktco2e as nouvelle_ambition_ktco2e,
    commitments.new_ambition_ktco2e - parts.part_ktco2e as ecart_ambition_part_indicative_ktco2e,
    parts.physical_change as evolution_physique_indicative,
    commitments.asked_delta as demande_physique,
    commitments.done_or_planned_delta as fait_ou_prevu_physique,
    commitments.new_ambition_delta as nouvelle_ambition_physique,
    commitments.new_levels as nouveaux_niveaux_vises,
    levers.unit as unite_physique,
    levers.unit_label_fr as unite_physique_libelle,
    coalesce(commitments.commitment_count, 0) as nombre_engagements,
    coalesce(commitments.action_count, 0) as nombre_actions_sans_chiffre,
    commitments.actions,
    commitments.responsibles as responsables,
    commitments.roadmaps as feuilles_de_route,
    observations.indicator_label_fr as indicateur,
    observations.unit as unite_indicateur,
    observations.unit_label_fr as unite_indicateur_libelle,
    observations.latest_year as derniere_annee,
    observations.latest_value as derniere_valeur,
    observations.latest_completeness_pct as completude_pct,
    observations.latest_is_provisional as est_provisoire,
    coalesce(observations.is_recent, false) as est_recent,
    verdicts.reading as verdict_statut,
    verdicts.reading_label_fr as verdict_statut_libelle,
    verdicts.basis as verdict_base,
    verdicts.basis_label_fr as verdict_base_libelle,
    verdicts.confidence as verdict_confiance,
    verdicts.confidence_label_fr as verdict_confiance_libelle,
    verdicts.latest_year as verdict_annee,
    commitments.sources as source_engagement,
    parts.key_source as source_cle,
    {{ titles_fr('parts.key_source') }} as source_cle_libelle,
    observations.source as source_observation,
    observations.source_is_verified as source_verifiee,
    levers.remark as remarque,
    chantiers.chantier_id,
    chantiers.chantier_name_fr as chantier,
    chantiers.chantier_confidence_fr as confiance_chantier,
    observations.latest_date as date_derniere_valeur,
    make_date(levers.horizon_year, 12, 31) as date_horizon
from {{ ref('int_cop_roadmap_listed') }} as levers
left join {{ ref('bridge_lever_chantier') }} as chantiers on levers.lever_id = chantiers.lever_id
left join {{ ref('int_cop_parts_pivoted') }} as parts
    on
        levers.lever_id = parts.lever_id
        and levers.territory_level = parts.territory_level
        and levers.territory_code = parts.territory_code
        and levers.region_code = parts.region_code
        and levers.framework_version = parts.framework_version
        and levers.horizon_year = parts.horizon_year
left join {{ ref('int_cop_commitments_summed') }} as commitments
    on
        levers.lever_id = commitments.lever_id
        and levers.territory_level = commitments.territory_level
        and levers.territory_code = commitments.territory_code
        and levers.horizon_year = commitments.horizon_year
left join {{ ref('int_cop_observations_selected') }} as observations
    on
        levers.lever_id = observations.lever_id
        and levers.territory_level = observations.territory_level
        and levers.territory_code = observations.territory_code
        and levers.framework_version = observations.framework_version
left join {{ ref('fct_lever_verdict') }} as verdicts
    on
        levers.is_own_region
        and verdicts.is_shown
        and levers.lever_id = verdicts.lever_id
        and levers.territory_level = verdicts.territory_level
        and levers.territory_code = verdicts.territory_code
        and levers.framework_version = verdicts.framework_version
