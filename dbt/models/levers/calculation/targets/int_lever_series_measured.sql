-- An incomplete year, or one with an anomalous value, is neither a start nor the latest one.
with levers as (
    select listed.lever_id
    from {{ ref('bridge_lever_framework') }} as listed
    {{ join_framework_in_force('listed') }}
),

observations as (
    select
        listed.*,
        listed.value is not null and not listed.is_incomplete_year and not listed.is_anomalous as is_usable,
        is_usable and listed.year >= {{ threshold('path_start_year') }} as is_since_start,
        listed.value is not null and not is_usable as is_left_out
    from {{ ref('int_lever_values_listed') }} as listed
    semi join levers on listed.lever_id = levers.lever_id
),

series as (
    select
        lever_id,
        indicator_id,
        territory_level,
        territory_code,
        min(year) filter (where is_since_start) as start_year,
        arg_min(value, year) filter (where is_since_start) as start_value,
        max(year) filter (where is_usable) as latest_year,
        arg_max(value, year) filter (where is_usable) as latest_value,
        max(year) filter (where is_left_out) as last_year_left_out,
        arg_max(is_anomalous, year) filter (where is_left_out) as is_last_left_out_anomalous
    from observations
    group by lever_id, indicator_id, territory_level, territory_code
)

select
    lever_id,
    indicator_id,
    territory_level,
    territory_code,
    start_year,
    start_value,
    latest_year,
    latest_value,
    if(
        last_year_left_out > coalesce(latest_year, 0),
        'Année ' || last_year_left_out
        || if(is_last_left_out_anomalous, ' impossible', ' incomplète') || ', laissée de côté.',
        null
    ) as left_out_reason
from series
