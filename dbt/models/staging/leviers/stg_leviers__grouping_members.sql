with members as (
    select * from {{ source('raw_leviers', 'grouping_member') }}
)

select
    group_type as territory_level,
    group_code as territory_code,
    group_name as name,
    commune_code,
    snapshot_id
from members
qualify
    rank() over (
        partition by group_type, group_code
        order by version desc
    ) = 1
