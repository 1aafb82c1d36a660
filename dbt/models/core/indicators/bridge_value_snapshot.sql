select
    indicator_id,
    territory_level,
    territory_code,
    year,
    snapshot_id
from {{ ref('int_value_files_listed') }}
union all
select
    indicator_id,
    territory_level,
    territory_code,
    year,
    snapshot_id
from {{ ref('int_computed_value_files_listed') }}
