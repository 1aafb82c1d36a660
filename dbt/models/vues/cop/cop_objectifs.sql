select
    {{ lever_theme_and_territory_columns('parts') }},
    parts.part_ktco2e as cible_ktco2e,
    targets.value as cible,
    targets.unit_label_fr as unite_cible,
    targets.measure_label_fr as nature_cible,
    avoided.show_target as est_affichee_par_l_etat,
    verdicts.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    verdicts.latest_year as annee,
    verdicts.latest_value as valeur_comparee,
    verdicts.path_value as valeur_attendue,
    verdicts.target_value as valeur_visee,
    verdicts.reading as lecture,
    verdicts.reading_label_fr as lecture_libelle,
    verdicts.lean_label_fr as tendance_libelle,
    verdicts.basis_label_fr as base_libelle,
    verdicts.reason as raison
from {{ ref('fct_lever_part') }} as parts
{{ join_lever_theme_and_territory('parts') }}
left join {{ ref('fct_lever_target') }} as avoided
    on
        avoided.measure = 'ktco2e_avoided'
        and parts.lever_id = avoided.lever_id
        and parts.region_code = avoided.territory_code
        and avoided.territory_level = 'region'
        and parts.horizon_year = avoided.horizon_year
        and parts.framework_version = avoided.framework_version
left join {{ ref('fct_lever_target') }} as targets
    on
        targets.measure in ('physical_level', 'physical_delta')
        and (parts.territory_level = 'region' or levers.is_intensive)
        and parts.lever_id = targets.lever_id
        and parts.region_code = targets.territory_code
        and targets.territory_level = 'region'
        and parts.horizon_year = targets.horizon_year
        and parts.framework_version = targets.framework_version
left join {{ ref('fct_lever_verdict') }} as verdicts
    on
        verdicts.is_shown
        and parts.lever_id = verdicts.lever_id
        and {{ same_territory('parts', 'verdicts') }}
        and parts.region_code = coalesce(territories.region_code, territories.territory_code)
        and parts.framework_version = verdicts.framework_version
left join {{ ref('dim_indicator') }} as indicators on verdicts.indicator_id = indicators.indicator_id
