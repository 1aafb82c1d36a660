select
    dataset_id,
    indicator_id,
    cast(year as integer) as year,
    counted,
    members,
    value_sum
from {{ source('raw_leviers', 'edition_year') }}
