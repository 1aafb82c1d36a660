{{ config(tags=['star']) }}

select
    {{ territory_columns('trajectories') }},
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
    trajectories.no_extension_code as sans_prolongement_code,
    trajectories.no_extension_fr as motif_sans_prolongement,
    trajectories.extended_value as valeur_prolongee,
    trajectories.extended_low as prolongement_bas,
    trajectories.extended_high as prolongement_haut,
    trajectories.shortfall as manque,
    trajectories.arrival_year as annee_atteinte
from {{ ref('fct_lever_trajectory') }} as trajectories
{{ join_lever_and_territory('trajectories') }}
inner join {{ ref('dim_indicator') }} as indicators on trajectories.indicator_id = indicators.indicator_id
where trajectories.is_shown
