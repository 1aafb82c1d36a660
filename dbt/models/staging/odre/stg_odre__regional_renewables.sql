with

renewables as (

    select
        region_code as territory_code,
        year as production_year,
        snapshot_id,
        energy,
        gwh
    from {{ source('raw_odre', 'odre_regional_renewables') }}
    unpivot (gwh for energy in (renewable_electricity, renewable_gas))

),

named as (

    select
        energy || '_production' as indicator_id,
        territory_code,
        production_year,
        snapshot_id,
        gwh
    from renewables

)

select
    {{ named_observation_columns("region", "'GWh'", "production_year", value="gwh") }}
from named
