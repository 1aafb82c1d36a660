select
    {{ lever_and_territory_columns('history') }},
    history.horizon_year as horizon,
    history.followed_on as jour,
    history.has_entry as est_saisi_ce_jour,
    history.has_withdrawal as est_retire_ce_jour,
    history.has_observation as est_observe_ce_jour,
    history.commitment_count as nombre_engagements,
    history.asked_ktco2e as demande_ktco2e,
    history.done_or_planned_ktco2e as fait_ou_prevu_ktco2e,
    history.new_ambition_ktco2e as nouvelle_ambition_ktco2e,
    history.new_ambition_delta as nouvelle_ambition_physique,
    levers.target_unit_label_fr as unite_physique,
    history.new_levels as nouveaux_niveaux_vises,
    history.roadmaps as feuilles_de_route,
    history.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    history.observed_year as annee,
    history.observed_value as valeur
from {{ ref('fct_lever_roadmap_history') }} as history
inner join {{ ref('dim_lever') }} as levers on history.lever_id = levers.lever_id
{{ join_territory('history', in_scope=true) }}
left join {{ ref('dim_indicator') }} as indicators on history.indicator_id = indicators.indicator_id
