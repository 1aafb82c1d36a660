select
    {{ lever_and_territory_columns('parts') }},
    {{ territory_id("'region'", 'parts.region_code') }} as region_id,
    regions.name as region,
    parts.priority as rang,
    parts.key_id as cle_id,
    {{ key_name('parts.territory_level') }} as cle,
    allocation_keys.indicator_id as indicateur_id,
    allocation_keys.spread_indicator_id as indicateur_ventilation_id,
    allocation_keys.key_level_label_fr as niveau_connu,
    parts.key_year as annee_cle,
    parts.is_proxy as est_approchee,
    parts.is_kept as est_retenue,
    parts.is_in_range as est_dans_la_fourchette,
    100 * parts.key_share as part_pct,
    parts.part_ktco2e
from {{ ref('fct_lever_part_by_key') }} as parts
{{ join_lever_and_territory('parts') }}
{{ join_region('parts') }}
inner join {{ ref('dim_allocation_key') }} as allocation_keys on parts.key_id = allocation_keys.key_id
