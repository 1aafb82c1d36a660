select
    parts.lever_id as levier_id,
    levers.lever_name_fr as levier,
    chantiers.theme_name_fr as thematique,
    {{ territory_columns('parts') }},
    {{ territory_id("'region'", 'parts.region_code') }} as region_id,
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
inner join {{ ref('dim_lever') }} as levers on parts.lever_id = levers.lever_id
inner join {{ ref('bridge_lever_chantier') }} as chantiers on parts.lever_id = chantiers.lever_id
{{ join_territory('parts') }}
inner join {{ ref('dim_territory') }} as regions
    on
        parts.region_code = regions.territory_code
        and regions.territory_level = 'region'
left join {{ ref('dim_allocation_key') }} as allocation_keys on parts.key_id = allocation_keys.key_id
