{#- Grain: series x commune x year. Fires that somebody recorded, and the area that they burnt in the commune
where they broke out, wherever they went, in m2. A commune without a row is unknown, not without fire.
Provisional where the source calls one of the fires partial or not valid.
unique: [series, territory_code, year] -#}
with fires as (
    select
        commune_code as territory_code,
        year as fire_year,
        cast(count(*) as double) as fires,
        {{ sum_if_complete('burnt_area') }} as burnt_area,
        bool_or(data_precision is not null) as is_in_part,
        any_value(snapshot_id) as snapshot_id
    from {{ source('raw_ign', 'ign_bdiff_fires') }}
    group by commune_code, year
),

measured as (
    select
        unnest(['fires', 'burnt_area']) as series,
        unnest([fires, burnt_area]) as figure,
        territory_code,
        fire_year,
        fires,
        is_in_part,
        snapshot_id
    from fires
)

select
    {{ observation_columns(
        "commune", "fire_year", value="figure", is_provisional="is_in_part", source_rows="fires"
    ) }}
from measured
