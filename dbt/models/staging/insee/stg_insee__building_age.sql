with

shares as (

    select
        epci_code as territory_code,
        share,
        reference_date as census_date,
        snapshot_id,
        case period
            when 'ach19' then 'main_dwellings_before_1919_share'
            when 'ach1945' then 'main_dwellings_1919_1945_share'
            when 'ach4690' then 'main_dwellings_1946_1990_share'
            when 'ach9105' then 'main_dwellings_1991_2005_share'
            when 'ach06p' then 'main_dwellings_since_2006_share'
        end as indicator_id
    from {{ source('raw_insee', 'insee_building_age_epci') }}

)

select
    {{ named_observation_columns(
        "epci", "'%'", "year(census_date)", "census_date",
        value="share", status="'estimated'", is_provisional="true"
    ) }}
from shares
where indicator_id is not null
