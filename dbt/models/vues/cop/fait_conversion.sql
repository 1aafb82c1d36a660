select
    conversions.action_id,
    conversions.action_fr as libelle,
    conversions.lever_id as levier_id,
    levers.lever_name_fr as levier,
    {{ territory_id("'region'", 'conversions.region_code') }} as region_id,
    regions.name as region,
    conversions.action_unit_fr as unite,
    conversions.words as mots,
    conversions.t_per_unit as t_par_unite,
    conversions.state_t_per_unit as t_par_unite_etat,
    conversions.second_t_per_unit as t_par_unite_second_facteur,
    conversions.start_quantity as quantite_2019,
    conversions.second_source_fr as source_second_facteur,
    conversions.refusal_reason as motif_refus
from {{ ref('fct_action_conversion') }} as conversions
inner join {{ ref('dim_lever') }} as levers on conversions.lever_id = levers.lever_id
{{ join_framework_in_force('conversions') }}
{{ join_region('conversions') }}
