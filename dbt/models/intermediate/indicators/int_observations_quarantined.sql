select
    observations.dataset_id,
    observations.snapshot_id,
    observations.indicator_id,
    'territory_code' as column_name,
    observations.territory_level,
    observations.territory_code,
    observations.territory_level || ' ' || observations.territory_code as value,
    observations.rejection_reason as reason,
    case
        when observations.rejection_reason = 'dropped_by_correction' then observations.correction_id
    end as correction_id,
    cast(sum(observations.source_rows) as bigint) as row_count,
    cast(sum(cast(observations.value as decimal(38, 9))) as double) as value_sum
from {{ ref('int_observations_dated') }} as observations
where observations.rejection_reason is not null
group by all
