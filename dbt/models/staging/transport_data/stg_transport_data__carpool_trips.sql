{#- Grain: measure x commune x year. Trips of the register by commune of start and of end, those that stay in
a commune, and metres of passengers from the commune of start. A year counts when its January is there, and is
provisional until it has twelve months.
unique: [series, territory_code, year] -#}
with trips as (
    select
        started_on,
        year(started_on) as trip_year,
        month(started_on) as trip_month,
        coalesce({{ whole_commune('start_commune_code') }}, 'unknown') as start_code,
        coalesce({{ whole_commune('end_commune_code') }}, 'unknown') as end_code,
        cast(coalesce(seats, 1) * distance as double) as passenger_metres,
        snapshot_id
    from {{ source('raw_transport_data', 'carpool_register') }}
),

-- The first year of the files may begin in any month: only a year that begins in January counts.
covered_years as (
    select
        trip_year,
        count(distinct trip_month) as month_count,
        arg_max(snapshot_id, (started_on, snapshot_id)) as snapshot_id
    from trips
    group by trip_year
    having min(trip_month) = 1
),

started as (
    select
        start_code as territory_code,
        trip_year,
        count(*) as source_rows,
        cast(count(*) as double) as trips_from,
        cast(count(*) filter (where start_code = end_code) as double) as trips_within_commune,
        {{ sum_if_complete('passenger_metres') }} as passenger_metres
    from trips
    group by start_code, trip_year
),

measured as (
    select
        territory_code,
        trip_year,
        source_rows,
        series,
        value
    from started
    unpivot include nulls (value for series in (trips_from, trips_within_commune, passenger_metres))
    union all
    select
        end_code as territory_code,
        trip_year,
        count(*) as source_rows,
        'trips_to' as series,
        cast(count(*) as double) as value
    from trips
    group by end_code, trip_year
),

counted as (
    select
        measured.series,
        measured.territory_code,
        measured.trip_year,
        measured.value,
        measured.source_rows,
        covered_years.month_count,
        covered_years.snapshot_id
    from measured
    inner join covered_years on measured.trip_year = covered_years.trip_year
)

select
    {{ observation_columns(
        "commune", "trip_year", is_provisional="month_count < 12", is_part_of_year="month_count < 12",
        source_rows="source_rows"
    ) }}
from counted
