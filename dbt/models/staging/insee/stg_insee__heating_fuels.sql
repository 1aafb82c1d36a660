{#- Grain: fuel x commune x census year. Main dwellings (weighted counts) by the fuel that heats them, and all
of them. Every other dimension stands at its total, so that no dwelling counts twice; a commune whose figures
are included in another one's has no value. The five fuels leave out the networks of heat where the source
does.
unique: [series, territory_code, year] -#}
with counts as (
    select
        commune_code as territory_code,
        if(census_year < 100, 2000 + census_year, census_year) as census_year,
        -- included in another commune
        if(observation_status = 'K', null, main_dwellings) as main_dwellings,
        main_dwellings_status,
        territory_kind is not null as is_melodi,
        snapshot_id,
        -- the older publication gets the codes of the newer one, so that the two can be compared
        case fuel
            when 'RP' then '_T'
            when 'RP_CFIOUL' then 'OIL'
            when 'RP_CGAZV' then 'TOWN_GAS'
            when 'RP_CGAZB' then 'BOT_GAS'
            when 'RP_CELEC' then 'ELC'
            when 'RP_CAUT' then 'OTH'
            else fuel
        end as series
    from {{ source('raw_insee', 'insee_census_heating') }}
    where
        coalesce(territory_kind, 'COM') = 'COM'
        and coalesce(measure, 'DWELLINGS') = 'DWELLINGS'
        and coalesce(occupation, 'DW_MAIN') = 'DW_MAIN'
        and concat(dwelling_type, tenure, rooms, length_of_stay, cars, parking, building_period)
        in ('', repeat('_T', 7))
),

-- A census that both publications hold is read in the newer one.
newest as (
    select *
    from counts
    qualify row_number() over (
        partition by series, territory_code, census_year
        order by is_melodi desc, snapshot_id desc
    ) = 1
)

select
    {{ observation_columns(
        "commune", "census_year", value="main_dwellings", status="main_dwellings_status"
    ) }}
from newest
