with contours as (
    select
        territory_level,
        extent,
        territory_code,
        territory_name,
        geometry,
        snapshot_id
    from {{ source('raw_ign', 'ign_contours') }}
)

-- The regional files are the finer ones.
select
    territory_level,
    territory_code,
    territory_name,
    geometry,
    snapshot_id
from contours
qualify row_number() over (
    partition by territory_level, territory_code
    order by if(extent = 'metropole', 2, 1), extent
) = 1
