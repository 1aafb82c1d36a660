with

generation as (

    -- a region without a technology has no row for it, and no zero
    select
        region_code,
        year,
        snapshot_id,
        technology,
        gwh
    from {{ source('raw_odre', 'odre_regional_generation') }}
    unpivot (gwh for technology in (solar, wind, hydro, bioenergy))

),

named as (

    select
        'generation_' || technology as indicator_id,
        region_code as territory_code,
        year as generation_year,
        gwh,
        snapshot_id
    from generation

)

select
    {{ named_observation_columns("region", "'GWh'", "generation_year", value="gwh") }}
from named
