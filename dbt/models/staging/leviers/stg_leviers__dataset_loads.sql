select
    dataset_id,
    loaded_rows,
    quarantined_rows,
    warnings
from {{ source('raw_leviers', 'dataset_load') }}
