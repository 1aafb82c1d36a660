select
    {{ territory_id("'epci'", 'climate_plans.epci_code') }} as territoire_id,
    territories.name as territoire,
    climate_plans.plan_id,
    climate_plans.form_version as formulaire,
    coalesce(climate_plans.plan_name, 'sans nom') as plan,
    climate_plans.progress as avancement,
    coalesce(climate_plans.progress_label_fr, 'état non dit') as avancement_libelle,
    climate_plans.is_obligatory as est_obligatoire,
    climate_plans.launched_on as lance_le,
    climate_plans.project_received_on as projet_recu_le,
    climate_plans.state_opinion_on as avis_de_l_etat_le,
    climate_plans.region_opinion_on as avis_de_la_region_le,
    climate_plans.modified_on as modifie_le,
    row_number() over (
        partition by climate_plans.epci_code
        order by
            climate_plans.modified_on desc nulls last,
            climate_plans.launched_on desc nulls last,
            climate_plans.form_version desc,
            climate_plans.plan_id asc
    ) = 1 as est_le_dernier,
    climate_plans.dataset_id as jeu_id,
    datasets.homepage as page_du_jeu,
    climate_plans.snapshot_id as fichier_id
from {{ ref('fct_climate_plan') }} as climate_plans
inner join {{ ref('dim_territory') }} as territories
    on
        climate_plans.epci_code = territories.territory_code
        and territories.territory_level = 'epci'
        and territories.is_in_scope
inner join {{ ref('dim_dataset') }} as datasets on climate_plans.dataset_id = datasets.dataset_id
