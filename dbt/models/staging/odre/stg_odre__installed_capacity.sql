{#- Grain: renewable technology, or all of them, x commune x edition. Installed electric capacity in kW; a
commune without a row has none, and where one technology has no figure the sum is a lower bound. Nuclear,
thermal, storage and marine capacities of the register measure no lever and stay in the raw table.
unique: [series, territory_code, reference_date] -#}
with capacity as (
    select
        -- each technology, and all of them together
        unnest([filiere, 'Renewable']) as series,
        commune_code as territory_code,
        puismaxinstallee_kw,
        reference_date as edition_date,
        snapshot_id
    from {{ source('raw_odre', 'odre_registry_commune') }}
    where filiere not in ('Geothermal', 'Marine Energy', 'Non-renewable', 'Nuclear', 'Other', 'Storage')
),

summed as (
    select
        series,
        territory_code,
        edition_date,
        snapshot_id,
        count(*) as source_rows,
        -- a lower bound where one of the technologies is unknown
        cast(sum(cast(puismaxinstallee_kw as decimal(28, 3))) as double) as capacity_kw,
        100 * count(puismaxinstallee_kw) / count(*) as known_pct
    from capacity
    group by series, territory_code, edition_date, snapshot_id
)

select
    {{ observation_columns(
        "commune", "year(edition_date)", "edition_date", value="capacity_kw", is_provisional="true",
        completeness="known_pct", source_rows="source_rows"
    ) }}
from summed
