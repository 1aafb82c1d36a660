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
