{#- Grain: period of building x EPCI. Shares of the main homes; those of an EPCI do not sum to 100.
unique: [series, territory_code, year] -#}
with shares as (
    select
        period as series,
        epci_code as territory_code,
        share,
        reference_date as census_date,
        snapshot_id
    from {{ source('raw_insee', 'insee_building_age_epci') }}
)

select
    {{ observation_columns(
        "epci", "year(census_date)", "census_date", value="share", status="'estimated'", is_provisional="true"
    ) }}
from shares
