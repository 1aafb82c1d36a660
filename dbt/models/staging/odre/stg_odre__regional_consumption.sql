with

consumption as (

    select
        'electricity_consumption_corrected' as indicator_id,
        region_code as territory_code,
        year as consumption_year,
        consumption as twh,
        snapshot_id
    from {{ source('raw_odre', 'odre_regional_consumption') }}

)

select
    {{ named_observation_columns("region", "'TWh'", "consumption_year", value="twh") }}
from consumption
