{#- Grain: series x commune x year. Net CO2 uptake in tCO2e by kind of land, estimated by ALDO: a gain is
positive. Orchards, vineyards and wetlands, which no lever is about, stay in the raw table.
unique: [series, territory_code, year] -#}
with lands as (
    select
        land as series,
        commune_code as territory_code,
        date_mesure,
        value,
        snapshot_id
    from {{ source('raw_ecolab', 'ecolab_net_sequestration') }}
    where land not in ('Vergers', 'Vignes', 'Zones humides')
)

select
    {{ observation_columns("commune", "year(date_mesure)", "date_mesure", status="'estimated'") }}
from lands
