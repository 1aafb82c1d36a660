select
    {{ territory_id('trajectories.territory_level', 'trajectories.territory_code') }} as territoire_id,
    trajectories.territory_level as niveau,
    trajectories.territory_code as code_territoire,
    territories.name as territoire,
    trajectories.lever_id as levier_id,
    levers.lever_name_fr as levier,
    trajectories.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    trajectories.year as annee,
    trajectories.observed_value as valeur_observee,
    trajectories.compared_value as valeur_comparee,
    trajectories.path_value as valeur_attendue,
    trajectories.target_value as valeur_visee,
    trajectories.uncertainty as incertitude,
    trajectories.way_done as part_faite,
    trajectories.way_due as part_attendue,
    trajectories.is_extended as est_prolongee,
    trajectories.no_extension_fr as motif_sans_prolongement,
    trajectories.extended_value as valeur_prolongee,
    trajectories.extended_low as prolongement_bas,
    trajectories.extended_high as prolongement_haut,
    trajectories.shortfall as manque,
    trajectories.arrival_year as annee_atteinte
from {{ ref('fct_lever_trajectory') }} as trajectories
inner join {{ ref('dim_framework') }} as frameworks
    on
        trajectories.framework_version = frameworks.framework_version
        and frameworks.is_target_version
inner join {{ ref('dim_territory') }} as territories
    on
        trajectories.territory_level = territories.territory_level
        and trajectories.territory_code = territories.territory_code
inner join {{ ref('dim_lever') }} as levers on trajectories.lever_id = levers.lever_id
inner join {{ ref('dim_indicator') }} as indicators on trajectories.indicator_id = indicators.indicator_id
where trajectories.is_shown
