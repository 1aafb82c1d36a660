with quarantined_rows as (
    select * from {{ source('raw_leviers', 'quarantined_row') }}
)

select
    dataset_id,
    snapshot_id,
    table_name,
    row_number,
    column_name,
    value,
    reason,
    row_count
from quarantined_rows
