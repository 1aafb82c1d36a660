with measures as (
    select
        concat_ws('/', hub_id, axis_value) as series,
        region_code as territory_code,
        date_mesure,
        value,
        snapshot_id
    from {{ source('raw_ecolab', 'ecolab_irpe') }}
)

select
    {{ observation_columns("region", "year(date_mesure)", "date_mesure") }}
from measures
