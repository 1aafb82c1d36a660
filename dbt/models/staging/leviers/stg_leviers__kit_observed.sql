select
    indicator_id,
    'region' as territory_level,
    region_code as territory_code,
    cast(year as integer) as year,
    make_date(year, 1, 1) as reference_date,
    value,
    unit as source_unit,
    if(value is null, 'missing', 'observed') as value_status,
    if(value is null, 0, 100) as completeness_pct,
    0 as masked_count,
    false as is_provisional,
    false as is_part_of_year,
    cast(null as varchar[]) as members,
    1 as source_rows,
    snapshot_id
from {{ source('raw_leviers', 'sgpe_kit') }}
