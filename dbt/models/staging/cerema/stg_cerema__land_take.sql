select
    commune_code,
    land_use,
    2000 + from_year as flow_year,
    to_year,
    area,
    snapshot_id
from {{ source('raw_cerema', 'cerema_land_take') }}
where to_year = from_year + 1
