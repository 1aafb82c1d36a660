select
    deposited.form_version,
    deposited.plan_id,
    epci.territory_code as epci_code,
    deposited.plan_name,
    deposited.progress,
    coalesce(
        {{ label_fr('climate_plan_progress', 'deposited.progress') }}, deposited.progress
    ) as progress_label_fr,
    deposited.is_obligatory,
    deposited.launched_on,
    deposited.project_received_on,
    deposited.state_opinion_on,
    deposited.region_opinion_on,
    deposited.created_on,
    deposited.modified_on,
    deposited.population,
    'ademe_pcaet' as dataset_id,
    deposited.snapshot_id
from {{ ref('stg_ademe__climate_plans') }} as deposited
inner join {{ ref('int_territories_unioned') }} as epci
    on
        epci.territory_level = 'epci'
        and deposited.carrier_siren = epci.territory_code
