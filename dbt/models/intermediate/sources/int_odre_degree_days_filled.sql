{#- Grain: region x day of a whole year; they are summed to the year. Heating degree days: what the mean
temperature of the day lacks to 17 °C, where it does. A day that is missing has no value, and the known days
of its month bear that of their mean for it. -#}
with measured as (
    select
        region_code,
        measured_on,
        greatest({{ threshold('heated_below') }} - mean_temperature, 0) as degree_days,
        snapshot_id
    from {{ ref('stg_odre__regional_temperatures') }}
),

file_end as (
    select max(measured_on) as last_day from measured
),

-- A year is left out if the file ends before it does, or if a region lacks a whole month of it.
whole_years as (
    select
        measured.region_code,
        year(measured.measured_on) as degree_year,
        max(measured.snapshot_id) as snapshot_id
    from measured
    cross join file_end
    where make_date(year(measured.measured_on), 12, 31) <= file_end.last_day
    group by measured.region_code, degree_year
    having count(distinct month(measured.measured_on)) filter (where measured.degree_days is not null) = 12
),

calendar as (
    select
        region_code,
        degree_year,
        snapshot_id,
        unnest(
            generate_series(make_date(degree_year, 1, 1), make_date(degree_year, 12, 31), interval 1 day)
        ) as calendar_day
    from whole_years
),

days as (
    select
        'degree_days' as series,
        calendar.region_code as territory_code,
        calendar.degree_year,
        calendar.snapshot_id,
        measured.degree_days,
        measured.region_code is not null as is_in_file,
        count(measured.degree_days) over each_month as days_known,
        count(*) over each_month as days_of_month
    from calendar
    left join measured
        on calendar.region_code = measured.region_code and calendar.calendar_day = measured.measured_on
    window each_month as (partition by calendar.region_code, date_trunc('month', calendar.calendar_day))
),

-- A missing day is worth the mean of its month: the known days bear it, and it stays unknown itself, so that
-- the completeness of the year is the share of its days that were measured.
filled as (
    select
        *,
        degree_days * days_of_month / days_known as filled_degree_days,
        if(days_known < days_of_month, 'estimated', 'observed') as day_status
    from days
)

select
    {{ observation_columns(
        "region", "degree_year", value="filled_degree_days", status="day_status", source_rows="is_in_file"
    ) }}
from filled
