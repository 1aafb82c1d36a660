{#- Grain: renewable technology x region x year. GWh generated in metropolitan France; a region that has no
such plant has no row. Nuclear and thermal generation measures no lever and stays in the raw table.
unique: [series, territory_code, year] -#}
with generation as (
    -- a region without a technology has no row for it, and no zero
    select
        series,
        region_code as territory_code,
        year as generation_year,
        snapshot_id,
        value
    from {{ source('raw_odre', 'odre_regional_generation') }}
    unpivot (value for series in (solar, wind, hydro, bioenergy, nuclear))
)

select
    {{ observation_columns("region", "generation_year") }}
from generation
