with

kit as (

    select
        indicator_id,
        region_code as territory_code,
        year as observed_year,
        value,
        unit,
        snapshot_id
    from {{ source('raw_leviers', 'sgpe_kit') }}

)

select
    {{ named_observation_columns("region", "unit", "observed_year") }}
from kit
