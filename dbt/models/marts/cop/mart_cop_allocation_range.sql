select
    parts.lever_id as levier_id,
    levers.lever_name_fr as levier,
    levers.theme_name_fr as thematique,
    parts.territory_level as niveau,
    parts.territory_code as code_territoire,
    levers.territory_name as territoire,
    parts.region_code as code_region,
    parts.horizon_year as horizon,
    parts.priority as rang,
    parts.key_id as cle_indicative,
    parts.key_label_fr as cle_indicative_libelle,
    parts.key_year as cle_indicative_annee,
    parts.is_proxy as cle_indicative_approchee,
    parts.key_source as source_cle,
    {{ titles_fr('parts.key_source') }} as source_cle_libelle,
    parts.is_kept as cle_retenue,
    parts.is_in_range as dans_la_fourchette,
    100 * parts.key_share as part_indicative_pct,
    parts.part_ktco2e as part_indicative_ktco2e,
    ranges.key_count as nombre_cles,
    100 * ranges.least_ktco2e / ranges.region_target_ktco2e as part_min_pct,
    100 * ranges.most_ktco2e / ranges.region_target_ktco2e as part_max_pct,
    ranges.least_ktco2e as part_min_ktco2e,
    ranges.most_ktco2e as part_max_ktco2e
from {{ ref('fct_lever_part_by_key') }} as parts
inner join {{ ref('int_cop_levers_listed') }} as levers
    on
        parts.lever_id = levers.lever_id
        and parts.territory_level = levers.territory_level
        and parts.territory_code = levers.territory_code
        and parts.region_code = levers.region_code
        and parts.framework_version = levers.framework_version
        and parts.horizon_year = levers.horizon_year
inner join {{ ref('fct_lever_part') }} as ranges
    on
        parts.lever_id = ranges.lever_id
        and parts.territory_level = ranges.territory_level
        and parts.territory_code = ranges.territory_code
        and parts.region_code = ranges.region_code
        and parts.framework_version = ranges.framework_version
        and parts.horizon_year = ranges.horizon_year
