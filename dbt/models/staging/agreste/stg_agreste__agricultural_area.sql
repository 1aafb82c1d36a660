{#- Grain: departement x census year. Agricultural area (SAU) in hectares, by the head office of the farms.
unique: [territory_code, year] -#}
with area as (
    select
        departement_code as territory_code,
        value,
        date_mesure,
        snapshot_id,
        'agricultural_area/value' as series
    from {{ source('raw_agreste', 'agreste_census__agricultural_area') }}
)

select
    {{ observation_columns("departement", "year(date_mesure)", "date_mesure") }}
from area
