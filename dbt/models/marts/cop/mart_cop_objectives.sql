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
    if(levers.territory_level = 'region' or levers.is_intensive, levers.physical_value, null) as cible_2030,
    levers.unit as unite_cible,
    levers.unit_label_fr as unite_cible_libelle,
    case
        when levers.territory_level <> 'region' and not levers.is_intensive then null
        when levers.physical_value is null then null
        when levers.semantics = 'level' then 'niveau à atteindre'
        when levers.semantics = 'delta' then 'évolution depuis 2019'
    end as nature_cible,
    if(levers.territory_level = 'region', levers.start_2019, null) as point_de_depart_2019,
    observations.indicator_label_fr as indicateur,
    observations.unit as unite_indicateur,
    observations.unit_label_fr as unite_indicateur_libelle,
    observations.latest_year as derniere_annee,
    observations.latest_value as derniere_valeur,
    observations.latest_half_interval as demi_intervalle,
    observations.latest_value_kind_fr as nature_valeur,
    observations.latest_completeness_pct as completude_pct,
    observations.latest_is_provisional as est_provisoire,
    observations.target_value as cible_2030_dans_l_unite_observee,
    observations.path_value as valeur_attendue_a_ce_jour,
    observations.gap as ecart,
    observations.lead_on_path as avance_sur_la_trajectoire,
    observations.progress_pct as avancement_pct,
    coalesce(observations.reason, {{ why_nothing_observed() }}) as motif_statut,
    coalesce(observations.is_recent, false) as est_recent,
    levers.show_target as cible_affichee_par_l_etat,
    verdicts.reading as verdict_statut,
    verdicts.reading_label_fr as verdict_statut_libelle,
    verdicts.basis as verdict_base,
    verdicts.basis_label_fr as verdict_base_libelle,
    verdicts.confidence as verdict_confiance,
    verdicts.confidence_label_fr as verdict_confiance_libelle,
    verdicts.latest_year as verdict_annee,
    levers.target_source as source_cible,
    levers.target_source_title as source_cible_libelle,
    observations.source as source_observation,
    observations.source_is_verified as source_verifiee,
    levers.remark as remarque,
    chantiers.chantier_id,
    chantiers.chantier_name_fr as chantier,
    chantiers.chantier_confidence_fr as confiance_chantier,
    observations.latest_date as date_derniere_valeur,
    make_date(levers.horizon_year, 12, 31) as date_horizon
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
left join {{ ref('fct_lever_verdict') }} as verdicts
    on
        levers.is_own_region
        and verdicts.is_shown
        and levers.lever_id = verdicts.lever_id
        and levers.territory_level = verdicts.territory_level
        and levers.territory_code = verdicts.territory_code
        and levers.framework_version = verdicts.framework_version
