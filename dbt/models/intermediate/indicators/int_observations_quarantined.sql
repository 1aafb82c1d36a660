select
    dataset_id,
    snapshot_id,
    indicator_id,
    'territory_code' as column_name,
    territory_level || ' ' || territory_code as value,
    rejection_reason as reason,
    count(*) as row_count
from {{ ref('int_observations_dated') }}
where rejection_reason is not null
group by all
