{#- Grain: series x commune. Dwellings of the census of 2021, all and main homes, summed over the IRIS of the
commune, whose code the IRIS code starts with.
unique: [series, territory_code, year] -#}
with iris as (
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
        count(*) as source_rows,
        sum(logements) as logements,
        sum(res_principales) as res_principales
    from iris
    group by territory_code, census_date, snapshot_id
),

counts as (
    select
        territory_code,
        census_date,
        snapshot_id,
        source_rows,
        series,
        value
    from summed
    unpivot include nulls (value for series in (logements, res_principales))
)

select
    {{ observation_columns(
        "commune", "year(census_date)", "census_date", is_provisional="true", source_rows="source_rows"
    ) }}
from counts
