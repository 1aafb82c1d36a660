with key_sources as (
    select
        sources.key_source,
        bool_and(datasets.verified) as is_verified
    from (
        select distinct
            key_source,
            unnest(string_split(key_source, ' + ')) as dataset_id
        from {{ ref('int_cop_parts_pivoted') }}
    ) as sources
    inner join {{ ref('dim_dataset') }} as datasets on sources.dataset_id = datasets.dataset_id
    group by sources.key_source
)

select
    levers.lever_id as levier_id,
    levers.lever_name_fr as levier,
    levers.theme_name_fr as thematique,
    levers.territory_level as niveau,
    levers.territory_code as code_territoire,
    levers.territory_name as territoire,
    levers.region_code as code_region,
    levers.horizon_year as horizon,
    levers.avoided_ktco2e as cible_region_ktco2e,
    parts.part_ktco2e as part_indicative_ktco2e,
    100 * parts.key_share as part_indicative_pct,
    parts.physical_change as evolution_physique_indicative,
    parts.intensive_value as cible_unitaire_indicative,
    levers.unit as unite_physique,
    levers.unit_label_fr as unite_physique_libelle,
    parts.trajectory_ktco2e as trajectoire_epci_indicative_ktco2e,
    parts.key_id as cle_indicative,
    selected.key_label_fr as cle_indicative_libelle,
    parts.key_year as cle_indicative_annee,
    parts.is_proxy as cle_indicative_approchee,
    parts.proxy_reason as cle_indicative_motif,
    verdicts.reading as verdict_statut,
    verdicts.reading_label_fr as verdict_statut_libelle,
    verdicts.basis as verdict_base,
    verdicts.basis_label_fr as verdict_base_libelle,
    verdicts.confidence as verdict_confiance,
    verdicts.confidence_label_fr as verdict_confiance_libelle,
    verdicts.latest_year as verdict_annee,
    parts.key_source as source_cle,
    {{ titles_fr('parts.key_source') }} as source_cle_libelle,
    key_sources.is_verified as source_cle_verifiee,
    levers.target_source as source_cible,
    levers.target_source_title as source_cible_libelle,
    levers.remark as remarque,
    chantiers.chantier_id,
    chantiers.chantier_name_fr as chantier,
    chantiers.chantier_confidence_fr as confiance_chantier,
    make_date(levers.horizon_year, 12, 31) as date_horizon,
    parts.use_label as usage_libelle,
    parts.use_emissions_ktco2e as emissions_usage_ktco2e,
    parts.use_emissions_year as emissions_usage_annee,
    parts.use_emissions_2019_ktco2e as emissions_usage_2019_ktco2e,
    parts.use_asked_ktco2e as demande_usage_ktco2e,
    parts.exceeds_emissions as depasse_emissions,
    parts.use_emissions_basis as emissions_usage_calcul,
    regional.exceeds_emissions as cible_region_depasse_emissions
from {{ ref('int_cop_levers_listed') }} as levers
left join {{ ref('bridge_lever_chantier') }} as chantiers on levers.lever_id = chantiers.lever_id
left join {{ ref('int_cop_parts_pivoted') }} as parts
    on
        levers.lever_id = parts.lever_id
        and levers.territory_level = parts.territory_level
        and levers.territory_code = parts.territory_code
        and levers.region_code = parts.region_code
        and levers.framework_version = parts.framework_version
        and levers.horizon_year = parts.horizon_year
left join {{ ref('int_cop_parts_pivoted') }} as regional
    on
        regional.territory_level = 'region'
        and levers.lever_id = regional.lever_id
        and levers.region_code = regional.region_code
        and levers.framework_version = regional.framework_version
        and levers.horizon_year = regional.horizon_year
left join {{ ref('int_allocation_key_selected') }} as selected
    on
        levers.lever_id = selected.lever_id
        and levers.region_code = selected.region_code
        and parts.key_id = selected.key_id
left join key_sources on parts.key_source = key_sources.key_source
left join {{ ref('fct_lever_verdict') }} as verdicts
    on
        levers.is_own_region
        and verdicts.is_shown
        and levers.lever_id = verdicts.lever_id
        and levers.territory_level = verdicts.territory_level
        and levers.territory_code = verdicts.territory_code
        and levers.framework_version = verdicts.framework_version
