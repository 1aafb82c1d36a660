{#- Grain: measure x commune x census. Workers of 15 years or more who live in the commune: all, by car, by
public transport, by bicycle, and those who work in it, of the newest edition: those of another year share
years of enquiry with it. Means of transport and places of work are not crossed; the oldest census has
neither, and no value of them. Municipal arrondissements are left out, their commune is there.
unique: [series, territory_code, year] -#}
with commutes as (
    select
        concat_ws('/', transport, work_area) as series,
        territory as territory_code,
        transport,
        work_area,
        census_year,
        -- counted in another commune
        if(observation_status = 'K', null, workers) as workers,
        workers_status,
        snapshot_id,
        max(census_year) over (partition by snapshot_id) as edition,
        max(census_year) over () as newest_edition
    from {{ source('raw_insee', 'insee_commuting') }}
    where
        territory_kind = 'COM'
        and coalesce(age, 'Y_GE15') = 'Y_GE15'
        and coalesce(employment_status, '1') = '1'
        and coalesce(sex, '_T') = '_T'
        and coalesce(work_urban_area, '_T') = '_T'
),

-- The newest of two editions counts. Those who do not travel, go on foot or by motorcycle, and the places of
-- work elsewhere are left out.
distinct_commutes as (
    select *
    from commutes
    where
        edition = newest_edition
        and transport not in ('1', '2', '3T4', '4')
        and work_area not in ('20_30', '21', '22', '23', '24T30')
    qualify row_number() over (
        partition by series, territory_code, census_year
        order by snapshot_id
    ) = 1
)

select
    {{ observation_columns("commune", "census_year", value="workers", status="workers_status") }}
from distinct_commutes
