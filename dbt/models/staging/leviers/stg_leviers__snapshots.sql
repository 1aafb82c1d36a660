select
    snapshot_id,
    dataset_id,
    file_name,
    url,
    origin,
    sha256,
    bytes,
    retrieved_at,
    vintage
from {{ source('raw_leviers', 'snapshot') }}
