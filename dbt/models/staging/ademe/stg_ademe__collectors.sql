select distinct
    collector_id,
    year as served_year,
    {{ whole_commune('commune_code') }} as commune_code
from {{ source('raw_ademe', 'ademe_sinoe_served_communes') }}
