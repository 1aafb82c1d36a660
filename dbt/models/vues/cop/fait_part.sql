{{ config(tags=['star']) }}

select
    {{ lever_theme_and_territory_columns('parts') }},
    regions.name as region,
    coalesce(inside.population, territories.population) as population_de_la_part,
    parts.region_target_ktco2e as cible_region_ktco2e,
    parts.part_ktco2e,
    100 * parts.key_share as part_pct,
    parts.least_ktco2e as part_min_ktco2e,
    parts.most_ktco2e as part_max_ktco2e,
    parts.quantity_kind as nature_quantite,
    parts.quantity as quantite,
    parts.quantity_unit_fr as unite_quantite,
    if(
        parts.quantity_kind = 'shared',
        1000 * parts.quantity / coalesce(inside.population, territories.population),
        null
    ) as quantite_pour_1000_habitants,
    parts.phrase,
    parts.scale_phrase as phrase_echelle,
    parts.no_quantity_reason as motif_sans_quantite,
    avoided.show_target as est_affichee_par_l_etat,
    parts.key_count as nombre_cles,
    parts.rests_on_one_key as repose_sur_une_seule_cle,
    parts.key_id as cle_id,
    {{ key_name('parts.territory_level') }} as cle,
    parts.key_year as annee_cle,
    parts.is_proxy as est_approchee,
    parts.proxy_reason as motif_approchee,
    parts.places_sites as situe_les_sites,
    parts.may_fall_behind as peut_passer_derriere,
    parts.use_label as usage_libelle,
    parts.use_emissions_ktco2e as emissions_usage_ktco2e,
    parts.exceeds_emissions as depasse_les_emissions,
    parts.remark as remarque
from {{ ref('fct_lever_part') }} as parts
{{ join_lever_theme_and_territory('parts') }}
{{ join_region('parts') }}
left join {{ ref('fct_lever_target') }} as avoided
    on
        avoided.measure = 'ktco2e_avoided'
        and parts.lever_id = avoided.lever_id
        and parts.region_code = avoided.territory_code
        and avoided.territory_level = 'region'
        and parts.horizon_year = avoided.horizon_year
        and parts.framework_version = avoided.framework_version
left join {{ ref('dim_allocation_key') }} as allocation_keys on parts.key_id = allocation_keys.key_id
left join {{ ref('bridge_territory_part') }} as inside
    on
        {{ same_territory('parts', 'inside') }}
        and inside.part_level = 'region'
        and parts.region_code = inside.part_code
