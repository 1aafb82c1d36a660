with

counts as (

    select
        right(commune_code, 5) as territory_code,
        if(census_year < 100, 2000 + census_year, census_year) as census_year,
        -- included in another commune
        if(observation_status = 'K', null, main_dwellings) as main_dwellings,
        main_dwellings_status,
        commune_code like '%-COM-%' as is_melodi,
        snapshot_id,
        case
            when fuel in ('RP', '_T') then 'main_dwellings_census'
            when fuel in ('RP_CFIOUL', 'OIL') then 'main_dwellings_heated_oil'
            when fuel in ('RP_CGAZV', 'TOWN_GAS') then 'main_dwellings_heated_town_gas'
            when fuel in ('RP_CGAZB', 'BOT_GAS') then 'main_dwellings_heated_bottled_gas'
            when fuel in ('RP_CELEC', 'ELC') then 'main_dwellings_heated_electricity'
            when fuel in ('RP_CAUT', 'OTH') then 'main_dwellings_heated_other'
        end as indicator_id
    from {{ source('raw_insee', 'insee_census_heating') }}

),

-- A census that both publications hold is read in the newer one.
newest as (

    select *
    from counts
    qualify row_number() over (
        partition by indicator_id, territory_code, census_year
        order by is_melodi desc, snapshot_id desc
    ) = 1

)

select
    {{ named_observation_columns(
        "commune", "'dwellings'", "census_year", value="main_dwellings", status="main_dwellings_status"
    ) }}
from newest
