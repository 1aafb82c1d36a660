{#- Grain: commune x year. Bicycle parking places of OpenStreetMap, kinds of rack summed.
unique: [territory_code, year] -#}
with summed as (
    select
        'places' as series,
        commune_code as territory_code,
        date_mesure,
        snapshot_id,
        count(*) as source_rows,
        {{ sum_if_complete('places') }} as value
    from {{ source('raw_ecolab', 'ecolab_hub_bicycle_parking') }}
    group by commune_code, date_mesure, snapshot_id
)

select
    {{ observation_columns("commune", "year(date_mesure)", "date_mesure", source_rows="source_rows") }}
from summed
