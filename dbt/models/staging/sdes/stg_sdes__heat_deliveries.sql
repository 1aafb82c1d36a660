with deliveries as (
    select
        'delivered' as series,
        left(iris_code, 5) as territory_code,
        year as delivery_year,
        delivered,
        delivered_status,
        network_id,
        snapshot_id
    from {{ source('raw_sdes', 'sdes_heat_iris') }}
    where energy_code = 'C'
)

select
    {{ observation_columns(
        "commune", "delivery_year",
        value="delivered", status="delivered_status", members="[network_id]"
    ) }}
from deliveries
