select
    {{ lever_theme_and_territory_columns('parts') }},
    regions.name as region,
    parts.region_target_ktco2e as cible_region_ktco2e,
    parts.part_ktco2e as part_indicative_ktco2e,
    100 * parts.key_share as part_indicative_pct,
    parts.least_ktco2e as part_min_ktco2e,
    parts.most_ktco2e as part_max_ktco2e,
    parts.physical_change as evolution_physique_indicative,
    parts.intensive_value as cible_unitaire_indicative,
    parts.physical_unit_label_fr as unite_physique,
    {{ key_name('parts.territory_level') }} as cle_indicative,
    parts.key_year as annee_cle,
    parts.is_proxy as est_approchee,
    parts.proxy_reason as motif_approchee,
    parts.use_label as usage_libelle,
    parts.use_emissions_ktco2e as emissions_usage_ktco2e,
    parts.exceeds_emissions as depasse_les_emissions,
    parts.remark as remarque
from {{ ref('fct_lever_part') }} as parts
{{ join_lever_theme_and_territory('parts') }}
{{ join_region('parts') }}
left join {{ ref('dim_allocation_key') }} as allocation_keys on parts.key_id = allocation_keys.key_id
