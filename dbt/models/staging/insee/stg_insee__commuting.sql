with

commutes as (

    select
        right(territory, 5) as territory_code,
        census_year,
        -- counted in another commune
        if(observation_status = 'K', null, workers) as workers,
        workers_status,
        snapshot_id,
        max(census_year) over (partition by snapshot_id) as edition,
        max(census_year) over () as newest_edition,
        case
            when work_area = '10' and transport = '_T' then 'commuters_within_commune'
            when work_area <> '_T' then null
            when transport = '_T' then 'commuters'
            when transport = '3' then 'commuters_by_bicycle'
            when transport = '5' then 'commuters_by_car'
            when transport = '6' then 'commuters_by_public_transport'
        end as indicator_id
    from {{ source('raw_insee', 'insee_commuting') }}
    where
        (territory_kind = 'COM' or territory like '%-COM-%')
        and coalesce(age, 'Y_GE15') = 'Y_GE15'
        and coalesce(employment_status, '1') = '1'
        and coalesce(sex, '_T') = '_T'
        and coalesce(work_urban_area, '_T') = '_T'

),

-- Of two editions the newest one; the archive and the API hold the same observations of one.
distinct_commutes as (

    select *
    from commutes
    where indicator_id is not null and edition = newest_edition
    qualify row_number() over (
        partition by indicator_id, territory_code, census_year
        order by snapshot_id
    ) = 1

)

select
    {{ named_observation_columns(
        "commune", "'persons'", "census_year", value="workers", status="workers_status"
    ) }}
from distinct_commutes
