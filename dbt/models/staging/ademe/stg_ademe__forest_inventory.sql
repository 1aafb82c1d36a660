select
    area_name,
    area,
    harvest,
    carbon_balance,
    reference_date,
    snapshot_id
from {{ source('raw_ademe', 'ademe_aldo_epci__forest_inventory') }}
where area_type = 'rad13' and composition = 'total hors peupleraie hors indetermine'
