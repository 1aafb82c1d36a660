{#- The same verdict a year earlier at either end: one that hangs on the year is none. -#}
{#- Where the noise of a series is not known, this share of the start, or its rounding, stands for its margin.
Of the series of regions whose noise is known, three in four have a larger one. -#}
{% set assumed_margin = 0.05 %}
with trajectories as (
    select
        *,
        coalesce(band, greatest(rounding_step, {{ assumed_margin }} * abs(start_value))) as margin
    from {{ ref('int_verdict_trajectories') }}
),

variants as (
    select
        *,
        'main' as variant,
        start_year as from_year,
        start_value as from_value,
        latest_year as to_year,
        latest_value as to_value
    from trajectories
    union all
    select
        *,
        'year_before' as variant,
        start_year as from_year,
        start_value as from_value,
        previous_year as to_year,
        previous_value as to_value
    from trajectories
    where previous_year is not null
    union all
    select
        *,
        'earlier_start' as variant,
        earlier_start_year as from_year,
        earlier_start_value as from_value,
        latest_year as to_year,
        latest_value as to_value
    from trajectories
    where earlier_start_value is not null and start_origin = 'series'
),

aimed as (
    select
        *,
        if(
            no_target_reason is null,
            coalesce(target_level, from_value + target_change, from_value * target_ratio),
            null
        ) as aim
    from variants
),

placed as (
    select
        *,
        case
            when improvement * (aim - from_value) <= 0 then aim
            else
                from_value
                + (aim - from_value) * least((to_year - from_year) / (target_year - from_year), 1)
        end as path_value
    from aimed
),

-- A movement or a lag as small as the margin is none; 1e-9 of it forgives the arithmetic of decimals.
standings as (
    select
        *,
        case
            when to_value is null or aim is null or from_value is null or to_year <= from_year then null
            when improvement * (to_value - aim) >= 0 then 'target_reached'
            when abs(to_value - from_value) <= margin * (1 + 1e-9) then 'stable'
            when improvement * (to_value - from_value) < 0 then 'wrong_direction'
            when improvement * (to_value - path_value) >= -margin * (1 + 1e-9) then 'on_track'
            else 'behind'
        end as standing
    from placed
),

robust as (
    select
        *,
        count(standing) over each_line - 1 as variant_count,
        bool_or(standing = 'wrong_direction') over each_line
        and bool_or(standing in ('on_track', 'behind', 'stable')) over each_line as direction_hangs_on_year,
        bool_or(standing in ('on_track', 'target_reached')) over each_line
        and bool_or(standing in ('behind', 'wrong_direction')) over each_line as side_hangs_on_year
    from standings
    window each_line as (
        partition by lever_id, indicator_id, basis, territory_level, territory_code, framework_version
    )
)

select
    lever_id,
    indicator_id,
    basis,
    territory_level,
    territory_code,
    framework_version,
    group_id,
    unknown_min,
    unknown_max,
    whole_indicator_id,
    whole_fr,
    lowest_confidence,
    caveat_fr,
    unit,
    improvement,
    start_year,
    start_value,
    start_origin,
    series_start_value,
    latest_year,
    latest_value,
    latest_published_value,
    first_usable_year,
    year_count,
    years_since_start,
    last_year_left_out,
    left_out_because,
    stopped_by_break_year,
    smoothing_years,
    is_heating,
    is_climate_corrected,
    completeness_pct,
    dataset_id,
    band,
    margin,
    target_year,
    target_value,
    no_target_reason,
    path_value,
    if(
        certain_share < 1 and target_change is not null,
        start_value + certain_share * (path_value - start_value),
        null
    ) as least_path_value,
    ktco2e_per_unit,
    variant_count,
    direction_hangs_on_year,
    side_hangs_on_year,
    case
        when direction_hangs_on_year and standing <> 'target_reached' then 'stable'
        else standing
    end as standing,
    -- A start of the State beside a series that has none is no pace.
    if(
        no_target_reason is null and (start_origin = 'series' or series_start_value is not null),
        (to_value - from_value) / nullif(to_year - from_year, 0),
        null
    ) as pace_observed
from robust
where variant = 'main'
