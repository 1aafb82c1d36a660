with

area as (

    select
        departement_code as territory_code,
        value,
        date_mesure,
        snapshot_id,
        'agricultural_area' as indicator_id
    from {{ source('raw_agreste', 'agreste_census__agricultural_area') }}

)

select
    {{ named_observation_columns("departement", "'ha'", "year(date_mesure)", "date_mesure") }}
from area
