with

places as (

    select
        'bicycle_parking_places' as indicator_id,
        commune_code as territory_code,
        date_mesure,
        snapshot_id,
        {{ sum_if_complete('places') }} as places
    from {{ source('raw_ecolab', 'ecolab_hub_bicycle_parking') }}
    group by commune_code, date_mesure, snapshot_id

)

select
    {{ named_observation_columns("commune", "'places'", "year(date_mesure)", "date_mesure", value="places") }}
from places
