{#- Grain: series x commune x year. Tax households and median standard of living; small communes are secret.
The population of the EPCI that the dataset holds too comes from the lists of communes in this warehouse.
unique: [series, territory_code, year] -#}
with measured as (
    select
        measure as series,
        territory_code,
        year as measured_year,
        value,
        value_status as published_status,
        snapshot_id
    from {{ source('raw_insee', 'insee_local') }}
    where territory_level = 'commune'
)

select
    {{ observation_columns("commune", "measured_year", status="published_status") }}
from measured
