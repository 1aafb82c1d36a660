select
    network_id,
    energy_code,
    year,
    commune_code,
    commune_name,
    town_name,
    delivered,
    delivered_status,
    co2_content,
    production_totale,
    production_biomasse_solide,
    {{ renewable_heat() }} as renewable_production,
    snapshot_id
from {{ source('raw_sdes', 'sdes_heat_communes') }}
