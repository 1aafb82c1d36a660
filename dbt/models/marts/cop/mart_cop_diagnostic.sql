select
    levers.lever_id as levier_id,
    levers.lever_name_fr as levier,
    levers.theme_name_fr as thematique,
    levers.territory_level as niveau,
    levers.territory_code as code_territoire,
    levers.territory_name as territoire,
    levers.region_code as code_region,
    observations.indicator_label_fr as indicateur,
    observations.unit as unite,
    observations.unit_label_fr as unite_libelle,
    if(observations.baseline_year = 2019, observations.baseline_value, null) as valeur_2019,
    observations.baseline_year as annee_depart,
    observations.baseline_value as valeur_depart,
    observations.latest_year as derniere_annee,
    observations.latest_value as derniere_valeur,
    observations.latest_half_interval as demi_intervalle,
    observations.latest_value_kind_fr as nature_valeur,
    observations.latest_completeness_pct as completude_pct,
    observations.latest_is_provisional as est_provisoire,
    coalesce(observations.is_recent, false) as est_recent,
    observations.other_indicators as autres_indicateurs,
    commitments.done_or_planned_ktco2e as fait_ou_prevu_ktco2e,
    {{ why_nothing_observed() }} as motif_absence,
    verdicts.reading as verdict_statut,
    verdicts.reading_label_fr as verdict_statut_libelle,
    verdicts.basis as verdict_base,
    verdicts.basis_label_fr as verdict_base_libelle,
    verdicts.confidence as verdict_confiance,
    verdicts.confidence_label_fr as verdict_confiance_libelle,
    verdicts.latest_year as verdict_annee,
    observations.source as source_observation,
    observations.source_is_verified as source_verifiee,
    levers.remark as remarque,
    chantiers.chantier_id,
    chantiers.chantier_name_fr as chantier,
    chantiers.chantier_confidence_fr as confiance_chantier,
    observations.latest_date as date_derniere_valeur
from {{ ref('int_cop_levers_listed') }} as levers
left join {{ ref('bridge_lever_chantier') }} as chantiers on levers.lever_id = chantiers.lever_id
left join {{ ref('int_cop_observations_selected') }} as observations
    on
        levers.lever_id = observations.lever_id
        and levers.territory_level = observations.territory_level
        and levers.territory_code = observations.territory_code
        and levers.framework_version = observations.framework_version
left join {{ ref('fct_lever_coverage') }} as coverage
    on
        levers.lever_id = coverage.lever_id
        and levers.territory_level = coverage.territory_level
left join {{ ref('int_cop_commitments_summed') }} as commitments
    on
        levers.lever_id = commitments.lever_id
        and levers.territory_level = commitments.territory_level
        and levers.territory_code = commitments.territory_code
        and levers.horizon_year = commitments.horizon_year
left join {{ ref('fct_lever_verdict') }} as verdicts
    on
        levers.is_own_region
        and verdicts.is_shown
        and levers.lever_id = verdicts.lever_id
        and levers.territory_level = verdicts.territory_level
        and levers.territory_code = verdicts.territory_code
        and levers.framework_version = verdicts.framework_version
