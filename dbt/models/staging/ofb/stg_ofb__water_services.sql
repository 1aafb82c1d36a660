select
    service_id,
    year(reference_date) as year,
    nullif(efficiency, 0) as efficiency,
    coalesce(produced, 0) + coalesce(imported, 0) as input_volume,
    households + others
    + coalesce(service_use, 0) + coalesce(unmetered, 0) + coalesce(exported, 0) as useful_volume,
    snapshot_id
from {{ source('raw_ofb', 'sispea_services__services') }}
