{#- Grain: commune x year x network x IRIS x sector. MWh of heat, cold left out; secret cells are kept, so
that a commune tells how many it has. -#}
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
