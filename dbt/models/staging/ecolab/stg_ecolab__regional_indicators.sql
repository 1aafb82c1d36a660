with

series as (

    select
        hub.indicator_id,
        irpe.region_code as territory_code,
        irpe.date_mesure,
        irpe.value,
        hub.source_unit,
        irpe.snapshot_id
    from {{ source('raw_ecolab', 'ecolab_irpe') }} as irpe
    inner join {{ ref('hub_indicators') }} as hub
        on
            irpe.hub_id = hub.hub_id
            and (hub.category is null or irpe.axis_value = hub.category)

)

select
    {{ named_observation_columns("region", "source_unit", "year(date_mesure)", "date_mesure") }}
from series
