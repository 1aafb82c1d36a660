{#- Grain: commune x edition. Points, each counted once under its roaming identifier or, failing that, its
local one, by its latest declaration; the number of points that a row gives is that of its whole station.
unique: [territory_code, reference_date] -#}
with declared as (
    select
        case
            when lower(point_id) not like 'non concern%' then point_id
            when lower(local_point_id) not like 'non concern%' then 'local:' || local_point_id
        end as point_key,
        coalesce({{ whole_commune('commune_code') }}, 'unknown') as commune_code,
        updated_on,
        resource_modified_at,
        snapshot_id
    from {{ source('raw_transport_data', 'irve_static') }}
),

points as (
    select
        commune_code,
        coalesce(point_key, 'row ' || row_number() over ()) as point_name,
        snapshot_id,
        if(point_key is null, 1, count(*) over (partition by snapshot_id, point_key)) as source_rows
    from declared
    qualify
        point_key is null
        or row_number() over (
            partition by snapshot_id, point_key
            order by updated_on desc nulls last, resource_modified_at desc nulls last, commune_code asc
        ) = 1
),

editions as (
    select
        snapshot_id,
        {{ edition_date('updated_on') }} as edition_date
    from declared
    group by snapshot_id
),

counted as (
    select
        'points' as series,
        points.commune_code as territory_code,
        editions.edition_date,
        points.snapshot_id,
        count(*) as point_count,
        list(points.point_name order by points.point_name) as point_names,
        sum(points.source_rows) as source_rows
    from points
    inner join editions on points.snapshot_id = editions.snapshot_id
    group by points.commune_code, editions.edition_date, points.snapshot_id
)

select
    {{ observation_columns(
        "commune", "year(edition_date)", "edition_date", value="point_count", members="point_names",
        source_rows="source_rows"
    ) }}
from counted
