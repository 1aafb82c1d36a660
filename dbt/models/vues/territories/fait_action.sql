select
    actions.action_id,
    {{ territory_columns('actions') }},
    {{ territory_id("'epci'", 'actions.epci_code') }} as epci_id,
    {{ territory_id("'departement'", 'actions.departement_code') }} as departement_id,
    actions.lever_id as levier_id,
    levers.lever_name_fr as levier,
    actions.year as annee,
    actions.status as statut,
    {{ label_fr('action_status', 'actions.status') }} as statut_libelle,
    actions.grant_kind as dotation,
    actions.project as intitule,
    actions.cost_eur as cout_eur,
    actions.grant_eur as subvention_eur,
    rules.found_right / rules.drawn as part_juste_de_la_regle,
    actions.dataset_id as jeu_id,
    actions.snapshot_id as fichier_id
from {{ ref('fct_territory_action') }} as actions
inner join {{ ref('dim_territory') }} as departements
    on
        actions.departement_code = departements.territory_code
        and departements.territory_level = 'departement'
        and departements.is_in_scope
left join {{ ref('dim_territory') }} as territories
    on {{ same_territory('actions', 'territories') }}
left join {{ ref('dim_lever') }} as levers on actions.lever_id = levers.lever_id
left join {{ ref('action_rules') }} as rules on actions.lever_id = rules.lever_id
