select
    dataset_id,
    snapshot_id,
    table_name,
    null as indicator_id,
    row_number,
    column_name,
    value,
    reason,
    row_count,
    cast(null as double) as value_sum
from {{ ref('stg_leviers__quarantined_rows') }}
union all
select
    dataset_id,
    snapshot_id,
    'int_observations_converted' as table_name,
    indicator_id,
    null as row_number,
    column_name,
    value,
    reason,
    row_count,
    value_sum
from {{ ref('int_observations_quarantined') }}
