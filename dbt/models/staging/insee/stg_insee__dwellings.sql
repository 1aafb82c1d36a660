with

iris as (

    select
        left(iris, 5) as territory_code,
        logements,
        res_principales,
        reference_date as census_date,
        snapshot_id
    from {{ source('raw_insee', 'insee_iris') }}

),

summed as (

    select
        territory_code,
        census_date,
        snapshot_id,
        sum(logements) as dwellings,
        sum(res_principales) as dwellings_main
    from iris
    group by territory_code, census_date, snapshot_id

),

counts as (

    select
        territory_code,
        census_date,
        snapshot_id,
        indicator_id,
        value
    from summed
    unpivot include nulls (value for indicator_id in (dwellings, dwellings_main))

)

select
    {{ named_observation_columns(
        "commune", "'dwellings'", "year(census_date)", "census_date", is_provisional="true"
    ) }}
from counts
