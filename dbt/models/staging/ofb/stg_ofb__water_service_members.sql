select
    service_id,
    {{ whole_commune('commune_code') }} as commune_code,
    year(reference_date) as year,
    coalesce(sector_population, commune_population) as inhabitants
from {{ source('raw_ofb', 'sispea_services__members') }}
-- a service that only produces or carries water has no network of distribution
where coalesce(distributes, true)
