select
    {{ territory_id("'epci'", 'held.epci_code') }} as territoire_id,
    territories.name as territoire,
    held.lever_id as levier_id,
    levers.lever_name_fr as levier,
    held.role,
    {{ label_fr('competence_role', 'held.role') }} as role_libelle,
    held.competences,
    held.dataset_id as jeu_id,
    held.snapshot_id as fichier_id
from {{ ref('fct_lever_competence') }} as held
inner join {{ ref('dim_territory') }} as territories
    on
        held.epci_code = territories.territory_code
        and territories.territory_level = 'epci'
        and territories.is_in_scope
inner join {{ ref('dim_lever') }} as levers on held.lever_id = levers.lever_id
