{{ config(tags=['star']) }}

select
    {{ lever_theme_and_territory_columns('parts') }},
    regions.name as region,
    parts.region_target_ktco2e as cible_region_ktco2e,
    parts.part_ktco2e,
    100 * parts.key_share as part_pct,
    parts.least_ktco2e as part_min_ktco2e,
    parts.most_ktco2e as part_max_ktco2e,
    parts.key_count as nombre_cles,
    parts.rests_on_one_key as repose_sur_une_seule_cle,
    parts.key_id as cle_id,
    {{ key_name('parts.territory_level') }} as cle,
    parts.key_year as annee_cle,
    parts.is_proxy as est_approchee,
    parts.proxy_reason as motif_approchee,
    parts.places_sites as situe_les_sites,
    parts.may_fall_behind as peut_passer_derriere,
    parts.exceeds_emissions as depasse_les_emissions,
    parts.remark as remarque
from {{ ref('fct_lever_part') }} as parts
{{ join_lever_theme_and_territory('parts') }}
{{ join_region('parts') }}
left join {{ ref('dim_allocation_key') }} as allocation_keys on parts.key_id = allocation_keys.key_id
