select
    network_id,
    energy_code,
    year,
    commune_code,
    commune_name,
    town_name,
    delivered,
    delivered_status,
    -- no network emits 5 kg per kWh: such a content is in grams, as the sheets of the publisher say
    if(co2_content > 5, co2_content / 1000, co2_content) as co2_content,
    production_totale_status,
    is_copy,
    production_totale,
    {{ renewable_heat() }} as renewable_production,
    snapshot_id
from {{ source('raw_sdes', 'sdes_heat_networks') }}
