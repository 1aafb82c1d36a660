{#- Grain: region x year. TWh of electricity consumed by all sectors, corrected for the weather.
unique: [territory_code, year] -#}
with yearly as (
    select
        'consumption' as series,
        region_code as territory_code,
        year as consumption_year,
        consumption as value,
        snapshot_id
    from {{ source('raw_odre', 'odre_regional_consumption') }}
)

select
    {{ observation_columns("region", "consumption_year") }}
from yearly
