select
    refusals.lever_id as levier_id,
    levers.lever_name_fr as levier,
    {{ territory_id("'region'", 'refusals.region_code') }} as region_id,
    refusals.key_id as cle_id,
    allocation_keys.key_label_fr as cle,
    refusals.priority as rang,
    refusals.kind as motif_code,
    refusals.kind_label_fr as motif,
    refusals.is_refused as est_ecartee,
    refusals.comes_before_kept as passait_avant,
    {{ territory_columns('refusals') }},
    refusals.year as annee,
    refusals.reason as motif_detaille,
    indicators.unit_label_fr as unite
from {{ ref('fct_allocation_key_refused') }} as refusals
inner join {{ ref('dim_lever') }} as levers on refusals.lever_id = levers.lever_id
inner join {{ ref('dim_allocation_key') }} as allocation_keys on refusals.key_id = allocation_keys.key_id
inner join {{ ref('dim_indicator') }} as indicators on allocation_keys.indicator_id = indicators.indicator_id
{{ join_territory('refusals') }}
