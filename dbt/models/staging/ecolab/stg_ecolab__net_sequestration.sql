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
