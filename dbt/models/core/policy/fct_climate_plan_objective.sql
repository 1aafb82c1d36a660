select
    objectives.form_version,
    objectives.plan_id,
    epci.territory_code as epci_code,
    objectives.quantity,
    {{ label_fr('climate_plan_quantity', 'objectives.quantity') }} as quantity_label_fr,
    objectives.sector_code,
    {{ label_fr('climate_plan_sector', 'objectives.sector_code') }} as sector_label_fr,
    objectives.kind,
    {{ label_fr('climate_plan_kind', 'objectives.kind') }} as kind_label_fr,
    objectives.year,
    objectives.value,
    objectives.unit,
    unit_labels.label_fr as unit_label_fr,
    'ademe_pcaet_objectives' as dataset_id,
    objectives.snapshot_id
from {{ ref('stg_ademe__climate_plan_objectives') }} as objectives
inner join {{ ref('int_territories_unioned') }} as epci
    on
        epci.territory_level = 'epci'
        and objectives.carrier_siren = epci.territory_code
left join {{ ref('unit_labels') }} as unit_labels on objectives.unit = unit_labels.unit
