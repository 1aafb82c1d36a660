{#- Grain: series x commune x year. Natural, agricultural and forest land consumed from 1 January of the year
to the next one, in m2: all, housing, activities, other uses. The ten years 2011 to 2020 are one more
indicator, dated of the last. The last year of the file lacks what is declared late: it is provisional and too
low, and no whole year.
unique: [series, territory_code, year] -#}
with flows as (
    select
        commune_code,
        land_use,
        area,
        snapshot_id,
        flow_year,
        max(to_year) over (partition by snapshot_id) as window_end,
        to_year = window_end as is_last
    from {{ ref('stg_cerema__land_take') }}
),

-- The windows of two editions overlap: a year is taken whole from the newest one, for the codes differ.
newest as (
    select *
    from flows
    qualify rank() over (partition by flow_year order by window_end desc) = 1
),

-- Housing, activities and other uses, as the follow-up of the national plan splits them.
annual as (
    select
        if(land_use in ('mix', 'rou', 'fer', 'inc'), 'mix+rou+fer+inc', land_use) as series,
        commune_code as territory_code,
        flow_year,
        {{ sum_if_complete('area') }} as area,
        any_value(is_last) as is_last,
        any_value(snapshot_id) as snapshot_id,
        count(*) as source_rows
    from newest
    group by series, commune_code, flow_year
),

-- The ten years that the law of 22 August 2021 takes as reference.
reference as (
    select
        'art/2011-2021' as series,
        commune_code as territory_code,
        2020 as flow_year,
        {{ sum_if_complete('area') }} as area,
        false as is_last,
        max(snapshot_id) as snapshot_id,
        count(*) as source_rows
    from newest
    where land_use = 'art' and flow_year between 2011 and 2020
    group by commune_code
    having count(*) = 10
),

measured as (
    select * from annual
    union all
    select * from reference
)

select
    {{ observation_columns(
        "commune", "flow_year", value="area", is_provisional="is_last", is_part_of_year="is_last",
        source_rows="source_rows"
    ) }}
from measured
