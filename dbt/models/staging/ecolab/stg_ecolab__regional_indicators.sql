with

series as (

    select
        mapping.indicator_id,
        irpe.region_code as territory_code,
        irpe.date_mesure,
        irpe.value,
        mapping.source_unit,
        irpe.snapshot_id
    from {{ source('raw_ecolab', 'ecolab_irpe') }} as irpe
    inner join {{ ref('hub_indicators') }} as mapping
        on
            irpe.hub_id = mapping.hub_id
            and (mapping.category is null or irpe.axis_value = mapping.category)

)

select
    {{ observation_columns("region", "source_unit", "year(date_mesure)", "date_mesure") }}
from series
