with

-- Two projects of one name, commune, day and capacity are one site.
sites as (

    select
        min(project_id) as project_id,
        coalesce(commune_code, 'unknown') as territory_code,
        capacity,
        is_open,
        max(max(commissioned_on)) over (partition by snapshot_id) as edition_date,
        snapshot_id
    from {{ source('raw_odre', 'odre_biomethane_sites') }}
    group by snapshot_id, site_name, commune_code, commissioned_on, is_open, capacity

),

measured as (

    select
        'biomethane_sites' as indicator_id,
        territory_code,
        project_id,
        1 as measure,
        'sites' as measure_unit,
        edition_date,
        snapshot_id
    from sites
    where is_open
    union all
    select
        'biomethane_capacity' as indicator_id,
        territory_code,
        project_id,
        capacity as measure,
        'GWh/yr' as measure_unit,
        edition_date,
        snapshot_id
    from sites
    where is_open

)

select
    {{ named_observation_columns(
        "commune", "measure_unit", "year(edition_date)", "edition_date",
        value="measure", members="[project_id]"
    ) }}
from measured
