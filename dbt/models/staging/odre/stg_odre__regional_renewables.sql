{#- Grain: energy x region x year. GWh of renewable electricity, all technologies, and of renewable gas put
into the networks; an empty cell gives no row.
unique: [series, territory_code, year] -#}
with renewables as (
    select
        series,
        region_code as territory_code,
        year as production_year,
        snapshot_id,
        value
    from {{ source('raw_odre', 'odre_regional_renewables') }}
    unpivot (value for series in (renewable_electricity, renewable_gas))
)

select
    {{ observation_columns("region", "production_year") }}
from renewables
