with

sites as (

    select
        project_id,
        coalesce(commune_code, 'unknown') as territory_code,
        cast(1 as double) as sites,
        capacity,
        is_open,
        max(commissioned_on) over (partition by snapshot_id) as edition_date,
        snapshot_id
    from {{ source('raw_odre', 'odre_biomethane_sites') }}

),

measured as (

    select
        series,
        territory_code,
        project_id,
        value,
        edition_date,
        snapshot_id
    from sites
    unpivot include nulls (value for series in (sites, capacity))
    where is_open

)

select
    {{ observation_columns("commune", "year(edition_date)", "edition_date", members="[project_id]") }}
from measured
