{#- Grain: measure x open site; one that the file lists twice counts once. The sites and their capacity in the
edition's state at the date of its newest site; the capacity of a site in earlier years is unknown.
unique: [series, members] -#}
with
-- Two projects of one name, commune, day and capacity are one site.
sites as (
    select
        min(project_id) as project_id,
        coalesce(commune_code, 'unknown') as territory_code,
        cast(1 as double) as sites,
        capacity,
        is_open,
        count(*) as source_rows,
        max(max(commissioned_on)) over (partition by snapshot_id) as edition_date,
        snapshot_id
    from {{ source('raw_odre', 'odre_biomethane_sites') }}
    group by snapshot_id, site_name, commune_code, commissioned_on, is_open, capacity
),

measured as (
    select
        series,
        territory_code,
        project_id,
        value,
        edition_date,
        snapshot_id,
        source_rows
    from sites
    unpivot include nulls (value for series in (sites, capacity))
    where is_open
)

select
    {{ observation_columns(
        "commune", "year(edition_date)", "edition_date", members="[project_id]", source_rows="source_rows"
    ) }}
from measured
