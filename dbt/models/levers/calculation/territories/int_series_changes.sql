with last_breaks as (
    select
        indicator_id,
        max(break_year) as break_year
    from {{ ref('series_breaks') }}
    group by indicator_id
),

measures as (
    select indicator_id
    from {{ ref('bridge_lever_indicator') }}
    where role = 'measure'
    union
    select indicator_id
    from {{ ref('composed_series') }}
),

observed as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value,
        value_status in ('observed', 'aggregated')
        and completeness_pct >= {{ threshold('complete_pct') }}
        and not is_provisional as is_sure,
        compares_with_latest,
        dataset_id,
        snapshot_id
    from {{ ref('fct_indicator_value') }}
    where value is not null and not is_incomplete_year and not is_anomalous
    union all
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value,
        completeness_pct >= {{ threshold('complete_pct') }} and not is_estimated as is_sure,
        {{ is_years_apart('reference_date', 'max(reference_date) over each_series') }}
            as compares_with_latest,
        dataset_id,
        null as snapshot_id
    from {{ ref('int_series_composed') }}
    where not is_incomplete_year and not is_anomalous and completeness_pct is not null
    window each_series as (partition by indicator_id, territory_level, territory_code)
),

flagged as (
    select distinct
        indicator_id,
        territory_level,
        territory_code,
        year
    from {{ ref('int_anomalies_detected') }}
),

stepped as (
    select
        observed.*,
        flagged.indicator_id is not null as is_anomalous,
        lag(observed.year) over each_series as previous_year,
        observed.value - lag(observed.value) over each_series as step
    from observed
    semi join measures on observed.indicator_id = measures.indicator_id
    left join last_breaks on observed.indicator_id = last_breaks.indicator_id
    left join flagged
        on
            observed.indicator_id = flagged.indicator_id
            and {{ same_territory('observed', 'flagged') }}
            and observed.year = flagged.year
    where
        observed.territory_level not in ('pays', 'commune')
        and observed.compares_with_latest
        and observed.year >= coalesce(last_breaks.break_year, observed.year)
    window each_series as (
        partition by observed.indicator_id, observed.territory_level, observed.territory_code
        order by observed.year
    )
),

-- `goes_on`: the step is of one year and has the direction of the last one.
directed as (
    select
        *,
        row_number() over newest_first as place,
        year = previous_year + 1 and step * first_value(step) over newest_first > 0 as goes_on
    from stepped
    window newest_first as (
        partition by indicator_id, territory_level, territory_code order by year desc
    )
),

stopped as (
    select
        *,
        min(if(place > 1 and not coalesce(goes_on, false), place, null)) over each_series as stops_at
    from directed
    window each_series as (partition by indicator_id, territory_level, territory_code)
)

select
    indicator_id,
    territory_level,
    territory_code,
    min(year) as first_year,
    arg_min(value, year) as first_value,
    max(if(place = 2, year, null)) as previous_year,
    max(if(place = 2, value, null)) as previous_value,
    max(year) as last_year,
    arg_max(value, year) as last_value,
    coalesce(bool_or(is_sure) filter (where place = 2), false) as is_previous_sure,
    coalesce(bool_or(is_sure) filter (where place = 1), false) as is_last_sure,
    bool_or(is_anomalous) filter (where place <= 2) as is_anomalous,
    min(if(place > 1 and place < stops_at, previous_year, null)) as turned_year,
    arg_max(dataset_id, year) as dataset_id,
    arg_max(snapshot_id, year) as snapshot_id
from stopped
group by indicator_id, territory_level, territory_code
having count(*) > 1
